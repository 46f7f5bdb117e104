"""The parameters of an operation as parameters of an API.

In mapping mode, the gateway takes only what is listed: every parameter becomes one, and what the
gateway can't take is refused. In passthrough mode it sends on what comes, and has to know of the
path's parameters alone.
"""

import json
from dataclasses import dataclass
from typing import Final

from stack.file.yaml_file import Value
from stack.problems import KeyPath, choose_from
from topologies.api_gateway.apis.settings import Location, ParameterSettings, ParameterType
from topologies.api_gateway.names import LONGEST_DESCRIPTION
from topologies.api_gateway.openapi.document import Findings, Found, References, items, table, text
from topologies.api_gateway.openapi.extensions import (
    BACKEND_LOCATION,
    BACKEND_NAME,
    OF_PARAMETERS,
    Extensions,
)

_PLACES: Final = {
    "path": Location.PATH,
    "query": Location.QUERY,
    "header": Location.HEADER,
    "formData": Location.FORM,
    "form": Location.FORM,
}
_OTHER_PLACES: Final = ("body", "cookie")

# OpenAPI 3: parameters of these names are to be ignored, other parts of a document have them.
_NO_PARAMETERS: Final = frozenset({"accept", "content-type", "authorization"})
_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_LIMITS: Final = (
    *("enum", "const", "pattern", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
BODY_UNCHECKED: Final = "the gateway doesn't check bodies; they reach the backend as they come"
_INTEGERS: Final[dict[str, ParameterType]] = {"int32": "int"}
_NUMBERS: Final[dict[str, ParameterType]] = {"float": "float"}
_PLAIN: Final[dict[str, ParameterType]] = {"string": "string", "boolean": "boolean"}
_UNCHECKED: Final = ("array", "object", "file")
_TYPES: Final = (*_PLAIN, "integer", "number", *_UNCHECKED)
Parameters = dict[str, ParameterSettings]


@dataclass(frozen=True)
class Reader:
    """Reads the parameters of a document's operations."""

    references: References
    extensions: Extensions
    findings: Findings
    swagger: bool
    """Swagger 2.0: types stand in the parameter itself, and bodies are parameters."""

    def found(self, *places: KeyPath) -> list[Found]:
        """The parameters at the places, a later place's before those of an earlier one."""
        document = self.findings.document
        merged: dict[tuple[str | None, str | None], Found] = {}
        for place in places:
            for index, value in enumerate(items(document.at((*place, "parameters")))):
                found = self.references.follow(value, (*place, "parameters", index))
                if found is not None:
                    self.extensions.judge_names(found.path, OF_PARAMETERS)
                    key = text(found.value.get("name")), text(found.value.get("in"))
                    merged[key] = found
        return list(merged.values())

    def has_body(self, found: list[Found], operation: Found) -> bool:
        """Whether requests have a body: OpenAPI 3's own part, or a parameter of Swagger 2.0."""
        return "requestBody" in operation.value or any(p.value.get("in") == "body" for p in found)

    def path_parameters(self, found: list[Found]) -> Parameters:
        """Passthrough: the path's parameters; a mapping of others would be ignored, so refused."""
        for parameter in found:
            for key in (BACKEND_LOCATION, BACKEND_NAME):
                if key in parameter.value:
                    rule = f"{key} means something only where parameters are mapped"
                    remedy = "give the operation x-aliyun-apigateway-parameter-handling: MAPPING"
                    self.findings.refuse((*parameter.path, key), None, rule, remedy)
        return self._settings([p for p in found if p.value.get("in") == "path"])

    def all_parameters(self, found: list[Found], operation: Found) -> Parameters:
        """Mapping: every parameter, and the fields of forms."""
        fields = self._form_fields(operation)
        listed = [p for p in found if self._is_taken(p)]
        return self._settings(listed) | self._settings(fields)

    def _is_taken(self, parameter: Found) -> bool:
        place, name = text(parameter.value.get("in")), text(parameter.value.get("name")) or ""
        if place == "body":
            self.findings.warn(parameter.path, None, BODY_UNCHECKED, "check them in the backend")
            return False
        if place == "cookie":
            rule = "the gateway doesn't map cookies"
            remedy = "let the operation pass through (PASSTHROUGH), or take a header"
            self.findings.refuse(parameter.path, name, rule, remedy)
            return False
        if parameter.value.get("type") == "file":
            self._refuse_file(parameter.path, name)
            return False
        if not self.swagger and place == "header" and name.lower() in _NO_PARAMETERS:
            rule = (
                "OpenAPI 3 ignores header parameters called Accept, Content-Type or Authorization"
            )
            remedy = (
                "the backend doesn't get it; call it otherwise, or let the operation pass through"
            )
            self.findings.warn(parameter.path, name, rule, remedy)
            return False
        return place in _PLACES

    def _refuse_file(self, path: KeyPath, name: object) -> None:
        rule = "the gateway doesn't map files"
        self.findings.refuse(path, name, rule, "let the operation pass through (PASSTHROUGH)")

    def _settings(self, found: list[Found]) -> Parameters:
        made: Parameters = {}
        for parameter in found:
            name = text(parameter.value.get("name"))
            if name is None:
                continue  # its schema has refused it
            if name in made:
                rule = "an API's parameters have names of their own, wherever they stand"
                remedy = "rename one; for the backend, it can keep its name in " + BACKEND_NAME
                self.findings.refuse((*parameter.path, "name"), name, rule, remedy)
                continue
            made[name] = self._one(parameter)
        return made

    def _one(self, parameter: Found) -> ParameterSettings:
        value = parameter.value
        schema = parameter if self.swagger else self._schema(parameter)
        location = _PLACES[str(value["in"])]
        kind = type_of(schema.value, schema.path, self.findings)
        for key in _LIMITS:
            if key in schema.value:
                rule = f"the gateway doesn't check {key}: the provider has no field for it"
                self.findings.warn((*schema.path, key), None, rule, "check it in the backend")
        return ParameterSettings.model_validate(
            {
                "in": location,
                "type": kind,
                "required": location is Location.PATH or value.get("required") is True,
                "default": self._default(schema, kind),
                "description": shortened(text(value.get("description"))),
                "backendName": self._backend_name(parameter),
                "backendIn": self._backend_place(parameter),
            }
        )

    def _default(self, schema: Found, kind: ParameterType) -> str | None:
        """A default as the text that the gateway takes; none of lists and objects."""
        value = schema.value.get("default")
        if isinstance(value, dict | list):
            rule = "the gateway knows no default of a list or an object"
            self.findings.warn((*schema.path, "default"), None, rule, "set it in the backend")
            return None
        if value is None:
            return None
        if kind == "string" or isinstance(value, str):
            return self.findings.text_of(value, (*schema.path, "default"))
        return json.dumps(value)

    def _schema(self, parameter: Found) -> Found:
        """OpenAPI 3: a parameter's schema; `content` instead of one is text to the gateway."""
        schema = parameter.value.get("schema")
        path = (*parameter.path, "schema")
        found = self.references.follow(schema, path) if schema is not None else None
        return found or Found({}, path)

    def _backend_name(self, parameter: Found) -> str | None:
        setting = self.extensions.first(BACKEND_NAME, parameter.path)
        if setting is not None and not text(setting.value):
            rule, remedy = "a parameter's name towards the backend is text", "write a name"
            self.findings.refuse(setting.path, setting.value, rule, remedy)
        return text(setting.value) if setting else None

    def _backend_place(self, parameter: Found) -> Location | None:
        setting = self.extensions.first(BACKEND_LOCATION, parameter.path)
        if setting is None:
            return None
        word = text(setting.value) or ""
        if word not in _PLACES:
            rule = "a parameter's place towards the backend is path, query, header or formData"
            remedy = choose_from(word, _PLACES, "place")
            self.findings.refuse(setting.path, setting.value, rule, remedy)
            return None
        return _PLACES[word]

    def _form_fields(self, operation: Found) -> list[Found]:
        """OpenAPI 3: the fields of a body that is a form, as parameters."""
        if "requestBody" not in operation.value:
            return []
        place = (*operation.path, "requestBody")
        body = self.references.follow(operation.value["requestBody"], place)
        content = body.child("content") if body else None
        if content is None:
            return []
        forms = [kind for kind in content.value if kind.startswith((_FORM, _MULTIPART))]
        if not forms:
            self.findings.warn(place, None, BODY_UNCHECKED, "check them in the backend")
            return []
        if others := [kind for kind in content.value if kind not in forms]:
            rule = "of an API that takes a form the gateway sends on the form's fields alone"
            remedy = "give other bodies an operation of their own, or let this one pass through"
            self.findings.warn(content.path, ", ".join(others), rule, remedy)
        schema = content.child(forms[0]).child("schema")
        form = self.references.follow(schema.value, schema.path)
        return self._fields(form) if form else []

    def _fields(self, form: Found) -> list[Found]:
        for key in ("oneOf", "anyOf", "allOf"):
            if key in form.value:
                rule = f"the fields of a form must be listed; {key} doesn't say which there are"
                remedy = "list them in properties, or let the operation pass through (PASSTHROUGH)"
                self.findings.refuse((*form.path, key), None, rule, remedy)
        needed = items(form.value.get("required"))
        fields: list[Found] = []
        for name, value in table(form.value.get("properties")).items():
            path = (*form.path, "properties", name)
            schema = self.references.follow(value, path)
            if schema is None:
                continue
            if schema.value.get("format") == "binary":
                self._refuse_file(path, name)
                continue
            about = {"name": name, "in": "form", "required": name in needed}
            described = {"description": schema.value.get("description"), "schema": schema.value}
            fields.append(Found({**about, **described}, path))
        return fields


def shortened(description: str | None) -> str | None:
    """A description's words on one line, within what the cloud takes."""
    words = " ".join((description or "").split())
    if len(words) > LONGEST_DESCRIPTION:
        words = words[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
    return words or None


def type_of(schema: dict[str, Value], path: KeyPath, findings: Findings) -> ParameterType:
    """The gateway's type for a parameter's schema (in Swagger, the parameter itself).

    Without a format, an integer is a long and a number a double: the gateway must not refuse what
    the document allows.
    """
    kind = schema.get("type")
    if isinstance(kind, list):  # OpenAPI 3.1: ["string", "null"]
        kinds = [item for item in items(kind) if item != "null"]
        kind = kinds[0] if len(kinds) == 1 else None
    if kind is None or kind == "null":
        return "string"
    if kind == "integer":
        return _INTEGERS.get(str(schema.get("format")), "long")
    if kind == "number":
        return _NUMBERS.get(str(schema.get("format")), "double")
    if isinstance(kind, str) and kind in _UNCHECKED:
        rule = "lists and objects have no type at the gateway; they pass as text, unchecked"
        findings.warn((*path, "type"), kind, rule, "check them in the backend")
        return "string"
    if not isinstance(kind, str) or kind not in _PLAIN:
        rule = f"a parameter's type is one of {', '.join(_TYPES)}"
        remedy = choose_from(str(kind), _TYPES, "type")
        findings.refuse((*path, "type"), kind, rule, remedy)
        return "string"
    return _PLAIN[kind]
