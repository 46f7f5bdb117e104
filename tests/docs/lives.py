"""Which stack files live through which commands in `tests/lifecycle`, on the real engine.

Read from the tests there: what they are parametrized by, and what has to succeed in them.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.docs.pages import ROOT
from tests.lifecycle import test_api_gateway as apis
from tests.lifecycle import test_documented_stacks as documented
from tests.lifecycle import test_permissions as permissions
from tests.lifecycle import test_private_calls as private_calls
from tests.lifecycle import test_shared_stacks as shared

Step = tuple[Path, str]
"""A stack file as it stands in the repository, and a command of the sandbox."""

Test = Callable[..., None]


def lived() -> set[Step]:
    """Each stack file that a test builds on the engine, with each command that it succeeds in."""
    return {
        *((ROOT / file, command) for file, some in documented.LIVES.items() for command in some),
        *_steps(apis.test_an_example_is_built_stays_unchanged_and_is_destroyed),
        *_steps(private_calls.test_an_example_is_built_stays_unchanged_and_is_destroyed),
        *_steps(
            permissions.test_who_deploys_may_do_all_that_a_stack_takes_and_who_previews_may_look
        ),
        *_steps(shared.test_two_applications_come_and_go_on_what_is_shared),
    }


def _steps(test: Test) -> Iterator[Step]:
    text = inspect.getsource(test)
    commands = re.findall(r'\bsucceed\("(\w+)"', text)
    assert commands, f"{test.__name__} runs nothing that has to succeed"
    for file in _files(test, text):
        yield from ((file, command) for command in commands)


def _files(test: Test, text: str) -> Iterable[Path]:
    """What it is parametrized by; otherwise the example's files that it speaks of."""
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            values: list[Path | str] = mark.args[1]
            return [one if isinstance(one, Path) else permissions.EXAMPLES[one] for one in values]
    files = shared.EXAMPLE.glob("Pulumi.*.yaml")
    return [file for file in files if f'"{file.name.split(".")[1]}"' in text]
