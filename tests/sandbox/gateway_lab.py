"""An API Gateway in a simulated cloud, with a server behind it, for tests of its rules."""

import json
from typing import Any

from sandbox.cloud import Resource, Store
from tests.sandbox.cloud_lab import Lab

ROUTING: dict[str, Any] = {"routes": [{"name": "all", "condition": "1 = 1", "backend": {}}]}
TRUST = json.dumps({
    "Version": "1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": ["apigateway.aliyuncs.com"]},
        }
    ],
})  # fmt: skip


class GatewayLab(Lab):
    """A group, a server, and what makes more of each. Nothing takes time."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        store.instance_seconds = 0
        self.server = self.new_instance(super().new_group())
        self.group = self.new_api_group("shop")

    def new_gateway_instance(self, **more: object) -> Resource:
        asked = {
            "instance_name": "front",
            "instance_spec": "api.s1.small",
            "https_policy": "HTTPS2_TLS1_0",
            "payment_type": "PayAsYouGo",
        }
        return self.store.create("api_gateway_instance", {**asked, **more})

    def new_api_group(self, name: str = "more", **more: object) -> Resource:
        return self.store.create("api_gateway_group", {"name": name, **more})

    def definition(self, **more: object) -> dict[str, Any]:
        """What an API with a fixed answer says."""
        request = {"protocol": "HTTP", "method": "GET", "path": "/users", "mode": "MAPPING"}
        return {
            "group_id": self.group.id,
            "name": "list_users",
            "description": "Users",
            "auth_type": "APP",
            "request_config": request,
            "service_type": "MOCK",
            "mock_service_config": {"result": "[]"},
            "stage_names": ["RELEASE"],
            **more,
        }

    def new_api(self, path: str = "/users", method: str = "GET", **more: object) -> Resource:
        definition = self.definition(**more)
        definition["request_config"] |= {"path": path, "method": method}
        if method in {"POST", "PUT"}:
            definition["request_config"].setdefault("body_format", "STREAM")
        return self.store.create("api_gateway_api", definition)

    def new_app(self, name: str = "mobile") -> Resource:
        return self.store.create("api_gateway_app", {"name": name})

    def authorize(self, app: Resource, api: Resource, stage: str = "RELEASE") -> Resource:
        asked = {"group_id": api["group_id"], "api_id": api.id, "app_id": app.id}
        return self.store.create("api_gateway_app_attachment", {**asked, "stage_name": stage})

    def new_access(self, name: str = "backend", port: int = 80, **more: object) -> Resource:
        asked = {"vpc_id": self.vpc.id, "instance_id": self.server.id}
        stated = {"name": name, "port": port, **asked, **more}
        return self.store.create("api_gateway_vpc_access", stated)

    def new_plugin(self, name: str = "route", kind: str = "routing", data: object = ROUTING) -> Any:
        text = data if isinstance(data, str) else json.dumps(data)
        asked = {"plugin_name": name, "plugin_type": kind, "plugin_data": text}
        return self.store.create("api_gateway_plugin", asked)

    def attach_plugin(self, plugin: Resource, api: Resource, stage: str = "RELEASE") -> Resource:
        asked = {"group_id": api["group_id"], "api_id": api.id, "plugin_id": plugin.id}
        return self.store.create("api_gateway_plugin_attachment", {**asked, "stage_name": stage})

    def delete(self, one: Resource, *, force: bool = False) -> None:
        self.store.delete(one.kind, one.id, force=force)


def new_gateway_lab() -> GatewayLab:
    return GatewayLab(Store(":memory:", seed="tests"))


def parameter(name: str, place: str = "QUERY", **more: str) -> dict[str, str]:
    """A request parameter that goes on to the backend as it is."""
    plain = {"type": "STRING", "required": "REQUIRED"}
    return {"name": name, "in": place, "in_service": place, "name_service": name, **plain, **more}
