"""`ApiPlugin`: a policy that API Gateway applies to the APIs that it is bound to.

Owns the plugin and the secrecy of what it says. Doesn't own its bindings (`Api` has those, API by
API) or the rules of what each type may say.

Source: API Gateway, "Plug-ins"; the seed document on API Gateway best practices, chapters 1 and 3.
"""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child

# These can't be said without a key or a password.
CREDENTIAL_TYPES: Final = frozenset({"backendSignature", "basicAuth"})
# The others of these can, with a public key, say.
_SECRET_TYPES: Final = CREDENTIAL_TYPES | {"jwtAuth", "remoteAuth"}


class ApiPluginArgs(TypedDict):
    """Arguments of `ApiPlugin`."""

    plugin_name: pulumi.Input[str]
    """Its name, 4 to 50 letters, digits and underscores; no hyphen."""

    plugin_type: str
    """Such as routing, trafficControl, cors or backendSignature. Another one means another
    plugin."""

    plugin_data: pulumi.Input[str]
    """What it does, as JSON or YAML. Secret in previews where it is given as a secret output, and
    always for types that hold credentials."""

    secret: NotRequired[bool]
    """Whether it is a secret in the state, too, which is read from the cloud; of types that can be
    used with credentials it always is. Off unless given."""

    description: NotRequired[pulumi.Input[str] | None]
    """Up to 200 characters."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Its tags."""


class ApiPlugin(Component):
    """A plugin. Child: `<name>-plugin`."""

    plugin_id: pulumi.Output[str]
    """Its id, for APIs."""

    def __init__(
        self, name: str, args: ApiPluginArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the plugin."""
        super().__init__(name, opts)
        # A name has one plugin at a time.
        options = child(self, delete_before_replace=True)
        plugin_type, data = args["plugin_type"], args["plugin_data"]
        if plugin_type in CREDENTIAL_TYPES:
            data = pulumi.Output.secret(data)
        if args.get("secret", False) or (
            isinstance(data, pulumi.Output) and plugin_type in _SECRET_TYPES
        ):
            # The provider reads the text back from the cloud, which doesn't know what is secret.
            # Not for every type: of a routing plugin, say, a preview should show what changes.
            options.additional_secret_outputs = ["plugin_data"]
        plugin = apigateway.Plugin(
            f"{name}-plugin",
            apigateway.PluginArgs(
                plugin_name=args["plugin_name"],
                plugin_type=plugin_type,
                plugin_data=data,
                description=args.get("description"),
                tags=args.get("tags"),
            ),
            opts=options,
        )
        self.plugin_id = plugin.id
        self.register_outputs({"pluginId": self.plugin_id})
