"""The real Pulumi engine, run on this program against the simulated cloud.

The Automation API serves the program from this process; the engine attaches to our provider, which
already runs (`PULUMI_DEBUG_PROVIDERS`). State is a file backend under `.sandbox/`, which is read
without the engine: each start of its CLI takes 0.3 s, and an operation is to be one start.
"""

import logging
import os
import runpy
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import grpc
import pulumi
import pulumi.automation as auto
from pulumi.runtime import _grpc_settings as grpc_settings
from pulumi.runtime import resource as registering
from pulumi.runtime.proto import source_pb2
from semver import VersionInfo
from typing_extensions import override

from facts import kinds
from sandbox.accounts import EngineRefusedError, Held
from sandbox.engine.versions import OLDEST_VERSION
from sandbox.language_host import no_program
from sandbox.news import News, tell_unless_elsewhere
from sandbox.paths import BIN, PROJECT_FILE, Paths, backend
from sandbox.provider_process import provider
from stack.command_line import tell
from stack.pulumi_wire import name_of
from topologies.program import STACK_FILE_VARIABLE, warnings_told

OnEvent = Callable[[auto.EngineEvent], object]
OnOutput = Callable[[str], object]
_Result = TypeVar("_Result")

_ALL_TO_BE_SEEN = {
    # What is bound to what is known from what stays, too.
    "PULUMI_OPTION_SHOW_SAMES": "true",
    # Without these steps, what goes along with a replaced resource isn't in the document.
    "PULUMI_OPTION_SHOW_REPLACEMENT_STEPS": "true",
    # A preview stops at the first protected resource otherwise, and says nothing of the rest.
    "PULUMI_OPTION_IGNORE_PROTECT": "true",
}
"""Flags of `pulumi preview` that the Automation API has no argument for."""

_WRITTEN_ONCE = {"PULUMI_SKIP_CHECKPOINTS": "true"}
"""The state is written when the run has ended, well or not, and not whole before and after each
step, which is where the time of many steps goes. A run that is killed then leaves it as it was."""


# One process runs several engines, one after the other. gRPC would share what it knows of a port,
# and where an engine has gone and another one came, fail without a try.
grpc_settings._GRPC_CHANNEL_OPTIONS.append(("grpc.use_local_subchannel_pool", 1))  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001


def _unsaid(*_said: object, **_more: object) -> None:
    """Do nothing."""


# The SDK tells the engine of each resource what is shown with `--debug` alone, and waits for each
# answer: a sixth of what a run of 470 resources costs.
pulumi.log.debug = _unsaid

# Nor is the engine told from where in the program each resource is registered, frame by frame: it
# writes all of it into the state, at each step, a fifth of what an up of 470 new resources costs.
# An SDK that calls this otherwise tells it again.
registering._get_stack_trace = source_pb2.StackTrace  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001

_FORM = 3
"""The version of the form in which states are exported and imported."""


@dataclass(frozen=True)
class PolicyPack:
    """A policy pack, and its configuration."""

    folder: Path
    configuration: Path


@dataclass(frozen=True)
class Apart:
    """What a run on copies has otherwise than the sandbox's own."""

    cloud: AbstractContextManager[int]
    """Yields the port of its provider."""

    say: OnOutput
    """Takes what the engine says as it goes."""

    passphrase: str = ""
    """Of the secrets in its state."""

    config: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the program is given beside what the copy of the stack file says."""

    from_nothing: bool = False
    """Whether its state is empty, so that no step of an update can spoil it: where one replaces or
    deletes, the engine finds out only as it writes the state after it."""


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


class Driver(Held):
    """One stack of the sandbox, ready for operations. Made by `driver`."""

    def __init__(
        self,
        paths: Paths,
        stack: auto.Stack,
        policy: PolicyPack | None = None,
        say: OnOutput = tell,
    ) -> None:
        """Keep what operations need; `say` takes what the engine says as it goes."""
        super().__init__(paths)
        self.stack = stack
        self._say = say
        self._judged_by: dict[str, Any] = {
            "policy_packs": [str(policy.folder)] if policy else None,
            "policy_pack_configs": [str(policy.configuration)] if policy else None,
        }

    @override
    def deployment(self) -> dict[str, Any]:
        """The state as it is now: operations change it."""
        return self._now()

    def up(self, on_event: OnEvent | None = None) -> None:
        """Make the cloud as the stack file says; `on_event` is told each step."""
        replace = self._to_replace()
        self._quietly(self.stack.up, on_event, replace=replace, **self._judged_by)

    def preview(self, on_event: OnEvent | None = None) -> auto.PreviewResult:
        """Show what `up` would do; `on_event` is told each step as the engine tells it."""
        replace = self._to_replace()
        return self._quietly(self.stack.preview, on_event, replace=replace, **self._judged_by)

    def preview_json(self) -> tuple[str, bool]:
        """What `up` would do, as the engine's JSON document, and whether the preview succeeded.

        A document that tells why it failed is one as well.
        """
        lines: list[str] = []
        succeeded = True
        try:
            with self._flagged(_ALL_TO_BE_SEEN):
                self.stack.preview(
                    replace=self._to_replace(),
                    on_output=lines.append,
                    on_error=tell,
                    json=True,
                    **self._judged_by,
                )
        except (auto.CommandError, RuntimeError):
            # The document holds the engine's reason. (The SDK's error repeats it whole.)
            if not lines:
                raise
            succeeded = False
        return "\n".join(lines), succeeded

    @contextmanager
    def _flagged(self, flags: Mapping[str, str]) -> Generator[None]:
        """Give the engine flags of its environment, meanwhile."""
        workspace = self.stack.workspace
        before = workspace.env_vars
        workspace.env_vars = {**before, **flags}
        try:
            yield
        finally:
            workspace.env_vars = before

    def refresh(self, on_event: OnEvent | None = None) -> None:
        """Make the state as the cloud is; `on_event` is told each step."""
        self._quietly(self.stack.refresh, on_event)

    def look(self, on_event: OnEvent | None = None) -> None:
        """Show what `refresh` would write; neither cloud nor state is touched."""
        self._quietly(self.stack.preview_refresh, on_event)

    def destroy(self) -> None:
        """Delete everything; the program runs too: it has what is done where the cloud is busy.

        What was deleted by a run that is killed is in the state still, and the lock with it:
        recovery looks each resource up, and a delete of what is gone ends well.
        """
        with self._flagged(_WRITTEN_ONCE):
            self._quietly(self.stack.destroy, run_program=True)

    def make_alone(self, urns: Sequence[str]) -> None:
        """Make these resources and no others."""
        if urns:
            self._quietly(self.stack.up, target=[*urns])

    def adopt(self, listed: Mapping[str, Any], on_output: OnOutput | None = None) -> None:
        """Take the resources that a `pulumi import` file lists into the state."""
        with no_program(self.paths.work / PROJECT_FILE):
            self.stack.import_resources(
                resources=listed["resources"],
                name_table=dict(listed.get("nameTable", {})),
                protect=False,
                generate_code=False,
                on_output=on_output or tell,
            )

    def _quietly(
        self, operation: Callable[..., _Result], on_event: OnEvent | None = None, **more: object
    ) -> _Result:
        """Run an operation of the engine's that says what changes, and nothing else.

        Outputs are compared line by line otherwise: one mapping more among 400 is 4,000 lines.
        """
        say = News(self._say)
        with warnings_told():
            return operation(
                on_output=say,
                on_error=say,
                on_event=on_event,
                color=_color(),
                suppress_outputs=True,
                suppress_progress=True,
                **more,
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
            self._say(f"{name_of(urn)} failed in its server; it is run anew.")
        return failed

    def replace_deployment(self, deployment: dict[str, Any]) -> None:
        """Put another state in its place."""
        with _said():
            self.stack.import_stack(auto.Deployment(version=_FORM, deployment=deployment))

    def unlock(self) -> None:
        """Take away what keeps others from the state. Whoever asks knows that no run is alive."""
        with _said():
            self.stack.cancel()


def _failed(resource: Mapping[str, Any]) -> bool:
    """Whether a command failed; a refresh forgets the error, and keeps the status."""
    outputs: Mapping[str, Any] = resource.get("outputs") or {}
    return bool(resource.get("initErrors")) or outputs.get("status") == "Failed"


@contextmanager
def driver(
    paths: Paths, engine: Path, policy: PolicyPack | None = None, apart: Apart | None = None
) -> Generator[Driver]:
    """A driver of one stack, with its cloud running.

    Args:
        paths: the stack's.
        engine: the Pulumi CLI.
        policy: a pack that judges what is previewed and done.
        apart: what a run on copies has otherwise.
    """
    paths.prepare()
    logging.getLogger("grpc._server").addFilter(_is_news)
    cloud = apart.cloud if apart else provider(paths.cloud, paths.root)
    with _named(paths.target.file), cloud as port:
        workspace = auto.LocalWorkspace(
            work_dir=str(paths.work),
            program=lambda: _program(paths.root, apart.config if apart else {}),
            pulumi_home=str(paths.home),
            pulumi_command=Engine(engine),
            env_vars={
                **_environment(
                    paths, port, apart.passphrase if apart else "", with_plugins=policy is not None
                ),
                **(_WRITTEN_ONCE if apart and apart.from_nothing else {}),
            },
        )
        if not paths.checkpoint.exists():
            with _said():
                workspace.create_stack(paths.target.stack)
        say = apart.say if apart else tell_unless_elsewhere
        yield Driver(paths, _Stack(paths.target.stack, workspace), policy, say)


@contextmanager
def _named(file: Path) -> Generator[None]:
    """Name the stack file to the program, which runs in this process, and to nobody after it."""
    before = os.environ.get(STACK_FILE_VARIABLE)
    os.environ[STACK_FILE_VARIABLE] = str(file)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(STACK_FILE_VARIABLE, None)
        else:
            os.environ[STACK_FILE_VARIABLE] = before


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it isn't the program, finding the engine gone that has told why it ended."""
    return not (record.exc_info and isinstance(record.exc_info[1], grpc.RpcError))


class _Stack(auto.Stack):
    """A stack of which nothing is asked that its state's file tells.

    The SDK's own selects it first, though each command names it, and asks after each operation for
    its outputs, twice, and for its history: four starts of the CLI.
    """

    def __init__(  # pyright: ignore[reportMissingSuperCall]
        self, name: str, workspace: auto.LocalWorkspace
    ) -> None:
        """Take a stack that is there."""
        self.name = name
        self.workspace = workspace

    @override
    def outputs(self) -> auto.OutputMap:
        return {}

    @override
    def info(self, show_secrets: bool = True) -> auto.UpdateSummary:
        return auto.UpdateSummary("unasked", datetime.now(UTC), "", {}, {}, "unasked")


def environment(paths: Paths, passphrase: str = "") -> dict[str, str]:
    """Where the engine finds things. The sandbox has no secrets worth a passphrase."""
    return {
        "PULUMI_BACKEND_URL": backend(paths.state),
        "PULUMI_CONFIG_PASSPHRASE": passphrase,
        # Ours is attached already; the real one isn't wanted here.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # The stack file is copied anew for each run, without the salt that the engine writes there.
        # From a new one it would derive another key, which takes 0.2 s of CPU, and encrypt anew
        # what hasn't changed.
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
    }


def _environment(paths: Paths, port: int, passphrase: str, *, with_plugins: bool) -> dict[str, str]:
    more = {"PULUMI_DEBUG_PROVIDERS": f"alicloud:{port}"}
    if with_plugins:
        # The language host there starts the policy pack; the program itself is served from here.
        more["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    return {**environment(paths, passphrase), **more}


class Engine(auto.PulumiCommand):
    """The SDK's handle on an executable, which may have any name; its own looks for `pulumi`."""

    def __init__(self, executable: Path) -> None:  # pyright: ignore[reportMissingSuperCall]
        """Take it as it is: whether it is new enough was judged when it was found."""
        self.command = str(executable)
        self.version = VersionInfo.parse(OLDEST_VERSION)  # which it has, or a newer one


def _program(root: Path, config: Mapping[str, str]) -> None:
    for key, value in config.items():
        pulumi.runtime.set_config(key, value)
    runpy.run_path(str(root / "__main__.py"), run_name="__main__")


def _color() -> str:
    return "always" if sys.stderr.isatty() else "never"
