"""Changes of functions that no single update can carry out, whoever holds what."""

from collections.abc import Iterator

from facts import kinds
from stack.network_changes import vswitches_made_anew
from stack.network_holdings import held_vswitch
from stack.problems import Problem
from stack.settings import StackSettings
from stack.state import StackState, StateResource
from topologies.functions.settings import SECTION, FunctionsSettings


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
        was = f"function-{function.was}-function" if function.was is not None else None
        held = state.find(kinds.FUNCTION, f"function-{key}-function", was)
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
