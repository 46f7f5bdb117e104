"""An API's definition as its actions state and tell it: texts of JSON in, objects out.

The cloud tells requests, backends and parameters apart where our kind has one attribute for each
sort of them; both directions stand here, so that what one reads the other tells.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from facts.contract import Field as Known
from facts.contract import contract_of_kind
from sandbox.api.actions import Field, Joined
from sandbox.api.refusals import invalid, missing
from sandbox.api.requests import Said
from sandbox.cloud import Attributes, CloudError, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.core.name_checks import is_number

__all__ = [
    "DEFINITION",
    "PUBLISHED",
    "STATING",
    "inner_fields",
    "json_object",
    "json_objects",
    "stated_definition",
    "written",
]

_Values: TypeAlias = Mapping[str, Any]
_KIND: Final = "api_gateway_api"

_REQUEST: Final = {
    "protocol": "RequestProtocol",
    "method": "RequestHttpMethod",
    "path": "RequestPath",
    "mode": "RequestMode",
    "body_format": "BodyFormat",
}
_CONTENT: Final = {
    "content_type_category": "ContentTypeCatagory",  # the cloud's own spelling
    "content_type_value": "ContentTypeValue",
}
_SERVICE: Final = {
    "method": "ServiceHttpMethod",
    "path": "ServicePath",
    "timeout": "ServiceTimeout",
    "aone_name": "AoneAppName",
    **_CONTENT,
}
_VPC: Final = {"name": "Name", "vpc_scheme": "VpcScheme"}
_FUNCTION: Final = {
    "arn_role": "RoleArn",
    "function_base_url": "FcBaseUrl",
    "function_name": "FunctionName",
    "function_type": "FcType",
    "function_version": "FcVersion",
    "method": "Method",
    "only_business_path": "OnlyBusinessPath",
    "path": "Path",
    "qualifier": "Qualifier",
    "service_name": "ServiceName",
    **_CONTENT,
}
_MOCK: Final = {"result": "MockResult", "aone_name": "AoneAppName"}
_BACKENDS: Final = {
    "MOCK": "mock_service_config",
    "HTTP-VPC": "http_vpc_service_config",
    "FunctionCompute": "fc_service_config",
    "HTTP": "http_service_config",
}
_ASKED: Final = {
    "name": "ApiParameterName",
    "type": "ParameterType",
    "required": "Required",
    "in": "Location",
    "description": "Description",
    "default_value": "DefaultValue",
}
_SENT: Final = {"name_service": "ServiceParameterName", "in_service": "Location"}
_CONSTANT: Final = {
    "name": "ServiceParameterName",
    "value": "ConstantValue",
    "in": "Location",
    "description": "Description",
}
_SYSTEM: Final = {
    "name": "ParameterName",
    "name_service": "ServiceParameterName",
    "in": "Location",
}


# --- texts of JSON --------------------------------------------------------------------------------


def _json(said: Said, parameter: str) -> object:
    try:
        return json.loads(said.text(parameter), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise invalid(parameter, "it isn't JSON") from None


def json_object(said: Said, parameter: str) -> Mapping[str, Any]:
    """The object that a parameter says, by its keys in small letters."""
    return _object(_json(said, parameter), parameter)


def _object(value: object, parameter: str) -> _Values:
    """Callers write `RequestPath` and `requestPath`."""
    if not isinstance(value, dict):
        raise invalid(parameter, "an object is missing in it")
    return {key.lower(): it for key, it in cast("dict[str, Any]", value).items()}


def json_objects(said: Said, parameter: str) -> list[_Values]:
    """The list of objects that a parameter says; none where it says nothing."""
    if not said.text(parameter):
        return []
    value = _json(said, parameter)
    if not isinstance(value, list):
        raise invalid(parameter, "it isn't a list")
    return [_object(one, parameter) for one in cast("list[object]", value)]


def inner_fields(kind: str, attribute: str) -> Mapping[str, Known]:
    """The fields of the objects that an attribute holds."""
    return contract_of_kind(kind).fields[attribute].objects or {}


def written(names: Mapping[str, str], known: Mapping[str, Known], said: _Values) -> Attributes:
    """What an object of JSON states of an attribute that holds such, by our names of its keys.

    Raises:
        CloudError: it lacks what it can't do without, or has a value of another type.
    """
    found: Attributes = {}
    for name, key in names.items():
        value = said.get(key.lower())
        if value not in (None, ""):
            found[name] = _value(known[name], value, key)
        elif known[name].required:
            raise missing(key)
        elif (default := known[name].default) is not None:
            found[name] = default
    return found


def _value(known: Known, value: object, key: str) -> object:
    text = str(value).lower() if isinstance(value, bool) else value
    if known.type == "Bool" and text in {"true", "false"}:
        return text == "true"
    if known.type == "Int" and is_number(str(text)):
        return int(str(text))
    if known.type == "String" and isinstance(text, str | int | float):
        return str(text)
    raise invalid(key, f"{value!r} isn't what it takes")


# --- what is stated -------------------------------------------------------------------------------


def _request(said: Said) -> Attributes:
    if not said.text("RequestConfig"):
        return {}
    config = json_object(said, "RequestConfig")
    return {"request_config": _written("request_config", _REQUEST, config)}


def _written(attribute: str, names: Mapping[str, str], said: _Values) -> Attributes:
    return written(names, inner_fields(_KIND, attribute), said)


def _service(said: Said) -> Attributes:
    """The backend, and that there is no other."""
    if not said.text("ServiceConfig"):
        return {}
    config = json_object(said, "ServiceConfig")

    def within(key: str) -> _Values:
        return _object(config.get(key) or {}, "ServiceConfig")

    if _is_true(config.get("mock")):
        kind, stated = "MOCK", _written("mock_service_config", _MOCK, config)
    elif _is_true(config.get("servicevpcenable")):
        names = {**_SERVICE, **_VPC}
        both = {**config, **within("vpcconfig")}
        kind, stated = "HTTP-VPC", _written("http_vpc_service_config", names, both)
    elif str(config.get("serviceprotocol")).lower() == "functioncompute":
        names = {**_FUNCTION, "region": "FcRegionId", "timeout": "ServiceTimeout"}
        inner = within("functioncomputeconfig")
        both = {
            **inner,
            "fcregionid": inner.get("fcregionid") or inner.get("regionid"),
            "servicetimeout": config.get("servicetimeout"),
        }
        kind, stated = "FunctionCompute", _written("fc_service_config", names, both)
    else:
        names = {**_SERVICE, "address": "ServiceAddress"}
        kind, stated = "HTTP", _written("http_service_config", names, config)
    return {**dict.fromkeys(_BACKENDS.values()), "service_type": kind, _BACKENDS[kind]: stated}


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"


_PARAMETERS: Final = (
    *("RequestParameters", "ServiceParameters", "ServiceParametersMap"),
    *("ConstantParameters", "SystemParameters"),
)


def _parameters(said: Said) -> Attributes:
    """Parameters of three sorts. A caller may state the latter two in lists of their own.

    What the backend is sent says which sort it is; the map says which one of the request it is.
    """
    if not any(name in said for name in _PARAMETERS):
        return {}
    asked = {
        str(one.get("apiparametername")): one for one in json_objects(said, "RequestParameters")
    }
    of_sent = {
        str(one.get("serviceparametername")): str(one.get("requestparametername"))
        for one in json_objects(said, "ServiceParametersMap")
    }
    found: dict[str, list[Attributes]] = {
        "request_parameters": [],
        "constant_parameters": [
            _written("constant_parameters", _CONSTANT, one)
            for one in json_objects(said, "ConstantParameters")
        ],
        "system_parameters": [
            _written("system_parameters", _SYSTEM, one)
            for one in json_objects(said, "SystemParameters")
        ],
    }
    left = dict(asked)
    for one in json_objects(said, "ServiceParameters"):
        towards = str(one.get("serviceparametername"))
        name = of_sent.get(towards, "")
        if name not in asked:
            raise _unmapped(towards)
        left.pop(name, None)
        sort, stated = _of_a_sort(one, asked[name])
        found[sort].append(stated)
    if left:
        raise _unmapped(next(iter(left)))
    return {**found}


def _of_a_sort(sent: _Values, request: _Values) -> tuple[str, Attributes]:
    catalog = str(sent.get("parametercatalog") or "REQUEST").upper()
    if catalog == "CONSTANT":
        both = {**request, **sent, "constantvalue": request.get("defaultvalue")}
        return "constant_parameters", _written("constant_parameters", _CONSTANT, both)
    if catalog == "SYSTEM":
        both = {**sent, "parametername": request.get("apiparametername")}
        return "system_parameters", _written("system_parameters", _SYSTEM, both)
    if catalog != "REQUEST":
        raise invalid("ParameterCatalog", f"{catalog} isn't REQUEST, CONSTANT or SYSTEM")
    names = {**_ASKED, "in_service": "ServiceLocation", "name_service": "ServiceParameterName"}
    both = {
        **request,
        "servicelocation": sent.get("location"),
        "serviceparametername": sent.get("serviceparametername"),
    }
    return "request_parameters", _written("request_parameters", names, both)


def _unmapped(name: str) -> CloudError:
    # The code is ours.
    return CloudError(
        "InvalidServiceParametersMap",
        f"The parameter {name} isn't in ServiceParametersMap with one of the other side.",
    )


_PLAIN: Final[Mapping[str, Sequence[str]]] = {
    "AllowSignatureMethod": ("HmacSHA256", "HmacSHA1,HmacSHA256"),
    "ResultSample": (),
    "ResultType": ("JSON", "TEXT", "BINARY", "XML", "HTML"),
    "Visibility": ("PRIVATE", "PUBLIC"),
    "WebSocketApiType": ("COMMON", "REGISTER", "UNREGISTER", "NOTIFY"),
}
"""What else an API says, of these the first unasked; nothing here depends on it."""


def _plain(said: Said) -> Attributes:
    return {name: _one_of(name, said, _PLAIN[name]) for name in _PLAIN if said.text(name)}


def _one_of(parameter: str, said: Said, allowed: Sequence[object]) -> str:
    text = said.text(parameter)
    if allowed and text not in allowed:
        raise invalid(parameter, f"{text!r} isn't one of {', '.join(map(str, allowed))}")
    return text


def _app_code(said: Said) -> Attributes:
    """How callers may show an app's code; DEFAULT is to leave it to the group."""
    name = "AppCodeAuthType"
    if not said.text(name):
        return {}
    known = contract_of_kind(_KIND).fields["app_code_auth_type"].one_of
    text = _one_of(name, said, ("DEFAULT", *known))
    return {"app_code_auth_type": None if text == "DEFAULT" else text}


STATING: Final = ("AppCodeAuthType", "RequestConfig", "ServiceConfig", *_PARAMETERS, *_PLAIN)
"""The parameters that `stated_definition` reads."""


def stated_definition(said: Said) -> Attributes:
    """The attributes of an API that a call states in a way of its own.

    Raises:
        CloudError: it can't be read, or lacks what it can't do without.
    """
    return _plain(said) | _app_code(said) | _request(said) | _service(said) | _parameters(said)


# --- what is told ---------------------------------------------------------------------------------


def _told(
    names: Mapping[str, str], values: _Values, *, known: Mapping[str, Known]
) -> dict[str, Any]:
    """An object under the cloud's names; a text that isn't set is empty, a flag false."""
    unset: dict[str, object] = {"String": "", "Bool": False}
    return {
        key: values.get(name, unset.get(known[name].type))
        for name, key in names.items()
        if name in values or known[name].type in unset
    }


def _objects(attribute: str, outer: str, names: Mapping[str, str]) -> Callable[[Resource], object]:
    known = inner_fields(_KIND, attribute)

    def tell(api: Resource) -> object:
        held: Sequence[_Values] = api[attribute] or []
        return {outer: [_told(names, one, known=known) for one in held]}

    return tell


def _request_told(api: Resource) -> object:
    known = inner_fields(_KIND, "request_config")
    return _told(_REQUEST, api["request_config"] or {}, known=known)


def _service_told(session: Session, api: Resource) -> dict[str, Any]:
    kind = api.text("service_type")
    attribute = _BACKENDS[kind]
    held: _Values = api[attribute] or {}
    known = inner_fields(_KIND, attribute)
    told: dict[str, Any] = {
        "Mock": "TRUE" if kind == "MOCK" else "FALSE",
        "ServiceVpcEnable": "TRUE" if kind == "HTTP-VPC" else "FALSE",
        "ServiceProtocol": kind if kind == "FunctionCompute" else "HTTP",
    }
    if kind == "MOCK":
        return told | _told(_MOCK, held, known=known)
    if kind == "FunctionCompute":
        inner = {**_told(_FUNCTION, held, known=known), "RegionId": held.get("region", "")}
        return told | {"FunctionComputeConfig": inner, "ServiceTimeout": held.get("timeout")}
    if kind == "HTTP":
        return told | _told({**_SERVICE, "address": "ServiceAddress"}, held, known=known)
    inner = _told(_VPC, held, known=known)
    for access in session.find("api_gateway_vpc_access", name=held.get("name")):
        inner |= {
            "InstanceId": access["instance_id"],
            "Port": access["port"],
            "VpcId": access["vpc_id"],
        }
    return told | _told(_SERVICE, held, known=known) | {"VpcConfig": inner}


def _service_published(session: Session, api: Resource) -> object:
    """The same as a stage tells it, which knows less of it."""
    told = _service_told(session, api)
    outer = {name: told[name] for name in told if name not in {"AoneAppName", *_CONTENT.values()}}
    for part in ("FunctionComputeConfig", "VpcConfig"):
        inner: _Values = outer.get(part, {})
        if inner:
            less = {name: inner[name] for name in inner if name not in {"FcVersion", "VpcScheme"}}
            outer[part] = less
    return outer


def _unasked(name: str) -> Callable[[Resource], object]:
    return lambda api: api[name] or next(iter(_PLAIN[name]), "")


DEFINITION: Final[Mapping[str, Field]] = {
    "ApiId": lambda api: api.id,
    "ApiName": "name",
    "AuthType": "auth_type",
    "ConstantParameters": _objects("constant_parameters", "ConstantParameter", _CONSTANT),
    "Description": "description",
    "ForceNonceCheck": "force_nonce_check",
    "GroupId": "group_id",
    "RegionId": lambda api: api.region,
    "RequestConfig": _request_told,
    "RequestParameters": _objects("request_parameters", "RequestParameter", _ASKED),
    "ServiceConfig": Joined(_service_told),
    "ServiceParameters": _objects(
        "request_parameters", "ServiceParameter", {**_SENT, "type": "ParameterType"}
    ),
    "ServiceParametersMap": _objects(
        "request_parameters",
        "ServiceParameterMap",
        {"name": "RequestParameterName", "name_service": "ServiceParameterName"},
    ),
    "SystemParameters": _objects("system_parameters", "SystemParameter", _SYSTEM),
    **{name: _unasked(name) for name in _PLAIN},
}
"""The fields that an API tells of itself."""

PUBLISHED: Final[Mapping[str, Field]] = {
    **{name: field for name, field in DEFINITION.items() if name != "WebSocketApiType"},
    "ServiceConfig": Joined(_service_published),
}
"""Those that it tells as it was published on a stage."""
