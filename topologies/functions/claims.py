"""What functions hold that only one can have, their names, and changes that no update can do."""

from collections.abc import Iterator
from functools import partial

from facts import kinds
from stack.claims import Claim, Holder, Holdings
from stack.network_claims import held_vswitch, vswitches_made_anew
from stack.problems import KeyPath, Problem
from stack.settings import StackSettings
from stack.state import StackState, StateResource
from topologies.functions.settings import SECTION, FunctionsSettings, function_name
from topologies.names import FUNCTION


def functions_claims(
    settings: StackSettings, section: FunctionsSettings, _state: StackState
) -> Holdings:
    """Names in the cloud. They come from keys, or are given: none passes to another entry."""
    wanted: list[Holder] = []
    for key, function in section.root.items():
        name = function_name(settings.stack, key, function)
        path: KeyPath = (SECTION, key) if function.name is None else (SECTION, key, "name")
        claim = Claim(("function", name), name, clash=partial(_called_alike, path, name))
        wanted.append(Holder((SECTION, key), (claim,), standing=True))
    return Holdings(wanted=tuple(wanted))


def _called_alike(path: KeyPath, name: str, other: Holder, _: Claim) -> Problem:
    rule = f"a function has one name in the cloud; {other.path[-1]} is called {name} already"
    return Problem(path, name, rule, "give one of the two another name")


def functions_changes(
    settings: StackSettings, section: FunctionsSettings, state: StackState
) -> Iterator[Problem]:
    """A function that leaves its network, or goes into a vSwitch that is made anew.

    The provider keeps a network that isn't said any more, and the role with it would be gone.

    A function is replaced with the vSwitches that it is in. One that wasn't in there before would
    be made anew beside the old one, and a name has one function.
    """
    common, anew = settings.common, vswitches_made_anew(settings.common, state)
    for key, function in section.root.items():
        was = f"{FUNCTION}-{function.was}-function" if function.was is not None else None
        held = state.find(kinds.FUNCTION, f"{FUNCTION}-{key}-function", was)
        if held is None:
            continue
        if function.network is None:
            if _lies_in(held):
                yield Problem(
                    (SECTION, key),
                    key,
                    f"a function doesn't leave its network, and {key} is in one",
                    f"give {key} another name, without was: another function is made, the APIs "
                    f"that name it call that one, and {key} is deleted last",
                )
            continue
        for name in function.network.vswitches:
            vswitch = held_vswitch(common, name, state)
            if vswitch is not None and vswitch.id in anew.keys() - _lies_in(held):
                yield Problem(
                    (SECTION, key, "network", "vswitches"),
                    name,
                    f"{key} isn't in {name} yet, which is made anew for another cidr or zone",
                    f"do it in two steps: first change {name} and run up; then put {key} into it "
                    "and run up again",
                )


def _lies_in(function: StateResource) -> set[str]:
    config: dict[str, list[str]] = function.outputs.get("vpcConfig") or {}
    return {*(config.get("vswitchIds") or ())}
