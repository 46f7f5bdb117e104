"""Everything that has a name is renamed at once, on the real engine."""

import pytest

from tests.lifecycle.conftest import Stack
from tests.renames import EVERYTHING, entries_of, renamed
from tests.stackfiles import settings_of

pytestmark = pytest.mark.engine

# The cloud renames no authorization and no command: the one has no API to go to for a moment, the
# other sets a server's routes once more.
MADE_ANEW = {"api_gateway_vpc_access", "ecs_command", "ecs_invocation"}


def kept(stack: Stack) -> set[tuple[str, str]]:
    """Kinds and ids of all in the cloud that keeps its id over a rename."""
    regions = ("cn-shanghai", "cn-zhangjiakou")
    everything = (one for region in regions for one in stack.cloud.all(region=region))
    return {(one.kind, one.id) for one in everything if one.kind not in MADE_ANEW}


def test_everything_is_renamed_with_was_and_lasts(stack: Stack) -> None:
    stack.write(EVERYTHING)
    stack.succeed("up")
    before = kept(stack)

    stack.write(renamed(EVERYTHING, entries_of(settings_of(EVERYTHING))))
    stack.succeed("up")
    assert kept(stack) == before
    changes = [change.split() for change in stack.changes()]
    assert {kind for operation, kind, _ in changes if operation != "update"} == MADE_ANEW

    stack.succeed("up")
    assert stack.changes() == []
