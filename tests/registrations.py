"""What a program registered, as one text: a table of contents of resources and all they are given.

Compared with a kept text (`__snapshots__`), so that nothing can be exchanged, dropped or added
without showing. What is meant, a test with a sentence for its name says beside it.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from google.protobuf import json_format

from stack.pulumi_wire import SECRET_SIGNATURE, SIGNATURE
from tests.mocked_cloud import Registered, Registration, last

_ROOT = Path(__file__).resolve().parents[1]
_SCRIPT = (_ROOT / "components/eni/routing.sh").read_text(encoding="utf-8")
_OPTIONS = (
    "protect",
    "deleteBeforeReplace",
    "retainOnDelete",
    "replaceOnChanges",
    "ignoreChanges",
    "additionalSecretOutputs",
    "customTimeouts",
)


def told(made: Registered) -> str:
    """Everything that was registered and put out, by name."""
    ordered = sorted(made.all, key=lambda one: (one.name, one.type))
    return "\n".join(line for one in ordered for line in _lines(one, made))


def _lines(one: Registration, made: Registered) -> Iterator[str]:
    request = json_format.MessageToDict(one.request)
    yield f"{one.name}: {one.type} in {one.parent}"
    options = {
        "provider": one.provider,
        "formerly": sorted(one.aliases),
        "after": sorted(one.after),
        "replacedWith": sorted(last(urn) for urn in request.get("replaceWith", ())),
        **{option: request.get(option) for option in _OPTIONS},
        "puts out": made.outputs.get(one.name),
    }
    inputs = {**one.inputs, **_decoded(one.inputs)}
    yield from (f"  {key} = {_text(value)}" for key, value in sorted(inputs.items()))
    yield from (f"  {key}: {_text(value)}" for key, value in options.items() if value)


def _decoded(inputs: Mapping[str, Any]) -> dict[str, str]:
    """A server's command as what it says, its script by name."""
    content = inputs.get("commandContent")
    if content is None:
        return {}
    return {"commandContent": base64.b64decode(content).decode().replace(_SCRIPT, "(the script)")}


def _text(value: object) -> str:
    return json.dumps(_plain(value), ensure_ascii=False).replace(f"{_ROOT}/", "")


def _plain(value: object) -> Any:
    """Without the protocol's marks; whole numbers whole."""
    match value:
        case Mapping():
            found = cast("Mapping[str, Any]", value)
            if found.get(SIGNATURE) == SECRET_SIGNATURE:
                return {"secret": _plain(found["value"])}
            return {key: _plain(one) for key, one in sorted(found.items()) if key != SIGNATURE}
        case list():
            return [_plain(one) for one in cast("list[Any]", value)]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
