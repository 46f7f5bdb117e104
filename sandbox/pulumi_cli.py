"""`sandbox/bin/pulumi`: the Pulumi CLI itself, with every flag, on the simulated cloud.

`make up` is made for the sandbox. This is made for what is written for real
accounts: a pipeline, a page of the manual. Both run the same engine, provider and program.

It only sets the environment and becomes the CLI. The engine then finds two plugins in
`sandbox/bin`, which is first on its PATH: the language host that runs the program, and the
provider. All stacks are in one account: one cloud, and one state backend unless the user has chosen
another.
"""

import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import NoReturn

from sandbox.engine import EngineMissing, find_engine
from sandbox.paths import BIN, backend, make_private, sandbox_folder
from stack.command_line import ROOT

CLOUD_VARIABLE = "ALICLOUD_GATEWAYS_CLOUD"
"""Names the simulated cloud's file; `.sandbox/account/cloud.db` unless given."""


def main() -> NoReturn:
    """Become the CLI, or end with the reason why there is none."""
    try:
        engine = find_engine(_tell)
    except EngineMissing as missing:
        sys.exit(str(missing))
    environment = account(os.environ, sandbox_folder(ROOT) / "account")
    # One process less: signals and the exit code are the CLI's own.
    os.execve(engine, [str(engine), *sys.argv[1:]], environment)  # noqa: S606


def account(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The CLI's environment: what the user has set counts, the rest is an account in `folder`."""
    made: dict[str, str] = {**environment}
    make_private(folder)
    made["PATH"] = os.pathsep.join([str(BIN), environment.get("PATH", "")])
    # Other plugins than ours aren't wanted, and couldn't be had without network.
    made["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
    made["PULUMI_SKIP_UPDATE_CHECK"] = "true"
    made.setdefault("PULUMI_HOME", str(folder / "pulumi-home"))
    made.setdefault(CLOUD_VARIABLE, str(folder / "cloud.db"))
    if "PULUMI_CONFIG_PASSPHRASE_FILE" not in made:
        made.setdefault("PULUMI_CONFIG_PASSPHRASE", "")  # the sandbox has no secrets worth one
    _choose_backend(made, folder / "state")
    for key in ("PULUMI_HOME", CLOUD_VARIABLE):
        parent = Path(made[key]) if key == "PULUMI_HOME" else Path(made[key]).parent
        parent.mkdir(parents=True, exist_ok=True)
    return made


def _choose_backend(made: MutableMapping[str, str], state: Path) -> None:
    """The account's own backend, unless a variable or `pulumi login` has chosen one."""
    logged_in = (Path(made["PULUMI_HOME"]) / "credentials.json").exists()
    if "PULUMI_BACKEND_URL" not in made and not logged_in:
        state.mkdir(parents=True, exist_ok=True)
        made["PULUMI_BACKEND_URL"] = backend(state)


def _tell(line: str) -> None:
    """Progress is told only while an engine is made, which takes minutes."""
    if sys.stderr.isatty() or "making" in line:
        print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
