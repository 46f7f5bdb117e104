"""What an API may say: its request, its parameters, its backend. No other resource is asked."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from sandbox.cloud.core import Attributes, CloudError

__all__ = ["check_definition", "completed", "route_of"]

Values = Mapping[str, Any]

_AUTHS = {"ANONYMOUS", "APP", "APPOPENID"}
_PROTOCOLS = {"HTTP", "HTTPS", "WEBSOCKET"}
_METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "ANY"}
_MODES = {"MAPPING", "PASSTHROUGH", "MAPPING_PASSTHROUGH"}
_WITH_BODY = {"POST", "PUT"}
_BODY_FORMATS = {"FORM", "STREAM"}
_TYPES = {"STRING", "INT", "LONG", "FLOAT", "DOUBLE", "BOOLEAN"}
_PLACES = {"BODY", "HEAD", "QUERY", "PATH"}
_ADDED_PLACES = {"HEAD", "QUERY"}
# The backend's settings, by the type of the backend.
_CONFIGS: Mapping[str, str] = {
    "HTTP": "http_service_config",
    "HTTP-VPC": "http_vpc_service_config",
    "FunctionCompute": "fc_service_config",
    "MOCK": "mock_service_config",
}
_CONTENT_TYPES = {"DEFAULT", "CUSTOM", "CLIENT"}
# Milliseconds.
_TIMEOUTS = range(1, 600_001)
_CONTENT_TYPE = {
    "content_type_category": "DEFAULT",
    "content_type_value": "application/x-www-form-urlencoded; charset=UTF-8",
}
_ANSWERED: Mapping[str, Values] = {
    "http_service_config": _CONTENT_TYPE,
    "http_vpc_service_config": _CONTENT_TYPE,
    "fc_service_config": {**_CONTENT_TYPE, "method": ""},
}
_PATH_PARAMETER = re.compile(r"\[([^\]/]+)\]")
_ROLE_ARN = re.compile(r"acs:ram::[0-9*]+:role/.+")


def completed(attributes: Values) -> Attributes:
    """The same attributes, and in a backend's what the cloud answers unasked."""
    filled = dict(attributes)
    for name, answered in _ANSWERED.items():
        if isinstance(filled.get(name), dict):
            filled[name] = {**answered, **filled[name]}
    return filled


def route_of(group: str, request: object) -> str:
    """What tells two APIs of all groups apart: no two have one route."""
    asked: Values = cast("Attributes", request) if isinstance(request, dict) else {}
    return f"{group} {asked.get('method')} {asked.get('path')}"


def check_definition(asked: Values) -> None:
    """Refuse a definition that the cloud refuses."""
    _one_of(asked.get("auth_type"), _AUTHS, "AuthType")
    request: Attributes = asked.get("request_config") or {}
    for protocol in str(request.get("protocol")).split(","):
        _one_of(protocol, _PROTOCOLS, "RequestProtocol")
    _one_of(request.get("method"), _METHODS, "RequestHttpMethod")
    _one_of(request.get("mode"), _MODES, "RequestMode")
    if request.get("mode") == "MAPPING" and request.get("method") in _WITH_BODY:
        if request.get("body_format") is None:
            raise CloudError("MissingBodyFormat", "The BodyFormat is mandatory for this action.")
        _one_of(request["body_format"], _BODY_FORMATS, "BodyFormat")
    if not str(request.get("path")).startswith("/"):
        raise CloudError("InvalidRequestPath", f"{request.get('path')!r} has no slash in front.")
    backend = _backend(asked)
    parameters: list[Values] = asked.get("request_parameters") or []
    _check_parameters(parameters)
    inside = {parameter["name"] for parameter in parameters if parameter["in"] == "PATH"}
    _check_path(str(request["path"]), inside, "RequestPath")
    if asked["service_type"] in {"HTTP", "HTTP-VPC"}:
        towards = {
            parameter["name_service"]
            for parameter in parameters
            if parameter["in_service"] == "PATH"
        }
        _check_path(str(backend["path"]), towards, "ServicePath")
    for name in ("constant_parameters", "system_parameters"):
        for one in asked.get(name) or ():
            _one_of(one["in"], _ADDED_PLACES, "Location")


def _one_of(value: object, allowed: Collection[str], what: str) -> None:
    if value not in allowed:
        words = ", ".join(sorted(allowed))
        raise CloudError(f"Invalid{what}", f"{value!r} isn't one of {words}.")


def _backend(asked: Values) -> Values:
    """The settings that belong to the type of the backend."""
    kind = asked.get("service_type")
    _one_of(kind, _CONFIGS, "ServiceProtocol")
    backend: Values | None = asked.get(_CONFIGS[str(kind)])
    if not backend:
        raise CloudError("MissingServiceConfig", f"A backend {kind} needs {_CONFIGS[str(kind)]}.")
    if "timeout" in backend and backend["timeout"] not in _TIMEOUTS:
        raise CloudError(
            "InvalidServiceTimeout",
            f"{backend['timeout']} ms; allowed are {_TIMEOUTS.start} to {_TIMEOUTS.stop - 1}.",
        )
    content = backend.get("content_type_category", "DEFAULT")
    _one_of(content, _CONTENT_TYPES, "ContentTypeCatagory")  # the cloud's own spelling
    if kind == "FunctionCompute":
        _check_function(backend)
    elif kind != "MOCK":
        _one_of(backend["method"], _METHODS, "ServiceHttpMethod")
    return backend


def _check_function(backend: Values) -> None:
    if not _ROLE_ARN.fullmatch(str(backend["arn_role"])):
        raise CloudError("InvalidRoleArn", f"{backend['arn_role']!r} isn't a RAM role's ARN.")
    if backend.get("function_type") == "HttpTrigger":
        needed = ["function_base_url"]
    elif backend.get("function_version") == "3.0":
        needed = ["function_name"]
    else:
        needed = ["function_name", "service_name"]
    for name in needed:
        if not backend.get(name):
            raise CloudError("MissingFunctionName", f"A backend of this kind needs {name}.")


def _check_parameters(parameters: Iterable[Values]) -> None:
    seen: set[tuple[object, object]] = set()
    for parameter in parameters:
        _one_of(parameter["in"], _PLACES, "Location")
        _one_of(parameter["in_service"], _PLACES, "Location")
        _one_of(parameter["type"], _TYPES, "ParameterType")
        _one_of(parameter["required"], {"REQUIRED", "OPTIONAL"}, "Required")
        if parameter["in"] == "PATH" and parameter["required"] != "REQUIRED":
            raise CloudError(
                "InvalidRequired", f"{parameter['name']} is in the path, so it is REQUIRED."
            )
        if (parameter["in"], parameter["name"]) in seen:
            raise CloudError("DuplicateApiParameterName", f"{parameter['name']} is there twice.")
        seen.add((parameter["in"], parameter["name"]))


def _check_path(path: str, declared: set[object], what: str) -> None:
    """A path's brackets and the parameters that are declared for it are the same."""
    inside: set[object] = set(_PATH_PARAMETER.findall(path))
    if strange := sorted(map(str, inside - declared)):
        raise CloudError(
            f"Invalid{what}", f"{path} has [{strange[0]}], which no parameter declares."
        )
    if missing := sorted(map(str, declared - inside)):
        raise CloudError(
            f"Invalid{what}", f"The parameter {missing[0]} should be in {path}, in brackets."
        )
