"""Wire APIs, their settings in the provider's words: HEAD for header, BODY for form, APP for app.

The APIs of one group are made one after the other, by name: the cloud changes one at a time, and
the provider doesn't try again (API Gateway, CreateApi: ConcurrencyLockTimeout).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import pulumi

from components import (
    Api,
    ApiApp,
    ApiArgs,
    ApiBackendArgs,
    ApiBindingArgs,
    ApiConstantParameterArgs,
    ApiFunctionBackendArgs,
    ApiGroup,
    ApiHttpBackendArgs,
    ApiMockBackendArgs,
    ApiPlugin,
    ApiRequestArgs,
    ApiRequestParameterArgs,
    ApiSystemParameterArgs,
    ApiVpcAccess,
    ApiVpcBackendArgs,
    resource_at,
)
from stack.problems import KeyPath
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import ApiSettings, Location, ParameterSettings
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.names import gateway_name
from topologies.api_gateway.settings import ApiGatewaySettings
from topologies.context import Context
from topologies.renames import renamed
from topologies.secrets import secret_of, with_secrets

_LOCATIONS: Final = {
    Location.HEADER: "HEAD",
    Location.QUERY: "QUERY",
    Location.PATH: "PATH",
    Location.FORM: "BODY",
}


@dataclass(frozen=True)
class CallableFunction:
    """A function of the stack, as APIs call it."""

    name: pulumi.Output[str]
    role_arn: pulumi.Output[str] | None
    """The role that the stack makes for it; None where every API brings one."""

    region: str | None


@dataclass(frozen=True)
class ApiParts:
    """What APIs are made on."""

    context: Context
    section: ApiGatewaySettings
    groups: Mapping[str, ApiGroup]
    apps: Mapping[str, ApiApp]
    accesses: Mapping[str, ApiVpcAccess]
    plugins: Mapping[str, ApiPlugin]
    functions: Mapping[str, CallableFunction]


def build_apis(parts: ApiParts) -> dict[str, Api]:
    """Register the APIs."""
    apis: dict[str, Api] = {}
    # An API may be moved between groups, and its bindings between plugins.
    ground = [*parts.groups.values(), *parts.plugins.values()]
    last: dict[str, Sequence[pulumi.Resource]] = {}
    for key, api in sorted(parts.section.apis.items()):
        apis[key] = _api(parts, key, api, last.get(api.group, ground))
        last[api.group] = [resource_at(apis[key].api_urn)]
    return apis


def _api(parts: ApiParts, key: str, api: ApiSettings, after: Sequence[pulumi.Resource]) -> Api:
    settings = parts.context.settings
    arguments = ApiArgs(
        api_name=gateway_name(settings.stack, key, api.name),
        group_id=parts.groups[api.group].group_id,
        description=api.description or key,
        request=_request(api),
        auth_type=api.auth.upper(),
        app_code_auth_type=api.app_code.upper().replace("-", "_") if api.app_code else None,
        backend=_backend(parts, api),
        stage_name=parts.section.stage,
        force_nonce_check=api.replay_protection,
        apps={
            app: ApiBindingArgs(id=parts.apps[app].app_id, was=parts.section.apps[app].was)
            for app in api.apps
        },
        # By kind: an API has one of each, so that another one of a kind takes its place.
        plugins={
            parts.section.plugins[plugin].type: ApiBindingArgs(id=parts.plugins[plugin].plugin_id)
            for plugin in api.plugins
        },
        request_parameters={name: _parameter(one) for name, one in api.parameters.items()},
        constant_parameters={
            name: ApiConstantParameterArgs(
                location=_LOCATIONS[one.location],
                value=one.value if isinstance(one.value, str) else _secret(parts, key, name),
                description=one.description,
            )
            for name, one in api.constants.items()
        },
        system_parameters={
            name: ApiSystemParameterArgs(
                location=_LOCATIONS[one.location], backend_name=one.backend_name
            )
            for name, one in api.system_parameters.items()
        },
    )
    return Api(f"api-{key}", arguments, renamed(api.was, "api", after=after))


def _secret(parts: ApiParts, api: str, constant: str) -> pulumi.Output[str]:
    """A constant that is secret, of the stack file or of a document with the file's variables."""
    origin = parts.section.origins.get(api)
    if origin is None:
        return secret_of((SECTION, "apis", api, "constants", constant, "value"))
    pieces = origin.sealed[constant]

    def written(secret: Callable[[KeyPath], str]) -> str:
        return "".join(one if isinstance(one, str) else secret(one.path) for one in pieces)

    return with_secrets((*origin.entry, "variables"), written)


def _request(api: ApiSettings) -> ApiRequestArgs:
    body_format = api.body_format.upper() if api.body_format is not None else None
    if body_format is None and any(o.location is Location.FORM for o in api.parameters.values()):
        body_format = "FORM"
    return ApiRequestArgs(
        method=api.method.value,
        path=api.path,
        protocol=api.protocol.upper(),
        mode=api.mode.upper(),
        body_format=body_format,
    )


def _backend(parts: ApiParts, api: ApiSettings) -> ApiBackendArgs:
    backend, timeout = api.backend, api.backend.timeout
    if backend.http is not None:
        url = urlsplit(backend.http.url)
        http = ApiHttpBackendArgs(
            address=f"{url.scheme}://{url.netloc}",
            path=url.path or "/",
            method=_method(backend.http.method, api),
            timeout=timeout,
        )
        return ApiBackendArgs(http=http)
    if backend.vpc is not None:
        vpc = ApiVpcBackendArgs(
            access_name=parts.accesses[backend.vpc.access].name,
            path=backend.vpc.path,
            method=_method(backend.vpc.method, api),
            scheme=backend.vpc.scheme.upper(),
            timeout=timeout,
        )
        return ApiBackendArgs(vpc=vpc)
    if backend.function is not None:
        own = parts.functions.get(backend.function.function)
        made = own.role_arn if own is not None and backend.function.role is None else None
        function = ApiFunctionBackendArgs(
            function_name=own.name if own is not None else backend.function.function,
            region=(own.region if own is not None else parts.context.settings.region) or "",
            role_arn=made if made is not None else backend.function.role or "",
            qualifier=backend.function.qualifier,
            timeout=timeout,
        )
        return ApiBackendArgs(function=function)
    result = backend.mock.body if backend.mock is not None else ""
    return ApiBackendArgs(mock=ApiMockBackendArgs(result=result))


def _method(method: Method | None, api: ApiSettings) -> str:
    return (method or api.method).value


def _parameter(one: ParameterSettings) -> ApiRequestParameterArgs:
    return ApiRequestParameterArgs(
        location=_LOCATIONS[one.location],
        type=one.type.upper(),
        required=one.required,
        default=one.default,
        description=one.description,
        backend_name=one.backend_name,
        backend_location=_LOCATIONS[one.backend_in] if one.backend_in is not None else None,
    )
