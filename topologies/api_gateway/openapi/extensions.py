"""The gateway's extensions of a document: which there are, and reading their values.

Names and values are those of Alibaba Cloud's page "API Gateway Swagger extensions". Its older
editions, and so many generators, misspell one (`paramater`), which the gateway takes as well.
`#name#` inside a value stands for a variable of the stack file.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from stack.file.yaml_file import Value
from stack.problems import KeyPath, choose_from, did_you_mean
from stack.secrets import HIDDEN, SecretState
from topologies.api_gateway.apis.settings import Auth, RequestMode
from topologies.api_gateway.openapi.document import Findings, table
from topologies.api_gateway.openapi.structure import STRAIGHT, has_typographic_quotes
from topologies.api_gateway.plugins.base import SecretRef

PREFIX: Final = "x-aliyun-apigateway-"
ANY_METHOD: Final = PREFIX + "any-method"
AUTH_TYPE: Final = PREFIX + "auth-type"
BACKEND: Final = PREFIX + "backend"
BACKEND_LOCATION: Final = PREFIX + "backend-location"
BACKEND_NAME: Final = PREFIX + "backend-name"
CONSTANTS: Final = PREFIX + "constant-parameters"
HANDLING: Final = PREFIX + "parameter-handling"
HANDLING_OF_OLD: Final = PREFIX + "paramater-handling"
MARKET: Final = PREFIX + "api-market-enable"
NONCE: Final = PREFIX + "api-force-nonce-check"
SYSTEM: Final = PREFIX + "system-parameters"

OF_OPERATIONS: Final = (
    *(AUTH_TYPE, BACKEND, CONSTANTS, HANDLING, HANDLING_OF_OLD, MARKET, NONCE, SYSTEM),
)
"""At an operation, or at the document's root for all of them."""

OF_PATHS: Final = (ANY_METHOD,)
OF_PARAMETERS: Final = (BACKEND_LOCATION, BACKEND_NAME)
KNOWN: Final = (*OF_OPERATIONS, *OF_PATHS, *OF_PARAMETERS)

_OTHERS = ("x-amazon-", "x-google-", "x-ms-", "x-kong-", "x-tencent-", "x-bce-")
"""Vendors whose own extensions look alike; they are nothing to this gateway."""

_FOREIGN: Final = {
    "api-name": "write operationId: {value}",
    "description": "write it as the operation's summary",
    "fc": (
        "write x-aliyun-apigateway-backend: {{type: FC, functionName: {function}, "
        "arn: acs:ram::…:role/…}}"
    ),
    "service-config": "write x-aliyun-apigateway-backend: {{type: HTTP, address: …, path: …}}",
    "request-config": (
        "remove it: path and method are the operation's own; for its mode write "
        "x-aliyun-apigateway-parameter-handling: {requestMode}, for its protocol protocol: in the "
        "stack file"
    ),
    "request-parameters": "write them as the operation's parameters: {{name: …, in: query, …}}",
    "service-parameters": "write x-aliyun-apigateway-backend-name at the parameters",
    "service-parameters-map": "write x-aliyun-apigateway-backend-name at the parameters",
    "open-id-connect-config": "remove it, and bind a plugin jwtAuth",
    **dict.fromkeys(
        ("visibility", "result-type", "result-sample", "fail-result-sample", "error-code-samples"),
        "remove it: the provider has no field for it",
    ),
}
"""Extensions of other tools, by their ends, and what a document for the gateway has instead."""

T = TypeVar("T")

_ALIKE = 0.8
_FUNCTION = re.compile(r"functions/([^/]+)")
_VARIABLE = re.compile(r"#([^#\s/]+)#")
_AUTHS: Final[dict[str, Auth]] = {"APP": "app", "ANONYMOUS": "anonymous"}
_MODES: Final[dict[str, RequestMode]] = {"PASSTHROUGH": "passthrough", "MAPPING": "mapping"}
_BOOLEANS: Final = {"true": True, "false": False}


@dataclass(frozen=True)
class Setting:
    """The value of an extension, its variables replaced, and where it stands."""

    value: Value
    path: KeyPath


class Extensions:
    """Reads the extensions of one document."""

    def __init__(self, variables: Mapping[str, str | SecretState], findings: Findings) -> None:
        """Keep the variables, and count which are used and which texts have secrets."""
        self._variables = variables
        self._findings = findings
        self.used: set[str] = set()
        self.sealed: dict[KeyPath, tuple[str | SecretRef, ...]] = {}

    def judge_names(self, place: KeyPath, meant: tuple[str, ...]) -> None:
        """Refuse extensions at a place that are misspelled, or not `meant` to stand there."""
        for key in table(self._findings.document.at(place)):
            if key in KNOWN and key not in meant:
                rule = "the extension means nothing here"
                remedy = f"put it at {_where(key)}"
                self._findings.refuse((*place, key), None, rule, remedy)
            elif key.startswith("x-") and key not in KNOWN:
                self._judge_name(key, (*place, key))

    def first(self, key: str, *places: KeyPath) -> Setting | None:
        """The value of an extension at the first of the places that has it."""
        for place in places:
            values = table(self._findings.document.at(place))
            if key in values:
                path = (*place, key)
                return Setting(self._plain(values[key], path), path)
        return None

    def auth(self, place: KeyPath) -> Auth | None:
        """Who may call an operation, where it says so."""
        return self._choice(AUTH_TYPE, _AUTHS, place)

    def mode(self, place: KeyPath) -> RequestMode | None:
        """How requests get to the backend, where an operation says so."""
        chosen = self._choice(HANDLING, _MODES, place)
        if chosen is None and (old := self._choice(HANDLING_OF_OLD, _MODES, place)) is not None:
            rule = f"{HANDLING_OF_OLD} is an old misspelling; it is read as {HANDLING}"
            self._findings.warn((*place, HANDLING_OF_OLD), None, rule, f"write {HANDLING}")
            return old
        return chosen

    def flag(self, key: str, place: KeyPath) -> bool:
        """An extension that is true or false; false where there is none."""
        return self._choice(key, _BOOLEANS, place) or False

    def _choice(self, key: str, choices: dict[str, T], place: KeyPath) -> T | None:
        setting = self.first(key, place, ())
        if setting is None:
            return None
        word = str(setting.value).lower() if choices is _BOOLEANS else setting.value
        if isinstance(word, str) and word in choices:
            return choices[word]
        rule = f"{key} must be one of {', '.join(choices)}"
        remedy = choose_from(word, choices, "value") if isinstance(word, str) else "write one"
        self._findings.refuse(setting.path, setting.value, rule, remedy)
        return None

    def _judge_name(self, key: str, path: KeyPath) -> None:
        if key.startswith(_OTHERS):
            return
        ours = key.startswith(("x-apigateway-", "x-apigw-")) or "aliyun" in key
        # `x-apigateway-backend-info` and its like stand in Alibaba Cloud's own texts.
        trunk = re.sub(r"^x-(aliyun-)?apig(ateway|w)-", PREFIX, key)
        near = did_you_mean(trunk, KNOWN, _ALIKE)
        # What they all begin with makes everything alike.
        if near and not did_you_mean(trunk.removeprefix(PREFIX), [near.removeprefix(PREFIX)]):
            near = None
        if not ours and near is None:
            return
        foreign = trunk.removeprefix(PREFIX)
        if foreign in _FOREIGN:
            rule = (
                "the extension is another tool's (Fun, ROS or the console's API), not the gateway's"
            )
            remedy = _FOREIGN[foreign].format_map(_Words(self._findings.document.at(path)))
        else:
            rule = "the gateway has no such extension"
            remedy = f"did you mean {near}?" if near else f"use one of {', '.join(KNOWN)}"
        self._findings.refuse(path, key, rule, remedy)

    def _plain(self, value: Value, path: KeyPath) -> Value:
        """A value with its variables replaced; a backend may be text that holds JSON."""
        if isinstance(value, dict):
            for key in value:
                self._refuse_typographic(key, (*path, key))
            return {key: self._plain(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self._plain(item, (*path, i)) for i, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("{") and path[-1] == BACKEND:
            return self._from_json(value, path)
        self._refuse_typographic(value, path)
        return self._with_variables(value, path)

    def _from_json(self, value: str, path: KeyPath) -> Value:
        try:
            return self._plain(json.loads(value), path)
        except ValueError as error:
            rule = f"text here must be JSON: {error}"
            if any(has_typographic_quotes(mark) for mark in value):
                rule = STRAIGHT
            self._findings.refuse(path, value, rule, "write a map, or correct the JSON")
            return None

    def _refuse_typographic(self, word: str, path: KeyPath) -> None:
        if has_typographic_quotes(word):
            self._findings.refuse(path, word, STRAIGHT, 'write straight quotes: "')

    def _with_variables(self, value: str, path: KeyPath) -> str:
        """A text with its variables replaced. Of a secret one, only its place is known here."""
        pieces = _VARIABLE.split(value)  # every second one is a variable's name
        texts: list[str | SecretRef] = [
            self._variable(piece, value, path) if index % 2 else piece
            for index, piece in enumerate(pieces)
        ]
        if any(isinstance(text, SecretRef) for text in texts):
            self.sealed[path] = tuple(texts)
        return "".join(text if isinstance(text, str) else HIDDEN for text in texts)

    def _variable(self, name: str, value: str, path: KeyPath) -> str | SecretRef:
        self.used.add(name)
        if name not in self._variables:
            rule = f"#{name}# stands for a variable, and the stack file gives it no value"
            remedy = choose_from(name, self._variables, "variable")
            if not remedy.startswith("did you mean"):
                remedy = f"add it: variables: {{{name}: …}}"
            self._findings.refuse(path, value, rule, remedy)
            return f"#{name}#"
        found = self._variables[name]
        if isinstance(found, str):
            return found
        if path[-3:-2] != (CONSTANTS,) or path[-1] != "value":
            rule = f"#{name}# is a secret, which stays one in values of {CONSTANTS} alone"
            remedy = f"write the variable {name} in plain text, or use it there"
            self._findings.refuse(path, value, rule, remedy)
            return name
        return SecretRef((name,))


class _Words(dict[str, str]):
    """What remedies quote of an extension's value; … for what it doesn't have."""

    def __init__(self, value: Value) -> None:
        plain = {key: str(one) for key, one in table(value).items() if isinstance(one, str)}
        function = _FUNCTION.search(plain.get("arn", ""))
        found = {"value": value} if isinstance(value, str) else {}
        super().__init__(plain | found | ({"function": function[1]} if function else {}))

    def __missing__(self, key: str) -> str:
        return "…"


def _where(key: str) -> str:
    if key in OF_PATHS:
        return "a path"
    return "a parameter" if key in OF_PARAMETERS else "an operation, or the document's root"
