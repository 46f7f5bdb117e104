"""Apps, which call APIs, and what they are authorized for.

An app's key, secret and code are the cloud's to know: nobody is answered them here.
"""

from functools import partial
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.apigateway.api import need_published
from sandbox.cloud.apigateway.names import check_length, check_name, digest
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Resource, Session
from sandbox.cloud.core.kind import Provider, Quota

__all__ = ["App", "AppAttachment"]

_LONGEST_NAME = 26
# Apps are numbered.
_FIRST_ID, _IDS = 110_000_000, 890_000_000


class App(Kind):
    name = "api_gateway_app"
    not_found = "NotFoundApp"
    texts: ClassVar = {
        "name": partial(check_name, what="AppName", longest=_LONGEST_NAME),
        "description": check_length,
    }
    quotas = (Quota("api_apps_per_region", "ExceedLimitApp"),)
    indexed = ("name",)
    dependents = (Dependent("api_gateway_app_attachment", "app_id", goes=True),)
    provider = Provider(fails_when_gone=True)

    @override
    def shaped(self, drawn: str) -> str:
        return str(_FIRST_ID + int(digest(drawn), 16) % _IDS)

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        if any(one != own for one in session.find(self.name, name=asked["name"])):
            raise CloudError(
                "RepeatedAppName", f"There is an app called {asked['name']!r} already."
            )


class AppAttachment(Kind):
    """An app's permission to call an API on one stage; asking for it twice is fine."""

    name = "api_gateway_app_attachment"
    not_found = "NotFoundAuthorization"
    same_is_one = True
    id_parts = ("group_id", "api_id", "app_id", "stage_name")
    indexed = ("api_id",)
    provider = Provider(fails_when_gone=True)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        need_published(session, wanted["group_id"], wanted["api_id"], wanted["stage_name"])
        session.need("api_gateway_app", wanted["app_id"])
        return {}
