"""Objects within parameters and answers: what each of their fields is called here, and its type.

Parameters say them as texts of JSON, or one by one: `Tunnel.1.Ike.Psk`. The contract knows the
types of what they state.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from facts.contract import Field
from sandbox.api.refusals import invalid
from sandbox.api.requests import Said
from sandbox.cloud import Attributes, CloudError
from sandbox.cloud.core.name_checks import is_number

__all__ = ["Structure"]


@dataclass(frozen=True)
class Structure:
    """What an object's fields are called, there and here."""

    names: Mapping[str, str]
    inner: Mapping[str, "Structure"] = field(default_factory=dict[str, "Structure"])
    """Objects among its fields, by their names there."""

    def of_json(self, said: Said, parameter: str, known: Field) -> Attributes:
        """The object that a text of JSON is.

        Raises:
            CloudError: it isn't one, or has what isn't known or isn't of its type.
        """
        try:
            found: object = json.loads(said.text(parameter))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise invalid(parameter, "isn't an object in JSON")
        return self._read(cast("dict[str, Any]", found), _of(known), parameter)

    def of_numbered(self, said: Said, parameter: str, known: Field) -> list[Attributes]:
        """The objects of a list that is said one by one.

        Raises:
            CloudError: as above.
        """
        return [
            self._read(_nested(one, parameter), _of(known), parameter)
            for one in said.listed(parameter)
        ]

    def told(self, held: Attributes | None, *, as_text: bool = False) -> dict[str, Any]:
        """The object as an answer has it, without what isn't set.

        Args:
            held: its attributes.
            as_text: whether every value is written as a text there.
        """
        kept: Mapping[str, Any] = held or {}
        told: dict[str, Any] = {}
        for name, attribute in self.names.items():
            value = kept.get(attribute)
            if name in self.inner:
                told[name] = self.inner[name].told(value, as_text=as_text)
            elif value is not None and value != "":
                told[name] = _text(value) if as_text else value
        return told

    def _read(self, said: Mapping[str, Any], known: Mapping[str, Field], where: str) -> Attributes:
        # Two clients of the cloud's own don't agree on the first letter.
        said = {name[:1].upper() + name[1:]: value for name, value in said.items()}
        if unknown := said.keys() - self.names.keys():
            raise CloudError(  # The code is ours.
                "UnsupportedParameter",
                f"This local cloud doesn't know {', '.join(sorted(unknown))} of {where}; it knows "
                f"{', '.join(sorted(self.names))}.",
            )
        return {
            self.names[name]: self._value(name, value, known[self.names[name]], f"{where}.{name}")
            for name, value in said.items()
        }

    def _value(self, name: str, value: object, known: Field, where: str) -> object:
        if name in self.inner:
            if not isinstance(value, dict):
                raise invalid(where, "isn't an object")
            return self.inner[name]._read(cast("dict[str, Any]", value), _of(known), where)  # noqa: SLF001 - its own kind
        if isinstance(value, dict | list):
            raise invalid(where, "isn't a plain value")
        text = _text(value)
        if known.type == "Bool":
            if text not in {"true", "false"}:
                raise invalid(where, "is neither true nor false")
            return text == "true"
        if known.type == "Int":
            if not is_number(text):
                raise invalid(where, f"{text!r} isn't a number")
            return int(text)
        return text


def _of(known: Field) -> Mapping[str, Field]:
    """The fields of the objects that a field holds."""
    assert isinstance(known.elem, Mapping), known.name
    return known.elem


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _nested(flat: Mapping[str, str], where: str) -> dict[str, Any]:
    """`{"Ike.Psk": …}` as an object in an object."""
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        *way, last = path.split(".")
        inner = whole
        for step in way:
            deeper: object = inner.setdefault(step, {})
            if not isinstance(deeper, dict):
                raise invalid(where, f"{step} is an object and a text")
            inner = cast("dict[str, Any]", deeper)
        if last in inner:
            raise invalid(where, f"{last} is said twice")
        inner[last] = value
    return whole
