"""`python -m bench.previewed ours|bare SIZE FOLDER ENGINE`: one preview on the real engine.

The sandbox's provider runs in a process of its own, as ever. Ours goes through the sandbox's
driver. The bare program sets up the same by itself: the driver brings in the packages that read
and judge stack files, which a bare program wouldn't have. Nor has it a stack file of any length.
"""

import argparse
import os
import sys
from pathlib import Path

from pulumi import automation

from bench.workload import NAMESPACE, REGION, STACK, STACK_FILE, workload
from sandbox.paths import PROJECT_FILE, Paths
from sandbox.provider_process import provider
from stack.target import Target

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Preview the program that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench.previewed")
    parser.add_argument("program", choices=("ours", "bare"))
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("engine", type=Path)
    parser.add_argument("place", type=Path)
    options = parser.parse_args()
    if options.program == "ours":
        _ours(options.folder, options.engine, options.place)
    else:
        _bare(options.size, options.engine, options.place)


def _ours(folder: Path, engine: Path, place: Path) -> None:
    from sandbox.driver import driver  # noqa: PLC0415 - the bare program is not to import it

    paths = Paths(ROOT, Target(STACK, folder / STACK_FILE, STACK), place)
    with driver(paths, engine) as running:
        running.preview()


def _bare(size: int, engine: Path, place: Path) -> None:
    from bench.bare import run_bare  # noqa: PLC0415 - ours is not to import it

    file = place / "region-only.yaml"
    file.write_text(f"config:\n  alicloud:region: {REGION}\n", encoding="utf-8")
    paths = Paths(ROOT, Target(STACK, file, STACK), place)
    paths.prepare()
    # Our own project file demands our settings.
    (paths.work / PROJECT_FILE).write_text(
        f"name: {NAMESPACE}\nruntime: python\n", encoding="utf-8"
    )
    os.environ["PATH"] = os.pathsep.join([str(engine.parent), os.environ["PATH"]])
    with provider(paths.cloud, ROOT) as port:
        command = automation.PulumiCommand()
        command.command = str(engine)
        options = automation.LocalWorkspaceOptions(
            work_dir=str(paths.work),
            pulumi_home=str(paths.home),
            pulumi_command=command,
            env_vars={
                "PULUMI_BACKEND_URL": paths.state.as_uri(),
                "PULUMI_CONFIG_PASSPHRASE": "",
                "PULUMI_DEBUG_PROVIDERS": f"alicloud:{port}",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
            },
        )
        stack = automation.create_or_select_stack(
            stack_name=STACK,
            project_name=NAMESPACE,
            program=lambda: run_bare(workload(size)),
            opts=options,
        )
        stack.preview(on_output=_tell, color="never")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
