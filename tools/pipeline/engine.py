"""The `pulumi` on the PATH: which commands a pipeline gives it, and what their endings mean.

Source: Pulumi 3.276, its exit codes (`pkg/cmd/pulumi/cmd/exit_codes.go`); in 3.256 the same.
"""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stack.command_line import ROOT, tell
from stack.target import place_of
from tools.pipeline.previewing import Previewed
from tools.pipeline.shell import Ended, run

CHANGES = 7
"""`--expect-no-changes`, and there were some."""

_FORM = 3
"""The version of the form in which states are exported and imported."""

POLICIES = "policy"
"""The folder of the policy pack."""

_WITH_EVENTS = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Without it the CLI has no `--event-log`; the Automation API sets it for the same reason."""

_READING_THE_FILE = {"config", "import", "preview", "up", "refresh"}
"""What asks Pulumi for the stack file, which it looks for beside the program by itself."""

_SECRETS = {True: ("--show-secrets",), False: ()}
_PLAIN = ("--non-interactive", "--color", "never", "--suppress-progress")


class Engine:
    """One stack, as the engine sees it."""

    def __init__(self, stack: str, tier: str = "") -> None:
        """Talk about this stack, in the backend that the environment names.

        Args:
            stack: its name.
            tier: which of the policies' levels hold for it; those of production unless known.
        """
        self.stack = stack
        self._tier = tier
        self._environment = engine_environment(os.environ)

    def begin(self) -> bool:
        """Make the stack, empty; returns whether that went well, as it doesn't where it is there.

        None is selected: other commands go on to be about the stack that they were about.
        """
        return self._run("stack", "init", "--no-select").code == 0

    def configure(self, values: Mapping[str, str]) -> None:
        """Set plain values of its configuration."""
        for key, value in values.items():
            self._run("config", "set", key, value)

    def make_alone(self, urns: Sequence[str]) -> bool:
        """Make these resources and no others; returns whether that went well."""
        if not urns:
            return True
        targets = [word for urn in urns for word in ("--target", urn)]
        ended = self._run("up", "--yes", "--skip-preview", *targets, *_PLAIN, both=True)
        return ended.code == 0

    def take(self, listed: Mapping[str, Any]) -> Ended:
        """Take what an import file lists into the state. What it has already is left out."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "import.json"
            file.write_text(json.dumps(listed), encoding="utf-8")
            words = ("--file", str(file), "--generate-code=false", "--protect=false")
            return self._run("import", *words, "--yes", "--skip-preview", *_PLAIN, both=True)

    def replace_state(self, state: Mapping[str, Any]) -> None:
        """Put another state, in the form of `state()`, in the place of the one that it has."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "state.json"
            document = {"version": _FORM, "deployment": state}
            file.write_text(json.dumps(document), encoding="utf-8")
            self._run("stack", "import", "--file", str(file))

    def forget(self) -> None:
        """Forget the stack and all that its state has; nothing in the cloud is deleted."""
        self._run("stack", "rm", "--force", "--yes")

    def state(self, *, decrypted: bool = False) -> dict[str, Any] | None:
        """The stack's state; None where there is none to be had."""
        document = self._document("stack", "export", *_SECRETS[decrypted])
        return None if document is None else dict(document.get("deployment") or {})

    def config(self) -> dict[str, str] | None:
        """The stack's configuration, decrypted, by key; None where it can't be had."""
        document = self._document("config", "--json", *_SECRETS[True])
        return document and {key: str(one.get("value", "")) for key, one in document.items()}

    def outputs(self) -> dict[str, Any] | None:
        """What the stack puts out, with "[secret]" for secrets; None where it can't be had."""
        return self._document("stack", "output", "--json")

    def preview(self) -> Previewed:
        """What `up` would do, and what the policies say of it.

        Protection doesn't stop this preview: whoever reads it judges what is touched.
        """
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "events"
            ended = self._run(
                "preview",
                *("--json", "--show-sames", "--show-replacement-steps", "--ignore-protect"),
                *("--event-log", str(log), "--non-interactive"),
                *self._policies(),
                quiet=True,
                more=_WITH_EVENTS,
            )
            events = log.read_text(encoding="utf-8") if log.exists() else ""
        return Previewed(ended, events)

    def up(self) -> Ended:
        """Do it. What it would do has been looked at, so it doesn't look again."""
        return self._run("up", "--yes", "--skip-preview", *self._policies(), *_PLAIN, both=True)

    def settled(self) -> Ended:
        """Whether anything would be left to do: ends with `CHANGES` if so."""
        return self._run("preview", "--diff", "--expect-no-changes", *_PLAIN, both=True)

    def drift(self, without: Sequence[str] = ()) -> Ended:
        """Whether the cloud is as the state says: ends with `CHANGES` if not. Changes nothing.

        Args:
            without: URNs that aren't looked at.
        """
        words = ("refresh", "--preview-only", "--expect-no-changes", "--diff")
        excluded = [word for urn in without for word in ("--exclude", urn)]
        return self._run(*words, *excluded, *_PLAIN, both=True)

    def _policies(self) -> tuple[str, ...]:
        """The policies at the tier's levels. A repository may have taken them out as a whole."""
        if not (ROOT / POLICIES / "PulumiPolicy.yaml").is_file():
            tell(f"There is no policy pack in {POLICIES}/, so no policies are judged.")
            return ()
        levels = f"{POLICIES}/{self._tier}.json"
        chosen = ("--policy-pack-config", levels) if (ROOT / levels).is_file() else ()
        return ("--policy-pack", POLICIES, *chosen)

    def _document(self, *words: str) -> dict[str, Any] | None:
        """What a command prints, which isn't shown."""
        ended = self._run(*words, quiet=True)
        return dict(json.loads(ended.out)) if ended.code == 0 else None

    def _run(
        self,
        *words: str,
        both: bool = False,
        quiet: bool = False,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Ended:
        command = ["pulumi", *words, "--stack", self.stack]
        file = place_of(self.stack, ROOT)
        if file.parent != ROOT and words[0] in _READING_THE_FILE:
            command += ["--config-file", str(file.relative_to(ROOT))]
        return run(command, both=both, quiet=quiet, more={**self._environment, **more})


def engine_environment(given: Mapping[str, str]) -> dict[str, str]:
    """What the engine's environment needs beside what it has.

    A state in a bucket of OSS is reached by the S3 protocol, whose client wants its keys under
    names of its own. They are those that the cloud is used with, unless others are given.
    """
    more = {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    backend = given.get("PULUMI_BACKEND_URL", "")
    if backend.startswith("s3://") and "aliyuncs.com" in backend and not given.get(_AWS_KEY):
        for wanted, ours in _KEYS.items():
            value = given.get(ours)
            if value:
                more[wanted] = value
    return more


_AWS_KEY = "AWS_ACCESS_KEY_ID"
_KEYS = {
    _AWS_KEY: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY": "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "AWS_SESSION_TOKEN": "ALIBABA_CLOUD_SECURITY_TOKEN",
}
