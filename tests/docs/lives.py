"""Which stack files live through which commands in `tests/lifecycle`, on the real engine.

Read from the tests there: what they are parametrized by, and what has to succeed in them.
"""

import inspect
import re
from collections.abc import Callable, Iterator
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

_EACH = re.compile(r'\bsucceed\("(\w+)"')
_OF_ONE = re.compile(r'\bsucceed\("(\w+)", "(\w+)"\)')
_OF_SOME = re.compile(r'for name in \(([^)]*)\):\n.*\bsucceed\("(\w+)", name\)')


def lived() -> set[Step]:
    """Each stack file that a test builds on the engine, with each command that it succeeds in."""
    return {
        *((ROOT / file, command) for file, some in documented.LIVES.items() for command in some),
        *_steps(apis.test_an_example_is_built_stays_unchanged_and_is_destroyed),
        *_steps(private_calls.test_an_example_is_built_stays_unchanged_and_is_destroyed),
        *_steps(
            permissions.test_who_deploys_may_do_all_that_a_stack_takes_and_who_previews_may_look
        ),
        *_named_steps(shared.test_two_applications_come_and_go_on_what_is_shared, shared.EXAMPLE),
    }


def _steps(test: Test) -> Iterator[Step]:
    """Of a test that is parametrized by stack files, or by names of examples."""
    for mark in getattr(test, "pytestmark", ()):
        values: list[Path | str] = mark.args[1]
        for one in values:
            file = one if isinstance(one, Path) else permissions.EXAMPLES[one]
            yield from ((file, command) for command in _EACH.findall(inspect.getsource(test)))


def _named_steps(test: Test, folder: Path) -> Iterator[Step]:
    """Of a test that names the stacks of a folder, one by one or some in a row."""
    text = inspect.getsource(test)
    for command, stack in _OF_ONE.findall(text):
        yield folder / f"Pulumi.{stack}.yaml", command
    for stacks, command in _OF_SOME.findall(text):
        for stack in re.findall(r"\w+", stacks):
            yield folder / f"Pulumi.{stack}.yaml", command
