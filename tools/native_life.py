"""`make native-life`: a stack's whole life by the pulumi on the PATH and the real plugin.

Up, up again, refresh, up again and destroy, on a local cloud that is made for it: what is to change
nothing changes nothing, and nothing is left. The stack file is used as it is: the environment alone
leads the plugin here, by keys, endpoints and the certificate's authority.

Ends with 1 where something isn't as it should be, and with 3 where pulumi or the plugin isn't at
hand, and nothing was tried.
"""

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

import yaml

from facts.kinds import STACK
from judging.account.transport import ENDPOINT
from sandbox.accounts import Held, account_of
from sandbox.cloud import Store
from sandbox.paths import (
    BIN,
    PROJECT_FILE,
    SANDBOX_VARIABLE,
    Paths,
    backend,
    make_private,
    sandbox_folder,
)
from stack.command_line import DONE, FAILED, ROOT, add_stack_options, command, tell
from stack.naming import NAMESPACE
from stack.problems import NotDoneError
from stack.stack_file import StackFile
from stack.target import Target, said_to_make, target
from tools.pipeline.engine import CHANGES
from tools.pipeline.shell import run
from tools.sandbox.rehearsing import have_as_said
from topologies import TOPOLOGIES
from topologies.program import STACK_FILE_VARIABLE

NOT_AT_HAND: Final = 3
"""How it ends where what it needs isn't there."""

PLUGIN: Final = "pulumi-resource-alicloud"
_PROVIDER: Final = "alicloud"

_PLAIN: Final = ("--non-interactive", "--color", "never", "--suppress-progress")
_AT_ONCE: Final = ("--yes", "--skip-preview", *_PLAIN)
_UP: Final = ("up", *_AT_ONCE)
_UNCHANGED: Final = "--expect-no-changes"

_THEIRS: Final = ("ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_", "TF_ENDPOINT_PATH")
_PROXIES: Final = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})

_BESIDE: Final = ("KMS", "SLS", "TAG")
"""What the program's resources and the provider itself ask beside what is served: here all the
same, so that no call leaves this machine."""


class NotAtHandError(NotDoneError):
    """What a life takes isn't there; `str()` says what, and how to have it."""


@command("native-life", __doc__, add_stack_options)
def main(options: argparse.Namespace) -> int:
    """Lead the life of the stack that the command line names; returns the exit code."""
    found = target(options.stack, options.config, ROOT)
    tell(f"Local cloud: {found.stack}, by the pulumi on the PATH and its own plugin.")
    try:
        _refuse_without_tools()
    except NotAtHandError as missing:
        tell(str(missing))
        return NOT_AT_HAND
    folder = sandbox_folder(ROOT) / "native" / found.key
    shutil.rmtree(folder, ignore_errors=True)
    config = Path(options.config).resolve() if options.config else None
    given = {"--stack": options.stack, "--config": config}
    which = [word for name, said in given.items() if said for word in (name, str(said))]
    with _life(found, which, folder) as life:
        fault = life.lived()
    if fault:
        tell(f"{fault}\nState, cloud and the cloud's log are in {folder} until the next life.")
        return FAILED
    shutil.rmtree(folder)
    return DONE


def _refuse_without_tools() -> None:
    """Refuse to begin what would end at its first step.

    Raises:
        NotAtHandError: there is no pulumi, or it has no plugin.
    """
    pulumi, wanted = shutil.which("pulumi"), version("pulumi_alicloud")
    if pulumi is None or Path(pulumi).resolve().parent == BIN:
        raise NotAtHandError(
            "A native life takes Pulumi's own CLI, and there is none on the PATH.\n"
            "Install it: https://www.pulumi.com/docs/install\n"
            "make up leads the same life with the simulated plugin, without it."
        )
    if shutil.which(PLUGIN) is None and not _has_plugin(pulumi, wanted):
        raise NotAtHandError(
            f"A native life takes the plugin of Alibaba Cloud, and pulumi has no {wanted}.\n"
            f"Install it: pulumi plugin install resource {_PROVIDER} {wanted}\n"
            "make up leads the same life with the simulated plugin, without it."
        )


def _has_plugin(pulumi: str, wanted: str) -> bool:
    listed = subprocess.run(
        [pulumi, "plugin", "ls", "--json"], capture_output=True, check=False, encoding="utf-8"
    )
    try:
        plugins: list[dict[str, str]] = json.loads(listed.stdout)
    except ValueError:
        return False
    return any(
        (one.get("name"), one.get("kind"), one.get("version")) == (_PROVIDER, "resource", wanted)
        for one in plugins
    )


# --- a life ---------------------------------------------------------------------------------------


@dataclass
class Life:
    """One stack's, in a folder of its own."""

    stack: str
    project: Path
    """Where Pulumi finds its project's file and the stack file, which it writes into."""

    environment: Mapping[str, str]
    store: Store
    log: Path
    """What the cloud was asked."""

    protected: bool
    """Whether the stack is one that nothing can be deleted of."""

    _before: set[tuple[str, str]] = field(init=False)

    def lived(self) -> str:
        """Go through it; returns what is wrong, empty where nothing is."""
        self._before = self._held()
        for fault in self._steps():
            if fault:
                return "\n".join([fault, *self._refusals()])
        return ""

    def _steps(self) -> Iterator[str]:
        yield self._do("a new stack", "stack", "init", self.stack)
        yield self._do("up", *_UP)
        if self._held() <= self._before:
            yield "up: it ended well, and the local cloud has nothing of it: another one was asked."
        yield self._do("up without a change", *_UP, _UNCHANGED)
        yield self._do("refresh", "refresh", *_AT_ONCE, _UNCHANGED)
        yield self._do("up without a change", *_UP, _UNCHANGED)
        if self.protected:
            lower = ("config", "set", f"{NAMESPACE}:tier", "development")
            yield self._do("protected no more", *lower)
            yield self._do("up", *_UP)
        yield self._do("destroy", "destroy", *_AT_ONCE, "--run-program")
        yield self._left()

    def _do(self, step: str, *words: str) -> str:
        began = time.monotonic()
        command_line = ["pulumi", "--cwd", str(self.project), *words]
        if words[:2] != ("stack", "init"):
            command_line += ["--stack", self.stack]
        ended = run(command_line, both=True, more=self.environment)
        print(f"{step}: {time.monotonic() - began:.1f} s", flush=True)
        if ended.code == 0:
            return ""
        what = "something changed" if ended.code == CHANGES else f"pulumi ended with {ended.code}"
        return f"{step}: {what}."

    def _left(self) -> str:
        more = ("--cwd", str(self.project), "--stack", self.stack)
        ended = run(["pulumi", "stack", "export", *more], quiet=True, more=self.environment)
        if ended.code:
            return f"the state at the end: pulumi ended with {ended.code}."
        held: list[dict[str, str]] = json.loads(ended.out)["deployment"].get("resources") or []
        in_state = [one["urn"] for one in held if one["type"] != STACK]
        in_cloud = [f"{kind} {one}" for kind, one in sorted(self._held() - self._before)]
        gone = [f"{kind} {one}" for kind, one in sorted(self._before - self._held())]
        told = {"left in the state": in_state, "left in the cloud": in_cloud, "gone too": gone}
        return "\n".join(f"{what}: {', '.join(those)}" for what, those in told.items() if those)

    def _held(self) -> set[tuple[str, str]]:
        return {(one.kind, one.id) for one in self.store.all()}

    def _refusals(self) -> list[str]:
        """What the cloud refused last."""
        said = self.log.read_text(encoding="utf-8").splitlines()
        refused = [one for one in said if re.match(r"\d\d:\d\d:\d\d ", one) and " OK " not in one]
        return ["The cloud's last refusals:", *refused[-_SHOWN:]] if refused else []


_SHOWN: Final = 10


@contextmanager
def _life(found: Target, which: Sequence[str], folder: Path) -> Generator[Life]:
    file = StackFile(found.file, found.stack, TOPOLOGIES)
    if file.stacks:
        names = ", ".join(file.stacks)
        raise NotDoneError(
            f"{found.file} refers to what other stacks put out ({names}), and a native life is one "
            f"stack's.\nTake one that stands alone, or make up {said_to_make(found, ROOT)}"
        )
    settings = file.settings
    sandbox, project, state = folder / "sandbox", folder / "project", folder / "state"
    for one in (folder, sandbox, project, state):
        make_private(one)
    _write_project(project, found)
    paths = Paths(ROOT, found, sandbox / account_of(found))
    make_private(paths.folder)
    have_as_said(Held(paths), settings)
    log = folder / "cloud.log"
    with _cloud(which, sandbox, log) as exported, closing(Store(paths.cloud)) as store:
        (authority,) = (sandbox / "tls").rglob("ca.pem")
        yield Life(
            stack=found.stack,
            project=project,
            environment={
                **environment(os.environ, exported, authority),
                "PULUMI_BACKEND_URL": backend(state),
                STACK_FILE_VARIABLE: str(found.file.resolve()),
                SANDBOX_VARIABLE: str(sandbox),
            },
            store=store,
            log=log,
            protected=settings.protected,
        )


def _write_project(project: Path, found: Target) -> None:
    """The project as it is, but for where it is: Pulumi writes into the stack file beside it."""
    told = yaml.safe_load((ROOT / PROJECT_FILE).read_text(encoding="utf-8"))
    told["main"] = str(ROOT)
    told["runtime"]["options"]["virtualenv"] = sys.prefix
    (project / PROJECT_FILE).write_text(yaml.safe_dump(told), encoding="utf-8")
    shutil.copyfile(found.file, project / f"Pulumi.{found.stack}.yaml")


def environment(
    given: Mapping[str, str], exported: Mapping[str, str], authority: Path
) -> dict[str, str]:
    """What leads the plugin to the local cloud, and keeps it from every other.

    Args:
        given: the environment that there is.
        exported: what `make cloud` says.
        authority: whom the plugin is to trust.
    """
    hidden = {one: "" for one in given if one.startswith(_THEIRS) or one.lower() in _PROXIES}
    address = exported[f"{ENDPOINT}VPC"]
    asked = {one for one in given if one.startswith(ENDPOINT)}
    endpoints = dict.fromkeys(asked | {f"{ENDPOINT}{one}" for one in _BESIDE}, address)
    more = {} if "PULUMI_CONFIG_PASSPHRASE_FILE" in given else {"PULUMI_CONFIG_PASSPHRASE": ""}
    kept = {one: given[one] for one in more if one in given}
    return {
        **hidden,
        **endpoints,
        **exported,
        **more,
        **kept,
        # Calls about functions name no region: Location tells where each region's are.
        f"{ENDPOINT}FC": "",
        "LOCATION_ENDPOINT": address,
        "SSL_CERT_FILE": str(authority),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


@contextmanager
def _cloud(which: Sequence[str], sandbox: Path, log: Path) -> Generator[dict[str, str]]:
    """The account, served until the block ends: what is exported of it."""
    with (
        log.open("w", encoding="utf-8") as said,
        subprocess.Popen(
            [sys.executable, "-m", "tools", "cloud", *which],
            cwd=ROOT,
            env={**os.environ, SANDBOX_VARIABLE: str(sandbox)},
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as process,
    ):
        try:
            exported = exported_by(process)
            if not exported:
                raise NotDoneError(f"make cloud didn't start:\n{log.read_text(encoding='utf-8')}")
            yield exported
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def exported_by(process: "subprocess.Popen[str]") -> dict[str, str]:
    """What `make cloud` says first, for a shell to evaluate; returns when it is served."""
    exported: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        if not (found := re.fullmatch(r"export (\w+)=(.*)\n", line)):
            break
        (exported[found[1]],) = shlex.split(found[2])
    return exported


if __name__ == "__main__":
    sys.exit(main())
