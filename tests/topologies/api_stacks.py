"""Stack files with an API gateway for tests, and edits of them."""

from typing import Any

from tests.stackfiles import Edit, dev_stack, loaded
from tests.topologies.unified import put

G = "apiGateway"
SECURE = {"secure": "v1:bm9uY2U=:Y2lwaGVydGV4dA=="}

# A plugin whose two routes share all requests, four fifths and one.
SHARED_ROUTES: dict[str, Any] = {
    "routing": {
        "routes": [
            {
                "name": name,
                "condition": "1 = 1",
                "weight": weight,
                "backend": {"http": {"address": f"https://{name}.example.com"}},
            }
            for name, weight in (("blue", 80), ("green", 20))
        ]
    }
}

# One of everything that needs no network: nothing to refuse, nothing to warn about.
GATEWAY = """\
groups:
  shop: {basePath: /shop}
apps:
  caller: {}
vpcAccess:
  ingress: {vpc: vpc-1, instanceId: lb-1, port: 80}
apis:
  order:
    group: shop
    method: GET
    path: /orders/[id]
    apps: [caller]
    parameters: {id: {in: path, required: true}}
    backend: {http: {url: "http://backend1.example.com:8080/orders/[id]"}}
    plugins: [limits]
  pay:
    group: shop
    method: POST
    bodyFormat: stream
    path: /pay
    apps: [caller]
    backend: {vpc: {access: ingress, path: /pay}}
plugins:
  limits: {trafficControl: {unit: MINUTE, apiDefault: 100}}
"""

NETWORK = """\
vpc: {cidr: 192.168.0.0/16}
vswitches:
  apps: {cidr: 192.168.1.0/24, zone: cn-shanghai-a}
hosts:
  ecs1: {ip: 192.168.1.1, vswitch: apps, instanceId: i-1}
  ecs2: {ip: 192.168.1.2, vswitch: apps}
  ecs3: {ip: 192.168.1.3, vswitch: apps, instance: {type: ecs.g7.large, image: aliyun_3.vhd}}
"""

SIGNATURE: dict[str, Any] = {
    "backendSignature": {"type": "APIGW_FRONTEND", "key": SECURE, "secret": SECURE}
}
"""A plugin with two secrets, both encrypted."""


def api_stack(*edits: Edit) -> str:
    """A stack file with API Gateway alone and no network, after some edits."""

    def alone(settings: dict[str, Any]) -> None:
        for key in ("sharedBandwidth", "network"):
            del settings[key]
        settings["topology"] = "api-gateway"
        settings[G] = loaded(GATEWAY)
        for edit in edits:
            edit(settings)

    return dev_stack(alone)


def network() -> Edit:
    """An edit that adds a network: with hosts by address, by instance and created."""
    return put("", network=loaded(NETWORK))


def bound(name: str, plugin: object, api: str = "order") -> list[Edit]:
    """Edits that add a plugin, and bind it to an API as its only one."""
    return [put(f"{G}.plugins", **{name: plugin}), put(f"{G}.apis.{api}", plugins=[name])]


def limits_elsewhere() -> Edit:
    """An edit that keeps `limits` in use where `bound` takes it away."""
    return put(f"{G}.apis.pay", plugins=["limits"])


def mock_api(**changes: object) -> dict[str, object]:
    """An API that everybody may call and that answers by itself."""
    return {
        "group": "shop",
        "method": "GET",
        "path": "/mock",
        "auth": "anonymous",
        "acknowledged": True,
        "backend": {"mock": {"body": "ok"}},
        **changes,
    }
