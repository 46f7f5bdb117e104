"""Changes of functions that no single update can carry out, whoever holds what."""

from collections.abc import Iterator

from stack import kinds
from stack.held import HeldResource, HeldState
from stack.network_changes import vswitches_made_anew
from stack.network_holdings import held_vswitch
from stack.problems import Problem
from stack.settings import StackSettings
from topologies.functions.settings import SECTION, FunctionsSettings


def functions_changes(
    settings: StackSettings, section: FunctionsSettings, state: HeldState
) -> Iterator[Problem]:
    """A function that goes into a vSwitch that is made anew.

    It is replaced with the vSwitches that it is in. One that wasn't in there before would be made
    anew beside the old one, and a name has one function.
    """
    common, anew = settings.common, vswitches_made_anew(settings.common, state)
    for key, function in section.root.items():
        was = f"function-{function.was}-function" if function.was is not None else None
        held = state.find(kinds.FUNCTION, f"function-{key}-function", was)
        if held is None or function.network is None:
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


def _lies_in(function: HeldResource) -> set[str]:
    config: dict[str, list[str]] = function.outputs.get("vpcConfig") or {}
    return {*(config.get("vswitchIds") or ())}
