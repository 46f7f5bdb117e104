"""Apps, which call APIs, and what they are authorized for.

An app's key, secret and code are the cloud's to know: nobody is answered them here.
"""

from typing_extensions import override

from sandbox.cloud.apigateway.api import need_published
from sandbox.cloud.apigateway.names import check_length, check_name, digest
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session

__all__ = ["App", "AppAttachment"]

_LONGEST_NAME = 26
# Apps are numbered.
_FIRST_ID, _IDS = 110_000_000, 890_000_000
_ATTACHMENT = "api_gateway_app_attachment"


class App(Kind):
    name = "api_gateway_app"
    not_found = "NotFoundApp"

    @override
    def shaped(self, drawn: str) -> str:
        return str(_FIRST_ID + int(digest(drawn), 16) % _IDS)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        _check(session, wanted, None)
        used = session.count(self.name)
        session.check_quota("api_apps_per_region", used, "ExceedLimitApp")
        return {}

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check(session, {**resource.attributes, **changes}, resource)

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        for one in session.sift(_ATTACHMENT, app_id=resource.id):
            session.remove(one)


def _check(session: Session, asked: Attributes, own: Resource | None) -> None:
    check_name(asked.get("name"), "AppName", _LONGEST_NAME)
    check_length(asked.get("description"), "Description")
    if any(one != own for one in session.find(App.name, name=asked["name"])):
        raise CloudError("RepeatedAppName", f"There is an app called {asked['name']!r} already.")


class AppAttachment(Kind):
    """An app's permission to call an API on one stage; asking for it twice is fine."""

    name = _ATTACHMENT
    not_found = "NotFoundAuthorization"
    same_is_one = True

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        parts = ("group_id", "api_id", "app_id", "stage_name")
        return ":".join(str(wanted[part]) for part in parts)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        need_published(session, wanted["group_id"], wanted["api_id"], wanted["stage_name"])
        session.need(App.name, wanted["app_id"], App.not_found)
        return {}
