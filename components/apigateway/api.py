"""`Api`: one method and path of a group, published, with who may call it and which plugins apply.

Owns the API, its publication in one stage, the authorizations of apps to call it and the bindings
of plugins to it. Doesn't own the group, the apps, the plugins or the backend.

Source: API Gateway, "CreateApi", "DeployApi", "SetAppsAuthorities" and "AttachPlugin"; the seed
document on API Gateway best practices.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child, former
from ._definition import (
    ApiBackendArgs,
    ApiConstantParameterArgs,
    ApiRequestArgs,
    ApiRequestParameterArgs,
    ApiSystemParameterArgs,
    constant_parameters,
    request_parameters,
    service,
    system_parameters,
)


class ApiBindingArgs(TypedDict):
    """An app or a plugin of an API."""

    id: pulumi.Input[str]
    """Its id: `ApiApp.app_id` or `ApiPlugin.plugin_id`."""

    was: NotRequired[str | None]
    """The key that it had before."""


class ApiArgs(TypedDict):
    """Arguments of `Api`. Everything but the group is updated in place, and published at once."""

    api_name: pulumi.Input[str]
    """Its name, the only one in the group: 4 to 50 letters, digits and underscores, the first of
    them a letter."""

    group_id: pulumi.Input[str]
    """Its group: `ApiGroup.group_id`."""

    description: pulumi.Input[str]
    """Up to 180 characters."""

    request: ApiRequestArgs
    """What clients send."""

    auth_type: str
    """"APP": apps that are authorized; "ANONYMOUS": everybody."""

    app_code_auth_type: NotRequired[str | None]
    """Whether an app's AppCode is enough instead of a signature: "DISABLE", "HEADER" or
    "HEADER_QUERY"; as the cloud likes, unless given."""

    backend: ApiBackendArgs
    """Where requests go."""

    stage_name: str
    """"RELEASE", "PRE" or "TEST". The provider takes an API out of every stage that isn't named, so
    that one API is one stack's alone."""

    request_parameters: NotRequired[Mapping[str, ApiRequestParameterArgs]]
    """What clients send, by name."""

    constant_parameters: NotRequired[Mapping[str, ApiConstantParameterArgs]]
    """What the gateway adds, by name. All of it is secret in the state where a value is given as an
    output."""

    system_parameters: NotRequired[Mapping[str, ApiSystemParameterArgs]]
    """What the gateway knows by itself, by the name that it has there."""

    force_nonce_check: NotRequired[bool]
    """Refuse a request that was sent before (X-Ca-Nonce). Off unless given."""

    apps: NotRequired[Mapping[str, ApiBindingArgs]]
    """Apps that may call it, by key; the key becomes part of the resource's name."""

    plugins: NotRequired[Mapping[str, ApiBindingArgs]]
    """Plugins that apply to it, by their type; the type becomes part of the resource's name. An API
    has one of a type, and its place keeps its name when another plugin takes it, so that the cloud
    is never asked to hold both."""


class Api(Component):
    """A published API.

    Children: `<name>-api`, `<name>-app-<key>` for each app, `<name>-plugin-<key>` for each plugin.
    """

    api_id: pulumi.Output[str]
    """Its id in the cloud, known once it is published."""

    api_urn: pulumi.Output[str]
    """URN of the API without its bindings: what comes next in the group waits for this one, since
    the cloud changes one API of a group at a time."""

    def __init__(
        self, name: str, args: ApiArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the API and its bindings."""
        super().__init__(name, opts)
        self._name = name
        api = self._api(args)
        self.api_urn = api.urn
        self.api_id = api.api_id
        for key, app in sorted(args.get("apps", {}).items()):
            apigateway.AppAttachment(
                f"{name}-app-{key}",
                apigateway.AppAttachmentArgs(
                    group_id=args["group_id"],
                    # An output: there is nothing to authorize before the API is published.
                    api_id=api.api_id,
                    app_id=app["id"],
                    stage_name=args["stage_name"],
                ),
                opts=self._binding("app", app),
            )
        for key, plugin in sorted(args.get("plugins", {}).items()):
            apigateway.PluginAttachment(
                f"{name}-plugin-{key}",
                apigateway.PluginAttachmentArgs(
                    group_id=args["group_id"],
                    api_id=api.api_id,
                    plugin_id=plugin["id"],
                    stage_name=args["stage_name"],
                ),
                opts=self._binding("plugin", plugin),
            )
        self.register_outputs({"apiId": self.api_id})

    def _api(self, args: ApiArgs) -> "apigateway.Api":
        request, constants = args["request"], args.get("constant_parameters", {})
        options = child(self)
        if any(isinstance(one["value"], pulumi.Output) for one in constants.values()):
            # The provider reads them back from the cloud, which doesn't know what is secret.
            options.additional_secret_outputs = ["constant_parameters"]
        return apigateway.Api(
            f"{self._name}-api",
            apigateway.ApiArgs(
                name=args["api_name"],
                group_id=args["group_id"],
                description=args["description"],
                auth_type=args["auth_type"],
                app_code_auth_type=args.get("app_code_auth_type"),
                request_config=apigateway.ApiRequestConfigArgs(
                    method=request["method"],
                    path=request["path"],
                    protocol=request["protocol"],
                    mode=request["mode"],
                    body_format=request.get("body_format"),
                ),
                **service(self._name, args["backend"]),
                request_parameters=request_parameters(args.get("request_parameters", {})),
                constant_parameters=constant_parameters(constants),
                system_parameters=system_parameters(args.get("system_parameters", {})),
                # Said even where it is off: left out, the provider keeps what the cloud has.
                force_nonce_check=args.get("force_nonce_check", False),
                stage_names=[args["stage_name"]],
            ),
            opts=options,
        )

    def _binding(self, kind: str, args: ApiBindingArgs) -> pulumi.ResourceOptions:
        # The cloud takes an equal binding for the same one, so that the old one's deletion would
        # take the new one away.
        return child(
            self,
            after=(),
            was=former(f"{self._name}-{kind}", args.get("was")),
            delete_before_replace=True,
        )
