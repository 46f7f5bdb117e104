"""`schemas/stack.schema.json`: what an editor knows about a stack file while it is being written.

Made of the settings models, so that the two can't disagree; what one field alone can't decide
(rules) is left to `make plan`. Draft-07 is the one that YAML language servers know best.

`python -m tools schema` writes the file, `--check` fails where it is stale.
"""

import argparse
import json
import sys
from collections.abc import Mapping

from stack.command_line import DONE, ROOT, command, tell
from stack.naming import NAMESPACE, REGION_KEY
from stack.problems import NotDoneError
from stack.settings import CommonSettings
from tools.schema.models import Schema, definitions_of, example_of
from topologies import TOPOLOGIES

FILE = ROOT / "schemas" / "stack.schema.json"

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
            "examples": ["cn-shanghai"],
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


def schema_text() -> str:
    """The schema as its file holds it: sorted, so that a change shows as that change alone."""
    return json.dumps(stack_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only fail where it is stale")


@command("schema", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Write the schema, or check that it is fresh; returns the exit code."""
    wanted = schema_text()
    shown = FILE.relative_to(FILE.parent.parent)
    if options.check:
        if not FILE.is_file() or FILE.read_text(encoding="utf-8") != wanted:
            raise NotDoneError(f"{shown} is stale; run: python -m tools schema")
        return DONE
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(wanted, encoding="utf-8")
    tell(f"{shown} is written")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
