"""What a program may state: inputs checked against the contract, defaults filled in.

The real provider's plugin does the same before anything runs, so these are mistakes that a
preview finds. Values that aren't known yet pass.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from facts.contract import Contract, Field, camel
from facts.values import Wrong, wrong_values
from sandbox.provider.values import has_unknown

__all__ = ["Checked", "check_inputs"]


@dataclass(slots=True)
class Checked:
    """The inputs with defaults, what is wrong (property, reason), and what is unwise."""

    inputs: dict[str, Any]
    failures: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    warnings: list[str] = field(default_factory=list[str])


def check_inputs(contract: Contract, stated: Mapping[str, Any]) -> Checked:
    """Check what a program states, in `camelCase`, against a resource type."""
    checked = Checked(inputs=dict(stated))
    for name, value in stated.items():
        known = contract.by_camel.get(name)
        if known is None or not known.is_input:
            checked.failures.append((name, _not_an_input(contract, name, known)))
            continue
        if known.deprecated:
            checked.warnings.append(f"{name} of {contract.token} is deprecated")
        wrong = None if has_unknown(value) else next(wrong_values(known, value), None)
        if wrong is not None:
            checked.failures.append((name, _said(wrong)))
        checked.inputs[name] = _with_defaults(known, value)
    for known in contract.inputs.values():
        _check_presence(known, stated, checked)
    return checked


def _said(wrong: Wrong) -> str:
    shown = "" if wrong.value in (None, wrong.path[-1]) else f", got {wrong.value!r}"
    return f"{wrong.name} {wrong.rule}{shown}"


def _not_an_input(contract: Contract, name: str, known: Field | None) -> str:
    if known is not None:
        return f"{name} is answered by the cloud and can't be set on {contract.token}"
    inputs = [one.camel for one in contract.inputs.values()]
    close = difflib.get_close_matches(name, inputs, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"{name} is not an input of {contract.token}{hint}"


def _check_presence(known: Field, stated: Mapping[str, Any], checked: Checked) -> None:
    name = known.camel
    if name in stated:
        for other in map(camel, known.conflicts_with):
            if other in stated:
                checked.failures.append((name, f"{name} and {other} exclude each other"))
    elif known.required:
        checked.failures.append((name, f"{name} is required"))
    elif known.default is not None:
        checked.inputs[name] = known.default
    if known.exactly_one_of:
        choice = [camel(one) for one in known.exactly_one_of]
        if sum(one in stated for one in choice) != 1:
            checked.failures.append((name, f"exactly one of {_list(choice)} must be set"))
    if known.at_least_one_of:
        choice = [camel(one) for one in known.at_least_one_of]
        if not any(one in stated for one in choice):
            checked.failures.append((name, f"at least one of {_list(choice)} must be set"))


def _with_defaults(known: Field, value: object) -> object:
    """The value with what its objects don't state filled in."""
    if known.objects is None:
        return value
    if isinstance(value, list):
        return [_with_defaults(known, one) for one in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    inner = {one.camel: one for one in known.objects.values()}
    filled = {
        name: _with_defaults(inner[name], part) if name in inner else part
        for name, part in cast("dict[str, object]", value).items()
    }
    defaults = {
        name: one.default
        for name, one in inner.items()
        if one.default is not None and filled.get(name) is None
    }
    return {**filled, **defaults}


def _list(words: Iterable[object]) -> str:
    return ", ".join(map(str, words))
