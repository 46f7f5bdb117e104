"""`schemas/`: what an editor knows about a stack file, or prices, while they are being written.

Made of the settings models, so that the two can't disagree; what one field alone can't decide
(rules) is left to `make plan`. Draft-07 is the one that YAML language servers know best.

`python -m tools schema` writes the files, `--check` fails where one is stale.

Pydantic speaks 2020-12 and titles every field. Here references become draft-07's (where nothing
beside a `$ref` counts), maps of entries refuse other names, texts fit one line, and every field
has an example: an editor offers it, and shows it where it is pointed at.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from facts.contract import Field
from facts.instance_types import ENI_LIMITS
from facts.zones import REGIONS, ZONES
from judging.billing import NAT_GATEWAY, UNITS, Unit
from judging.prices import Price, Prices
from stack.arguments import Made, Makes
from stack.command_line import DONE, ROOT, command, tell
from stack.file.tree import maps
from stack.ids import ReferenceSettings
from stack.model import OrEmpty, descriptions
from stack.naming import NAMESPACE, REGION_KEY
from stack.network import InstanceSettings, OtherNetworkSettings, VSwitchSettings
from stack.problems import NotDoneError
from stack.settings import CommonSettings
from topologies import TOPOLOGIES
from topologies.cross_region.settings import DataCenterSettings, LinkSettings

Schema: TypeAlias = dict[str, Any]

FOLDER = ROOT / "schemas"

IDENTITY = f"urn:{NAMESPACE}:stack-file"
"""What the schema is called, wherever a copy of the project has it. The project has no address of
its own on the web, and one that leads nowhere would be worse than a name."""

_TOPOLOGY_KEY = f"{NAMESPACE}:topology"


def stack_schema() -> Schema:
    """The schema of a whole stack file."""
    models = (CommonSettings, *(topology.model for topology in TOPOLOGIES))
    definitions, names = definitions_of(models)
    common = definitions.pop(names[CommonSettings.__name__])
    properties: dict[str, Schema] = {
        REGION_KEY: {
            "type": "string",
            "pattern": "^[a-z]+(-[a-z0-9]+)+$",
            "description": "The region that everything is built in.",
            "examples": _offered(["cn-shanghai"], REGIONS),
        }
    }
    for key, field in common["properties"].items():
        properties[f"{NAMESPACE}:{key}"] = field
    properties[_TOPOLOGY_KEY] = _topology(properties[_TOPOLOGY_KEY])
    for topology in TOPOLOGIES:
        name = names[topology.model.__name__]
        properties[f"{NAMESPACE}:{topology.section}"] = {
            "allOf": [{"$ref": f"#/definitions/{name}"}],
            "description": definitions[name]["description"],
            "examples": [example_of(definitions[name], definitions)],
        }
    config: Schema = {
        "type": "object",
        "description": "The stack's settings.",
        "properties": properties,
        # Other namespaces belong to others: providers, policies.
        "patternProperties": {f"^(?!{NAMESPACE}:)[^:]+:.+$": {}},
        "additionalProperties": False,
        "required": [f"{NAMESPACE}:{key}" for key in common["required"]],
        "allOf": [_needs_section(topology.name, topology.section) for topology in TOPOLOGIES],
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": IDENTITY,
        "title": f"Stack file of {NAMESPACE}",
        "type": "object",
        "properties": {"config": config, **_PULUMI_KEYS},
        "additionalProperties": False,
        "required": ["config"],
        "definitions": definitions,
    }


# Pulumi's own keys at the top of a stack file.
_PULUMI_KEYS: Mapping[str, Schema] = {
    "encryptionsalt": {
        "type": "string",
        "description": "Written by Pulumi: the salt of the passphrase that encrypts secrets.",
        "examples": ["v1:c2FsdA==:v1:c2FsdA==:c2FsdA=="],
    },
    "encryptedkey": {
        "type": "string",
        "description": "Written by Pulumi: the data key, encrypted by the secrets provider.",
        "examples": ["AQICAHg="],
    },
    "secretsprovider": {
        "type": "string",
        "description": "Written by Pulumi: what encrypts this stack's secrets.",
        "examples": ["passphrase"],
    },
    "environment": {
        "description": "Pulumi ESC environments that add to this file's settings.",
        "examples": [["shop/dev"]],
        "type": ["array", "object"],
    },
}


def _topology(field: Schema) -> Schema:
    names: list[str] = sorted(topology.name for topology in TOPOLOGIES)
    one: Schema = {"type": "string", "enum": names}
    several: Schema = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
    known = [
        example
        for example in field["examples"]
        if set([example] if isinstance(example, str) else example) <= set(names)
    ]
    return {"anyOf": [one, several], "description": field["description"], "examples": known}


def _needs_section(topology: str, section: str) -> Schema:
    chosen: Schema = {"anyOf": [{"const": topology}, {"contains": {"const": topology}}]}
    # `contains` says nothing about what isn't a list, so the type has to be said.
    chosen["anyOf"][1]["type"] = "array"
    return {
        "if": {"properties": {_TOPOLOGY_KEY: chosen}, "required": [_TOPOLOGY_KEY]},
        "then": {"required": [f"{NAMESPACE}:{section}"]},
    }


def prices_schema() -> Schema:
    """The schema of a file of prices, with each unit by its name."""
    definitions, names = definitions_of([Prices])
    whole = definitions.pop(names[Prices.__name__])
    price = {"$ref": _REFERENCE + Price.__name__}
    definitions["UnitPrices"] = {
        "type": "object",
        "description": "What one of each unit costs.",
        "properties": {
            unit.key: {
                "allOf": [price],
                "description": _what(unit),
                "examples": [_priced(unit)],
            }
            for unit in UNITS
        },
        "additionalProperties": False,
    }
    prices = {"$ref": _REFERENCE + "UnitPrices"}
    example = {NAT_GATEWAY.key: _priced(NAT_GATEWAY)}
    whole["properties"]["prices"] = {
        "allOf": [prices],
        "description": whole["properties"]["prices"]["description"],
        "examples": [example],
    }
    whole["properties"]["regions"] |= {
        "additionalProperties": prices,
        "examples": [{"ap-southeast-1": example}],
    }
    used = [unit for unit in UNITS if unit.used]
    whole["properties"]["usage"] |= {
        "properties": {
            unit.key: {
                "type": "number",
                "minimum": 0,
                "description": _what(unit),
                "examples": [100],
            }
            for unit in used
        },
        "additionalProperties": False,
        "examples": [{used[0].key: 100}],
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"urn:{NAMESPACE}:prices",
        "title": f"Prices of {NAMESPACE}",
        **whole,
        "definitions": definitions,
    }


def _what(unit: Unit) -> str:
    counted = f", in {unit.counted}" if unit.counted else ""
    return f"{unit.what}{counted}{f', by {unit.by}' if unit.by else ''}."


def _priced(unit: Unit) -> Schema:
    return {"price": 0.034} if unit.used else {"price": 0.034, "per": "hour"}


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "prices.schema.json": prices_schema,
    "stack.schema.json": stack_schema,
}
"""By the file that each is kept in."""


def schema_text(schema: Schema) -> str:
    """A schema as its file holds it: sorted, so that a change shows as that change alone."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


_REFERENCE = "#/definitions/"
_NULL: Schema = {"type": "null"}

# Parts of a schema that are schemas themselves, by how they hold them.
_MAPS = ("properties", "patternProperties")
_LISTS = ("anyOf", "allOf", "oneOf")
_SINGLE = ("items", "additionalProperties")

# What only repeats the field's key.
_NOISE = "title"

# Examples of fields that many sections share, where their models give none.
_EXAMPLES: Mapping[str, Any] = {
    "description": "What it is for",
    "egress": {"apps": {"vswitch": "apps", "publicIps": ["ip6"]}},
    "hosts": {"ecs1": {"ip": "192.168.1.1", "vswitch": "apps"}},
    "name": "shop-public",
    "natGateway": {"name": "MyNatGW", "vswitch": "apps"},
    "portMappings": {"web": {"publicIp": "ip3", "port": 80, "protocol": "tcp", "host": "ecs3"}},
    "publicIps": {"ip1": {}, "ip2": {"spare": True}},
    "securityGroups": ["sg-uf6abc"],
    "vswitches": {"apps": {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"}},
    "was": "old-name",
}
_ENTRY_EXAMPLE = "a-name"


# What editors offer beside a field's own examples; what isn't here is taken as well.
_OFFERED: Mapping[type[BaseModel], Mapping[str, Iterable[str]]] = {
    DataCenterSettings: {"region": REGIONS},
    InstanceSettings: {"type": ENI_LIMITS},
    LinkSettings: {"regions": REGIONS},
    OtherNetworkSettings: {"region": REGIONS},
    VSwitchSettings: {"zone": ZONES},
}


def _offered(own: Iterable[Any], known: Iterable[str]) -> list[Any]:
    return list(dict.fromkeys([*own, *known]))


class _Generator(GenerateJsonSchema):
    """Pydantic's own, where `ip1:` with nothing behind it stands for `{}`."""

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        made = super().function_before_schema(schema)
        if schema["function"]["function"] is OrEmpty.func:
            return {"anyOf": [made, {"type": "null"}]}
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        for name, words in descriptions(schema["cls"]).items():
            if words and name in made.get("properties", {}):
                made["properties"][name].setdefault("description", words)
        for name, known in _OFFERED.get(schema["cls"], {}).items():
            field = made["properties"][name]
            field = field.get("items", field)
            field["examples"] = _offered(field.get("examples", ()), known)
        if issubclass(schema["cls"], Made):
            made["properties"]["arguments"] |= _arguments(schema["cls"].makes)
        return made


def _arguments(makes: Makes) -> Schema:
    """What the provider takes: every name, and the values of those that have a few."""
    fields = [makes.contract.by_camel[name] for name in makes.free]
    shown = min(fields, key=_obscurity)
    return {
        "propertyNames": {"enum": sorted(makes.free)},
        "properties": {
            one.camel: {
                "enum": [*one.one_of],
                "description": f"{one.camel}, as the provider takes it.",
                "examples": [one.one_of[0]],
            }
            for one in fields
            if one.one_of and one.type == "String"
        },
        "examples": [{shown.camel: _example_of_field(shown)}],
    }


def _obscurity(field: Field) -> int:
    """How much more than its type one has to know to give it a value."""
    if field.one_of and field.type == "String":
        return 0
    return {"Bool": 1, "Int": 2}.get(field.type, 3)


def _example_of_field(field: Field) -> object:
    """A value that the provider takes."""
    if field.one_of:
        return field.one_of[0]
    if field.objects is not None:
        one = next(iter(field.objects.values()))
        inside = {one.camel: _example_of_field(one)}
        return inside if field.is_single_object else [inside]
    plain: Mapping[str, object] = {"Bool": True, "Int": 1, "Float": 1.5, "Map": {}, "List": []}
    return plain.get(field.type, "text")


def definitions_of(models: Iterable[type[BaseModel]]) -> tuple[dict[str, Schema], dict[str, str]]:
    """The draft-07 definitions of `models` and all that they refer to.

    Returns:
        The definitions by name, and the definition's name of each model by the model's own.
        Models of one name from two modules get definitions of two names.
    """
    chosen = [*models, ReferenceSettings]
    by_model, made = models_json_schema(
        [(model, "validation") for model in chosen],
        ref_template=_REFERENCE + "{model}",
        schema_generator=_Generator,
    )
    definitions = {name: _tidied(part) for name, part in made["$defs"].items()}
    # Ids give it inline, each its own; the first field of the file would be a page long.
    reference = by_model[ReferenceSettings, "validation"]["$ref"]
    inline = definitions[reference.removeprefix(_REFERENCE)]
    definitions = {
        name: part if part is inline else _referring(part, inline, reference)
        for name, part in definitions.items()
    }
    definitions = _without_null_choices(definitions)
    for definition in definitions.values():
        for name, field in definition.get("properties", {}).items():
            if "examples" not in field:
                given = _EXAMPLES.get(name)
                field["examples"] = [example_of(field, definitions) if given is None else given]
    names = {
        model.__name__: by_model[model, "validation"]["$ref"].removeprefix(_REFERENCE)
        for model in chosen
        if model is not ReferenceSettings
    }
    return _used(definitions, names.values()), names


def _referring(part: Any, inline: Schema, reference: str) -> Any:  # noqa: ANN401 - any part
    """The same part of a schema, with a reference to the definition that it repeats."""
    if part == inline:
        return {"$ref": reference}
    if isinstance(part, dict):
        entries = cast("Schema", part)
        return {name: _referring(one, inline, reference) for name, one in entries.items()}
    if isinstance(part, list):
        return [_referring(one, inline, reference) for one in cast("list[Any]", part)]
    return part


def _without_null_choices(definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The same, where what may stay empty says so itself.

    An editor reports a mistake in it at its own place; of a choice between it and null it only says
    that nothing fits. A definition that stays empty wherever it is used says so once; what is
    needed elsewhere stands there whole where it isn't.
    """
    parts = [part for _, part in maps(definitions)]
    times = Counter(part["$ref"] for part in parts if "$ref" in part)
    choices = defaultdict[str, list[Schema]](list)
    for part in parts:
        match part.get("anyOf"):
            case [{"$ref": str(reference)}, {"type": "null"}]:
                choices[reference].append(part)
            case _:
                pass
    made = dict(definitions)
    for reference, either in choices.items():
        name = reference.removeprefix(_REFERENCE)
        empty = {**made[name], "type": [made[name]["type"], "null"]}
        if "enum" in empty:
            empty["enum"] = [*empty["enum"], None]
        everywhere = len(either) == times[reference]
        if everywhere:
            made[name] = empty
        for part in either:
            section = part.pop("anyOf")[0]
            if everywhere:
                # Draft-07 sees nothing beside a reference.
                part.update({"allOf": [section]} if part else section)
            else:
                part.update({**empty, **part})
    return made


def _used(definitions: Mapping[str, Schema], roots: Iterable[str]) -> dict[str, Schema]:
    """The definitions that `roots` lead to; pydantic leaves some that it doesn't refer to."""
    used: dict[str, Schema] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = definitions[name]
            text = json.dumps(definitions[name])
            waiting += re.findall(rf'"\$ref": "{_REFERENCE}([^"]+)"', text)
    return used


def _tidied(schema: Schema) -> Schema:
    tidy = {key: _tidied_part(key, value) for key, value in schema.items() if key != _NOISE}
    if tidy.get("default", "") is None:
        del tidy["default"]  # it only says that the field may be left out
    if "patternProperties" in tidy:
        tidy.setdefault("additionalProperties", False)
        tidy.pop("propertyNames", None)  # it only says so again
    if "anyOf" in tidy:
        tidy = _flattened(tidy)
    if "$ref" in tidy and len(tidy) > 1:
        tidy = {"allOf": [{"$ref": tidy.pop("$ref")}], **tidy}
    return tidy


def _tidied_part(key: str, value: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if key == "description":
        return " ".join(value.split())
    if key in _MAPS:
        return {name: _tidied(part) for name, part in value.items()}
    if key in _LISTS:
        return [_tidied(part) for part in value]
    if key in _SINGLE and isinstance(value, dict):
        return _tidied(cast("Schema", value))
    return value


def _flattened(schema: Schema) -> Schema:
    """Choices in one row; text that may be null as one type, which editors report better."""
    outer = {key: value for key, value in schema.items() if key != "anyOf"}
    choices: list[Schema] = []
    for choice in schema["anyOf"]:
        if "anyOf" in choice:
            outer = {**choice, **outer}
            choices += outer.pop("anyOf")
        else:
            choices.append(choice)
    real = [choice for choice in choices if choice != _NULL]
    plain = next((choice for choice in real if isinstance(choice.get("type"), str)), None)
    if plain is not None and len(real) < len(choices):
        real[real.index(plain)] = plain = {**plain, "type": [plain["type"], "null"]}
        choices = real
    return {**plain, **outer} if choices == [plain] and plain else {**outer, "anyOf": choices}


def example_of(schema: Schema, definitions: Mapping[str, Schema]) -> Any:  # noqa: ANN401 - any value
    """A value that the schema takes: its own example, or one made of its parts' examples."""
    for key in ("examples", "enum"):
        if key in schema:
            return schema[key][0]
    if schema.get("type") == "boolean":
        return True  # they are off unless said
    if schema.get("default") is not None:
        return schema["default"]
    for key in _LISTS:
        if key in schema:
            return example_of(schema[key][0], definitions)
    if "$ref" in schema:
        return example_of(definitions[schema["$ref"].removeprefix(_REFERENCE)], definitions)
    return _example_of_type(schema, definitions)


def _example_of_type(schema: Schema, definitions: Mapping[str, Schema]) -> Any:  # noqa: ANN401
    types: str | list[str] = schema.get("type", "")
    kind = types if isinstance(types, str) else types[0]
    if kind == "array":
        return [example_of(schema["items"], definitions)]
    if kind != "object":
        raise LookupError(f"a field of type {kind} needs examples in its model: {schema}")
    for part in schema.get("patternProperties", {}).values():
        return {_ENTRY_EXAMPLE: example_of(part, definitions)}
    fields: dict[str, Schema] = schema.get("properties", {})
    # Without required fields, the first one shows how it looks.
    shown = schema.get("required") or [key for key in fields if key not in {"id", "arguments"}][:1]
    return {key: _EXAMPLES.get(key) or example_of(fields[key], definitions) for key in shown}


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only fail where it is stale")


@command("schema", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Write the schemas, or check that they are fresh; returns the exit code."""
    texts = {FOLDER / name: schema_text(schema()) for name, schema in SCHEMAS.items()}
    for file, text in texts.items():
        shown = file.relative_to(FOLDER.parent)
        if options.check:
            if not file.is_file() or file.read_text(encoding="utf-8") != text:
                raise NotDoneError(f"{shown} is stale; run: python -m tools schema")
            continue
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        tell(f"{shown} is written")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
