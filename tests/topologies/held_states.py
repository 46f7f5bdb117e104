"""States as `pulumi stack export` has them, and what can't be changed from one to a stack file."""

from typing import Any

from stack.problems import Problem
from stack.state import StackState
from tests.stackfiles import settings_of
from topologies import change_problems

Held = list[dict[str, Any]]


def held(token: str, name: str, **outputs: object) -> dict[str, Any]:
    """One resource of the state; its id is its name and `-id`."""
    return {
        "urn": f"urn:pulumi:dev::alicloud-gateways::{token}::{name}",
        "type": token,
        "custom": True,
        "id": f"{name}-id",
        "outputs": outputs,
    }


def changes(text: str, state: Held) -> list[Problem]:
    """What can't be changed at once from a state to a stack file that is accepted."""
    return list(change_problems(settings_of(text), StackState({"resources": state})))
