"""The real Pulumi engine, run on this program against the simulated cloud.

The Automation API serves the program from this process; the engine attaches to our provider, which
already runs (`PULUMI_DEBUG_PROVIDERS`). State is a file backend under `.sandbox/`.
"""

import os
import runpy
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pulumi.automation as auto
from semver import VersionInfo

from sandbox.engine.versions import ask_version
from sandbox.no_program import no_program
from sandbox.paths import BIN, PROJECT_FILE, Paths, backend
from sandbox.policies import PolicyPack
from sandbox.provider_process import provider
from stack import kinds
from stack.held import HeldState
from tools.command_line import tell
from topologies.program import STACK_FILE_VARIABLE

OnEvent = Callable[[auto.EngineEvent], object]
OnOutput = Callable[[str], object]

_ALL_TO_BE_SEEN = {
    # Without these steps, what goes along with a replaced resource isn't in the document.
    "PULUMI_OPTION_SHOW_REPLACEMENT_STEPS": "true",
    # A preview stops at the first protected resource otherwise, and says nothing of the rest.
    "PULUMI_OPTION_IGNORE_PROTECT": "true",
}
"""Flags of `pulumi preview` that the Automation API has no argument for."""


class EngineRefusedError(Exception):
    """The engine failed at what it doesn't tell of as it goes; `str()` is what it said."""


def is_locked(error: auto.CommandError) -> bool:
    """Whether the engine gave up because a run, or one that was killed, holds the state."""
    return isinstance(error, auto.ConcurrentUpdateError) or "currently locked" in str(error)


@contextmanager
def _said() -> Generator[None]:
    """Keep the engine's own words, where nobody has seen them yet."""
    try:
        yield
    except auto.CommandError as error:
        if is_locked(error):
            raise
        raise EngineRefusedError(str(error).rpartition("\n stderr: ")[2].strip()) from None


class Driver:
    """One stack of the sandbox, ready for operations. Made by `driver`."""

    def __init__(
        self, paths: Paths, stack: auto.Stack, policy: PolicyPack | None = None, *, is_new: bool
    ) -> None:
        """Keep what operations need. A new stack holds nothing, so it needn't be asked."""
        self.paths = paths
        self.stack = stack
        self._policies = [str(policy.folder)] if policy else None
        self._policy_files = [str(policy.configuration)] if policy else None
        self._exported = auto.Deployment(version=3, deployment={}) if is_new else None

    def up(self) -> auto.UpResult:
        """Make the cloud as the stack file says."""
        to_replace = self._to_replace()
        self._exported = None
        return self.stack.up(
            replace=to_replace,
            on_output=tell,
            on_error=tell,
            color=_color(),
            suppress_outputs=True,
            policy_packs=self._policies,
            policy_pack_configs=self._policy_files,
        )

    def preview(self, on_event: OnEvent | None = None) -> auto.PreviewResult:
        """Show what `up` would do; `on_event` is told each step as the engine tells it."""
        return self.stack.preview(
            replace=self._to_replace(),
            on_output=tell,
            on_error=tell,
            on_event=on_event,
            color=_color(),
            policy_packs=self._policies,
            policy_pack_configs=self._policy_files,
        )

    def preview_json(self) -> tuple[str, bool]:
        """What `up` would do, as the engine's JSON document, and whether the preview succeeded.

        A document that tells why it failed is one as well.
        """
        workspace = self.stack.workspace
        before = workspace.env_vars
        workspace.env_vars = {**before, **_ALL_TO_BE_SEEN}
        lines: list[str] = []
        succeeded = True
        try:
            self.stack.preview(
                replace=self._to_replace(),
                on_output=lines.append,
                on_error=tell,
                json=True,
                policy_packs=self._policies,
                policy_pack_configs=self._policy_files,
            )
        except (auto.CommandError, RuntimeError):
            # The document holds the engine's reason. (The SDK's error repeats it whole.)
            if not lines:
                raise
            succeeded = False
        finally:
            workspace.env_vars = before
        return "\n".join(lines), succeeded

    def refresh(self) -> auto.RefreshResult:
        """Make the state as the cloud is."""
        self._exported = None
        return self.stack.refresh(
            on_output=tell, on_error=tell, color=_color(), suppress_outputs=True
        )

    def destroy(self) -> auto.DestroyResult:
        """Delete everything."""
        self._exported = None
        return self.stack.destroy(
            on_output=tell, on_error=tell, color=_color(), suppress_outputs=True
        )

    def adopt(self, listed: Mapping[str, Any], on_output: OnOutput | None = None) -> None:
        """Take the resources that a `pulumi import` file lists into the state."""
        self._exported = None
        with no_program(self.paths.work / PROJECT_FILE):
            self.stack.import_resources(
                resources=listed["resources"],
                name_table=dict(listed.get("nameTable", {})),
                protect=False,
                generate_code=False,
                on_output=on_output or tell,
            )

    def _to_replace(self) -> list[str]:
        """URNs of commands that ran and failed inside a server.

        The state has them, with their error. An update can't run them again, only another one can.
        """
        failed = [
            str(resource["urn"])
            for resource in self.deployment().get("resources") or ()
            if resource["type"] == kinds.INVOCATION and _failed(resource)
        ]
        for urn in failed:
            tell(f"{urn.rsplit('::', 1)[-1]} failed in its server; it is run anew.")
        return failed

    def state(self) -> HeldState:
        """What the state holds."""
        return HeldState(self.deployment())

    def deployment(self) -> dict[str, Any]:
        """The state itself, as `pulumi stack export` has it."""
        return dict(self._export().deployment or {})

    def replace_deployment(self, deployment: dict[str, Any]) -> None:
        """Put another state in its place."""
        version = self._export().version
        self._exported = None
        with _said():
            self.stack.import_stack(auto.Deployment(version=version, deployment=deployment))

    def unlock(self) -> None:
        """Take away what keeps others from the state. Whoever asks knows that no run is alive."""
        with _said():
            self.stack.cancel()

    def _export(self) -> auto.Deployment:
        """Asked of the CLI once, until an operation of ours changes it: each look starts one."""
        if self._exported is None:
            with _said():
                self._exported = self.stack.export_stack()
        return self._exported


def _failed(resource: Mapping[str, Any]) -> bool:
    """Whether a command failed; a refresh forgets the error, and keeps the status."""
    outputs: Mapping[str, Any] = resource.get("outputs") or {}
    return bool(resource.get("initErrors")) or outputs.get("status") == "Failed"


@contextmanager
def driver(paths: Paths, engine: Path, policy: PolicyPack | None = None) -> Generator[Driver]:
    """A driver of one stack, with its cloud running.

    Args:
        paths: the stack's.
        engine: the Pulumi CLI.
        policy: a pack that judges what is previewed and done.
    """
    paths.prepare()
    os.environ[STACK_FILE_VARIABLE] = str(paths.target.file)
    with provider(paths.cloud, paths.root) as port:
        workspace = auto.LocalWorkspace(
            work_dir=str(paths.work),
            program=lambda: _program(paths.root),
            pulumi_home=str(paths.home),
            pulumi_command=Engine(engine),
            env_vars=_environment(paths, port, with_plugins=policy is not None),
        )
        stack, is_new = _selected(paths.target.stack, workspace)
        yield Driver(paths, stack, policy, is_new=is_new)


def _selected(name: str, workspace: auto.LocalWorkspace) -> tuple[auto.Stack, bool]:
    """The stack, and whether it had to be made."""
    with _said():
        try:
            return auto.Stack.select(name, workspace), False
        except auto.StackNotFoundError:
            return auto.Stack.create(name, workspace), True


def _environment(paths: Paths, port: int, *, with_plugins: bool) -> dict[str, str]:
    environment = {
        "PULUMI_BACKEND_URL": backend(paths.state),
        "PULUMI_CONFIG_PASSPHRASE": "",  # the sandbox has no secrets worth one
        "PULUMI_DEBUG_PROVIDERS": f"alicloud:{port}",
        # Ours is attached already; the real one isn't wanted here.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    if with_plugins:
        # The language host there starts the policy pack; the program itself is served from here.
        environment["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    return environment


class Engine(auto.PulumiCommand):
    """The SDK's handle on an executable, which may have any name; its own looks for `pulumi`."""

    def __init__(self, executable: Path) -> None:  # pyright: ignore[reportMissingSuperCall]
        """Take it as it is: whether it is new enough was judged when it was found."""
        self.command = str(executable)
        major, minor, patch, _ = ask_version(executable)
        self.version = VersionInfo(major, minor, patch)


def _program(root: Path) -> None:
    runpy.run_path(str(root / "__main__.py"), run_name="__main__")


def _color() -> str:
    return "always" if sys.stderr.isatty() else "never"
