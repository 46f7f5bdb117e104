"""`python -m bench.one_run ours|bare|judge SIZE FOLDER [ENGINE [OPERATION]]`: one program, once.

A process of its own for each run, so that what is measured includes what every run pays, and no
run finds the one before it in Python's caches. The bare program is to start with nothing that it
wouldn't have anyway: what reads and judges stack files is imported only for ours.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Final

import pulumi
import yaml
from pulumi import automation
from pulumi.runtime import resource as registering
from pulumi.runtime.proto import source_pb2

from sandbox.paths import PROJECT_FILE, Paths
from sandbox.provider_process import provider
from stack.target import Target

STACK: Final = "bench"
NAMESPACE: Final = "alicloud-gateways"
REGION: Final = "cn-shanghai"
_STACK_FILE: Final = f"{STACK}.yaml"
_ADDRESSES, _HOSTS = 20, 50
_FIRST_PORT: Final = 30001
"""Above every port that the rules call risky: nobody's stack has a thousand warnings."""

ROOT: Final = Path(__file__).resolve().parent.parent


def settings(size: int) -> dict[str, Any]:
    """A stack file's settings with so many port mappings, spread over all addresses and hosts."""
    addresses = [f"ip{number:02}" for number in range(1, _ADDRESSES + 1)]
    hosts = {f"ecs{n:02}": f"192.168.{1 + n // 20}.{10 + n % 20}" for n in range(1, _HOSTS + 1)}
    names = [*hosts]
    return {
        "topology": "shared-bandwidth",
        "tags": {"project": NAMESPACE, "env": STACK},
        "quotas": {"dnatEntriesPerGateway": max(100, size)},
        "network": {
            "vpc": {"cidr": "192.168.0.0/16"},
            "vswitches": {"apps": {"cidr": "192.168.0.0/20", "zone": "cn-shanghai-a"}},
            "hosts": {key: {"ip": ip, "vswitch": "apps"} for key, ip in hosts.items()},
        },
        "sharedBandwidth": {
            "bandwidth": 150,
            # One chain of entries, as in the bare program.
            "natGateway": {"name": "BenchNatGW", "vswitch": "apps", "lanes": 1},
            "publicIps": {key: {} for key in addresses},
            "portMappings": {
                f"app{index:05}": {
                    "publicIp": addresses[index % _ADDRESSES],
                    "port": _FIRST_PORT + index,
                    "protocol": "udp" if index % 4 == 3 else "tcp",  # noqa: PLR2004 - every fourth
                    "host": names[index % _HOSTS],
                }
                for index in range(size)
            },
            "egress": {"out": {"vswitch": "apps", "publicIps": addresses[-1:]}},
        },
    }


def write_stack_file(size: int, folder: Path) -> Path:
    """Write a stack file as people do, an entry a line."""
    own = {f"{NAMESPACE}:{key}": value for key, value in settings(size).items()}
    file = folder / _STACK_FILE
    config = {"config": {"alicloud:region": REGION, **own}}
    text: str = yaml.safe_dump(config, default_flow_style=None, sort_keys=False, width=1000)
    file.write_text(text, encoding="utf-8")
    return file


def main() -> None:
    """Run what the command line names."""
    what, size, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    match what:
        case "judge":
            json.dump(_judge(folder / _STACK_FILE), sys.stdout)
        case "ours":
            _ours(write_stack_file(size, folder), folder, Path(sys.argv[4]))
        case _:
            _bare(size, folder, Path(sys.argv[4]), *sys.argv[5:])


def _judge(path: Path) -> dict[str, float]:
    """CPU seconds of reading and of judging a stack file."""
    from stack.file.source import Source  # noqa: PLC0415 - not the bare one's
    from stack.stack_file import StackFile  # noqa: PLC0415 - as above
    from topologies import TOPOLOGIES  # noqa: PLC0415 - as above

    began = time.process_time()
    source = Source.read(path)
    read = time.process_time()
    _ = StackFile(source, STACK, TOPOLOGIES).settings
    return {"reading": read - began, "judging": time.process_time() - read}


def _ours(file: Path, folder: Path, engine: Path) -> None:
    from sandbox.driver import driver  # noqa: PLC0415 - the bare program is not to import it

    with driver(Paths(ROOT, Target(STACK, file, STACK), folder), engine) as running:
        running.preview()


def _bare(size: int, folder: Path, engine: Path, operation: str = "preview") -> None:
    """The bare program, set up as the sandbox's driver would, and run as the SDK runs it.

    The driver brings in the packages that read and judge stack files, which a bare program wouldn't
    have. Nor has it a stack file of any length.
    """
    from bench.bare import run_bare  # noqa: PLC0415 - ours is not to import it

    file = folder / "region-only.yaml"
    file.write_text(f"config:\n  alicloud:region: {REGION}\n", encoding="utf-8")
    paths = Paths(ROOT, Target(STACK, file, STACK), folder)
    paths.prepare()
    # Our own project file demands our settings.
    project = f"name: {NAMESPACE}\nruntime: python\n"
    (paths.work / PROJECT_FILE).write_text(project, encoding="utf-8")
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
            program=lambda: run_bare(settings(size)),
            opts=options,
        )
        # As the driver does: it would cost the bare program more than ours.
        pulumi.log.debug = lambda *_args, **_more: None  # pyright: ignore[reportUnknownLambdaType]
        registering._get_stack_trace = source_pb2.StackTrace  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001
        getattr(stack, operation)(on_output=print, color="never")


if __name__ == "__main__":
    main()
