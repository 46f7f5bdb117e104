"""Groups of APIs: what they share is their domains and their instance."""

from functools import partial
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.apigateway.instance import SHARED_INSTANCE
from sandbox.cloud.apigateway.names import check_length, check_name, digest
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent, Quota

__all__ = ["Group"]


class Group(Kind):
    name = "api_gateway_group"
    not_found = "NotFoundApiGroup"
    texts: ClassVar = {"name": partial(check_name, what="GroupName"), "description": check_length}
    quotas = (
        Quota("api_groups_per_region", "ExceedLimitApiGroup"),
        Quota("api_groups_without_domain", "ExceedLimitApiGroup"),
    )
    indexed = ("name", "instance_id")
    parents = (Parent("api_gateway_instance", "instance_id", instead=(None, "", SHARED_INSTANCE)),)
    dependents = (
        Dependent(
            "api_gateway_api",
            "group_id",
            "DependencyViolationApiGroup",
            "The group {it[name]} still has the API {user[name]}.",
        ),
    )

    @override
    def shaped(self, drawn: str) -> str:
        return digest(drawn)

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "base_path": "/",
            "instance_id": SHARED_INSTANCE,
            "sub_domain": f"{making.id}-{making.region}.alicloudapi.com",
            **wanted,
            "vpc_domain": _vpc_domain(making.id, making.region, wanted),
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        if not str(asked.get("base_path", "/")).startswith("/"):
            raise CloudError(
                "InvalidBasePath", f"{asked['base_path']!r} doesn't start with a slash."
            )
        if any(one != own for one in session.find(self.name, name=asked.get("name"))):
            raise CloudError(
                "RepeatedGroupName", f"There is a group called {asked['name']!r} already."
            )

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if "vpc_intranet_enable" in changes:
            domain = _vpc_domain(resource.id, resource.region, changes)
            session.change(resource, {"vpc_domain": domain})


def _vpc_domain(identity: str, region: str, asked: Attributes) -> str:
    return f"{identity}-{region}-vpc.alicloudapi.com" if asked.get("vpc_intranet_enable") else ""
