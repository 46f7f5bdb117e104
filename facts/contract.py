"""What the provider's resource types take and answer: the facts of `contract.json`, typed.

Owns names (the cloud's `snake_case` and Pulumi's `camelCase`), allowed values, defaults, what
replaces and what the cloud computes. It doesn't own the cloud's rules (those need other resources;
see `sandbox.cloud`) nor the wording of refusals (see `sandbox.provider`). The facts were dumped
from the real provider, upstream 1.285: an input it doesn't know is a mistake, not a novelty.
"""

import functools
import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

Name = Literal["name", "camel"]
FieldType = Literal["String", "Int", "Float", "Bool", "List", "Set", "Map"]
_FACTS = Path(__file__).with_name("contract.json")


@functools.cache
def camel(snake: str) -> str:
    """`source_vswitch_id` → `sourceVswitchId`, as the Pulumi bridge writes it."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), snake)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a resource type."""

    name: str
    type: FieldType
    required: bool = False
    optional: bool = False
    computed: bool = False
    replaces: bool = False
    deprecated: bool = False
    sensitive: bool = False
    # The real provider ignores some differences of this field; `sandbox.provider` knows which.
    diff_suppressed: bool = False
    default: object = None
    one_of: tuple[str | int, ...] = ()
    # Inclusive. Of the value for numbers, of the length for strings.
    range: tuple[float, float] | None = None
    prefix: str = ""
    # A regular expression, as the provider has it.
    pattern: str = ""
    min_items: int = 0
    max_items: int = 0
    conflicts_with: tuple[str, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    at_least_one_of: tuple[str, ...] = ()
    # What a list holds: fields of an object, or the type of a plain value.
    elem: Mapping[str, "Field"] | FieldType | None = None
    # Pulumi's own name, where it isn't the cloud's in camelCase: its bridge says lists in plural.
    pulumi_name: str = ""
    camel: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "camel", self.pulumi_name or camel(self.name))

    @property
    def is_input(self) -> bool:
        return self.required or self.optional

    @property
    def is_single_object(self) -> bool:
        """A list of at most one object: Pulumi shows the object itself."""
        return self.max_items == 1 and self.type in {"List", "Set"}

    @property
    def objects(self) -> Mapping[str, "Field"] | None:
        """The fields of the objects that it holds, one or many; None when it holds none."""
        return self.elem if isinstance(self.elem, Mapping) else None


def _renamed(fields: Mapping[str, Field], values: Mapping[str, Any], to: Name) -> dict[str, Any]:
    """Values under other names, all the way down; what `fields` don't know is left out."""
    return {
        getattr(field, to): _renamed_value(field, value, to)
        for name, value in values.items()
        if (field := fields.get(name)) is not None
    }


def _renamed_value(field: Field, value: object, to: Name) -> object:
    if field.objects is None:
        return value
    if isinstance(value, list):
        return [_renamed_value(field, item, to) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value  # not known yet
    inner = cast("dict[str, object]", value)
    if to == "camel":
        return _renamed(field.objects, inner, to)
    known = {one.camel: one for one in field.objects.values()}
    # What isn't set in an object has no name in the cloud.
    return _renamed(known, {name: item for name, item in inner.items() if item is not None}, to)


@dataclass(frozen=True, slots=True)
class Contract:
    """One resource type: `kind` is the cloud's word for it, `token` Pulumi's."""

    kind: str
    token: str
    fields: Mapping[str, Field]
    by_camel: Mapping[str, Field]
    inputs: Mapping[str, Field]
    # Fields that the cloud answers, among them inputs that it fills in when they aren't stated.
    computed: Mapping[str, Field]
    # Durations as the provider writes them ("5m0s"), by operation.
    timeouts: Mapping[str, str]

    def to_camel(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Known attributes under their Pulumi names; what the contract doesn't know is left out."""
        return _renamed(self.fields, attributes, "camel")

    def to_snake(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Known properties under the cloud's names; what the contract doesn't know is left out."""
        return _renamed(self.by_camel, properties, "name")


def _read_field(name: str, facts: Mapping[str, Any]) -> Field:
    values = dict(facts)
    for key in ("one_of", "range", "conflicts_with", "exactly_one_of", "at_least_one_of"):
        if key in values:
            values[key] = tuple(values[key])
    elem = values.get("elem")
    if isinstance(elem, dict):
        elem = cast("dict[str, Any]", elem)
        plain = elem.get("type")
        values["elem"] = (
            plain
            if isinstance(plain, str)
            else {inner: _read_field(inner, more) for inner, more in elem.items()}
        )
    return Field(name=name, **values)


def _read_contract(kind: str, facts: Mapping[str, Any]) -> Contract:
    fields = {name: _read_field(name, more) for name, more in facts["fields"].items()}
    return Contract(
        kind=kind,
        token=facts["token"],
        fields=fields,
        by_camel={one.camel: one for one in fields.values()},
        inputs={name: one for name, one in fields.items() if one.is_input},
        computed={name: one for name, one in fields.items() if one.computed},
        timeouts=facts.get("timeouts", {}),
    )


KINDS: Mapping[str, Contract] = {
    kind: _read_contract(kind, facts)
    for kind, facts in json.loads(_FACTS.read_text(encoding="utf-8")).items()
}
TOKENS: Mapping[str, Contract] = {contract.token: contract for contract in KINDS.values()}


def contract_of(token: str) -> Contract:
    """The contract of a Pulumi type token.

    Raises:
        LookupError: the type isn't simulated; the message says how to add it.
    """
    try:
        return TOKENS[token]
    except KeyError:
        raise LookupError(
            f"the sandbox doesn't simulate {token!r}. To add it: put its facts into "
            "facts/contract.json and a Kind for it into its service's folder of sandbox/cloud. "
            f"Simulated today: {', '.join(sorted(TOKENS))}."
        ) from None


def contract_of_kind(kind: str) -> Contract:
    """The contract of one of the cloud's own kinds, such as `forward_entry`."""
    return KINDS[kind]


PLAIN = "<id>"
"""The cloud's own id."""

_TOKEN = re.compile(r"alicloud:(?P<module>[a-z]+)/(?P<file>\w+):\w+")


def import_id_form(token: str) -> str:
    """The form of a resource's id, such as `<forward_table_id>:<forward_entry_id>`.

    Args:
        token: the resource's type, such as `alicloud:vpc/forwardEntry:ForwardEntry`.
    """
    source = _source(token)
    match = re.search(rf'pulumi import {re.escape(token)} \S+ "?(?P<id>[^\s"]+)', source)
    # An example that is one word says no more than that there is one.
    return match["id"] if match and ":" in match["id"] else PLAIN


def _source(token: str) -> str:
    named = _TOKEN.fullmatch(token)
    package = importlib.util.find_spec("pulumi_alicloud")
    if named is None or package is None or package.origin is None:
        return ""
    file = re.sub(r"(?<!^)(?=[A-Z])", "_", named["file"]).lower()
    path = Path(package.origin).parent / named["module"] / f"{file}.py"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
