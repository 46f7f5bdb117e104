"""The official SDK's models as the contract of names and shapes: what each has, and of which type.

They are generated: a constructor with annotated parameters, and `to_map` with their API names.
"""

import inspect
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from tests.sandbox.api.api_lab import MODELS

_PLAIN = re.compile(r"if self\.(\w+) is not None:\n\s+result\['([^']+)'\]")
_LIST = re.compile(r"result\['([^']+)'\] = \[\]\n\s+if self\.(\w+) is not None")
_OF_PYTHON: Mapping[str, type] = {"str": str, "int": int, "bool": bool, "float": float}


@cache
def types_of(model: Any) -> Mapping[str, str]:
    """The API names of a model's fields, each with its type: `str`, `List[str]`, a model's name."""
    source = inspect.getsource(model.to_map)
    names: dict[str, str] = dict(_PLAIN.findall(source))
    names |= {attribute: name for name, attribute in _LIST.findall(source)}
    parameters = inspect.signature(model.__init__).parameters
    return {
        name: str(parameters[attribute].annotation).replace("main_models.", "")
        for attribute, name in names.items()
    }


def request_of(action: str) -> Mapping[str, str]:
    return types_of(getattr(MODELS, f"{action}Request"))


def differences(told: Any, annotation: str, where: str = "") -> list[str]:
    """Where an answer isn't as the models have it."""
    if inner := re.fullmatch(r"List\[(.+)\]", annotation):
        if not isinstance(told, list):
            return [f"{where} isn't a list"]
        rows = cast("list[Any]", told)
        return [d for one in rows for d in differences(one, inner[1], f"{where}[]")]
    if annotation in _OF_PYTHON:
        right = type(told) is _OF_PYTHON[annotation]
        return [] if right else [f"{where}: {told!r} isn't {annotation}"]
    known = types_of(getattr(MODELS, annotation))
    if not isinstance(told, dict):
        return [f"{where} isn't an object"]
    return [
        difference
        for name, value in cast("dict[str, Any]", told).items()
        for difference in (
            differences(value, known[name], f"{where}.{name}")
            if name in known
            else [f"{where}.{name} is unknown"]
        )
    ]
