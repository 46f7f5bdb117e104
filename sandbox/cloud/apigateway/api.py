"""APIs: their life in a group and on its stages, who may call them, and what they may call.

What an API may say is in `definition`. A stage keeps what was published on it. The provider
publishes whatever it edits anew on every stage; whoever doesn't says what the stages stay `BEHIND`
with.

An app's key, secret and code are the cloud's to know: the provider never asks for them.

The cloud knows a VPC authorization by what it is for, and APIs know it by its name. Setting another
name for the same port renames it; removing it asks for the port alone. So whoever replaces one by a
second with another name must remove the first before, or removes the second. Removing one that
APIs name is allowed: they answer with an error from then on.
"""

import ipaddress
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.cloud.apigateway.definition import check_definition, completed, route_of
from sandbox.cloud.apigateway.names import check_length, check_name, digest
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import TIME, Parent, Provider, Quota, drawn
from sandbox.cloud.vpc.network import ELSEWHERE

__all__ = ["BEHIND", "Api", "App", "AppAttachment", "VpcAccess", "need_access", "need_published"]

_STAGES = ("RELEASE", "PRE", "TEST")
BEHIND = "behind"
"""An attribute that Pulumi never sees: the definitions that stages have which aren't the last."""


class Api(Kind):
    name = "api_gateway_api"
    not_found = "NotFoundApi"
    texts: ClassVar = {"name": partial(check_name, what="ApiName"), "description": check_length}
    quotas = (Quota("apis_per_group", "ExceedLimitApi", per="group_id"),)
    indexed = ("group_id", "name", "route")
    parents = (Parent("api_gateway_group", "group_id"),)
    dependents = (
        Dependent("api_gateway_app_attachment", "api_id", goes=True),
        Dependent("api_gateway_plugin_attachment", "api_id", goes=True),
    )
    unknowable: ClassVar = {"create_time": "when it was made"}
    # It takes an API off its stages first.
    provider = Provider(id_front="group_id", emptied_first="stage_names")

    @override
    def shaped(self, drawn: str) -> str:
        return digest(drawn)

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "api_id": making.id,
            "create_time": making.time,
            "force_nonce_check": False,
            **wanted,
        }

    @override
    def derive(self, attributes: Mapping[str, Any]) -> Attributes:
        filled = completed(attributes)
        if isinstance(group := filled.get("group_id"), str) and "request_config" in filled:
            filled["route"] = route_of(group, filled["request_config"])
        return filled

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        if own and _is_less(asked, own):
            return
        check_definition(asked)
        for stage in asked.get("stage_names") or ():
            if stage not in _STAGES:
                raise CloudError("NotFoundStage", f"There is no stage called {stage!r}.")
        _check_unique(session, asked, own)
        if asked["service_type"] == "HTTP-VPC":
            need_access(session, asked["http_vpc_service_config"]["name"])

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        now = session.need(self.name, resource.id)
        session.change(now, {**self.derive(now.attributes), BEHIND: changes.get(BEHIND)})

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if stages := resource["stage_names"]:
            raise CloudError(
                "DependencyViolationApi",
                f"The API {resource['name']} is published on {', '.join(stages)}; unpublish it "
                "first.",
            )


def _is_less(asked: Attributes, own: Resource) -> bool:
    """Whether an API is taken off stages and nothing else: then it needs nothing any more."""
    stages = {*(asked.get("stage_names") or ())}
    same = {**asked, "stage_names": None, BEHIND: None}
    return stages < {*(own["stage_names"] or ())} and same == {
        **own.attributes,
        "stage_names": None,
        BEHIND: None,
    }


def _check_unique(session: Session, asked: Attributes, own: Resource | None) -> None:
    group = asked["group_id"]
    same_name = session.find(Api.name, name=asked["name"])
    if any(one["group_id"] == group and one != own for one in same_name):
        raise CloudError(
            "RepeatedApiName", f"The group has an API called {asked['name']!r} already."
        )
    request = asked["request_config"]
    taken = [one for one in session.find(Api.name, route=route_of(group, request)) if one != own]
    if taken:
        raise CloudError(
            "RepeatedRequestPath",
            f"{request['method']} {request['path']} is the API {taken[0]['name']} already.",
        )


def need_access(session: Session, name: object) -> None:
    """Refuse the name of a VPC authorization that doesn't exist."""
    if not session.find("api_gateway_vpc_access", name=name):
        raise CloudError("NotFoundVpc", f"There is no VPC authorization called {name!r}.")


def need_published(session: Session, group: object, api: object, stage: object) -> Resource:
    """An API of a group that is published on a stage; anything else is refused."""
    session.need("api_gateway_group", group)
    found = session.need(Api.name, api)
    if found["group_id"] != group:
        raise CloudError(Api.not_found, f"{api} isn't in the group {group}.")
    if stage not in (found["stage_names"] or ()):
        raise CloudError("NotFoundStage", f"The API {found['name']} isn't published on {stage}.")
    return found


_LONGEST_NAME = 26
# Apps are numbered.
_FIRST_ID, _IDS = 110_000_000, 890_000_000


def _number(drawn: str) -> str:
    return str(_FIRST_ID + int(digest(drawn), 16) % _IDS)


def _key(making: Making) -> str:
    return _number(making.new_id("app-"))


def _secret(making: Making) -> str:
    return digest(making.new_id("app-"))


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
    unknowable: ClassVar = {
        "app_code": "what callers show",
        "app_key": "the number that they sign with",
        "app_secret": "the secret that they sign with",
        "create_time": "when it was made",
    }
    fills: ClassVar = {
        "app_code": _secret,
        "app_key": _key,
        "app_secret": _secret,
        "create_time": TIME,
    }
    provider = Provider(fails_when_gone=True)

    @override
    def shaped(self, drawn: str) -> str:
        return _number(drawn)

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        for name, what in (("name", "AppName"), ("app_key", "AppKey"), ("app_code", "AppCode")):
            stated = asked.get(name)
            if stated and any(one != own for one in session.find(self.name, **{name: stated})):
                raise CloudError(
                    f"Repeated{what}", f"There is an app with the {what} {stated!r} already."
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
    def prepare(self, session: Session, wanted: Attributes) -> None:
        need_published(session, wanted["group_id"], wanted["api_id"], wanted["stage_name"])
        session.need("api_gateway_app", wanted["app_id"])


_TARGETS = ("instance", "slb_load_balancer")
_PORTS = range(1, 65536)


def _is_address(text: str) -> bool:
    """Whether it is an address that the VPC leads to, of a data centre: nobody looks for it."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


class VpcAccess(Kind):
    name = "api_gateway_vpc_access"
    not_found = "NotFoundVpcAccess"
    same_is_one = True
    id_parts = ("vpc_id", "instance_id", "port")
    indexed = ("name",)
    unknowable: ClassVar = {"create_time": "when it was made"}
    provider = Provider(id_front="name")
    fills: ClassVar = {"create_time": TIME, "vpc_access_id": drawn("vpc-access-")}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        self._check_name_free(session, wanted)
        vpc = session.need("vpc", wanted["vpc_id"], "NotFoundVpc")
        targets = (session.get(kind, wanted["instance_id"]) for kind in _TARGETS)
        target = next((one for one in targets if one), None)
        if target is None and not _is_address(wanted["instance_id"]):
            raise CloudError(
                "NotFoundInstanceId",
                f"There is neither a server nor a load balancer {wanted['instance_id']}.",
            )
        if target is not None and target["vpc_id"] != vpc.id:
            raise CloudError(
                "InvalidInstanceId",
                f"{target.id} isn't in {vpc.id} but in {target['vpc_id'] or ELSEWHERE}.",
            )
        if wanted["port"] not in _PORTS:
            raise CloudError("InvalidPort", f"{wanted['port']} isn't a port.")

    @override
    def asked_again(self, session: Session, same: Resource, wanted: Attributes) -> None:
        self._check_name_free(session, wanted)
        host = wanted.get("vpc_target_host_name")
        session.change(same, {"name": wanted["name"], "vpc_target_host_name": host})

    def _check_name_free(self, session: Session, wanted: Attributes) -> None:
        for other in session.find(self.name, name=wanted["name"]):
            if other.id != self.identity(session, wanted):
                raise CloudError(
                    "RepeatedName",
                    f"{wanted['name']!r} is the authorization for {other.id} already.",
                )
