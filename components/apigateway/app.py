"""`ApiApp`: who calls APIs, with a key and a secret of its own.

Owns the app. Doesn't own its authorizations (`Api` has those, API by API). The cloud makes up its
key and secret, and the provider gives out neither: read them in the console or with the API.

Source: API Gateway, "Manage apps"; the seed document on API Gateway best practices, chapter 1.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child


class ApiAppArgs(TypedDict):
    """Arguments of `ApiApp`."""

    app_name: pulumi.Input[str]
    """Its name: 4 to 26 letters, digits and underscores, the first of them a letter."""

    description: NotRequired[pulumi.Input[str] | None]
    """Up to 180 characters."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Its tags."""


class ApiApp(Component):
    """An app. Child: `<name>-app`."""

    app_id: pulumi.Output[str]
    """Its id, for the APIs that it may call and for conditions on `CaAppId`."""

    def __init__(
        self, name: str, args: ApiAppArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the app."""
        super().__init__(name, opts)
        app = apigateway.App(
            f"{name}-app",
            apigateway.AppArgs(
                name=args["app_name"],
                description=args.get("description"),
                tags=args.get("tags"),
            ),
            opts=child(self),
        )
        self.app_id = app.id
        self.register_outputs({"appId": self.app_id})
