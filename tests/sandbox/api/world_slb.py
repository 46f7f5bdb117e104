"""Classic Load Balancer's account: listeners of each protocol, servers in a group and beside it."""

from typing import Any

from sandbox.api import slb
from tests.sandbox.api.api_lab import lab_api
from tests.sandbox.api.world import World

PORTS = {"tcp": 22, "udp": 53, "http": 80, "https": 443}


def of_slb() -> World:
    lab, api = lab_api()
    tagged: dict[str, Any] = {"tags": {"team": "shop"}}
    server = lab.new_instance(lab.new_group())
    balancer = lab.store.create("slb_load_balancer", {"vswitch_id": lab.vswitch.id, **tagged})
    group = lab.store.create(
        "slb_server_group", {"load_balancer_id": balancer.id, "name": "apps", **tagged}
    )
    asked = {"server_group_id": group.id, "server_id": server.id, "port": 8080}
    lab.store.create("slb_server_group_server_attachment", asked)
    of_web = {
        "cookie": "shop",
        "cookie_timeout": 60,
        "forward_port": 443,
        "health_check_method": "head",
        "sticky_session_type": "insert",
    }
    for protocol, port in PORTS.items():
        asked = {"load_balancer_id": balancer.id, "protocol": protocol, "frontend_port": port}
        everything = {
            "acl_id": "acl-1",
            "acl_ids": ["acl-1"],
            "acl_type": "white",
            "backend_port": 8080,
            "ca_certificate_id": "ca-1",
            "description": protocol,
            "health_check_domain": "shop.example",
            "server_certificate_id": "cert-1",
            "server_group_id": group.id,
        }
        lab.store.create("slb_listener", {**asked, **everything, **of_web})
    of_protocol = {
        f"{front}LoadBalancer{protocol.upper()}Listener{back} ListenerPort": str(
            port + (front == "Create")
        )
        for protocol, port in PORTS.items()
        for front, back in (("Create", ""), ("Describe", "Attribute"), ("Set", "Attribute"))
    }
    made = {
        f"CreateLoadBalancer{protocol.upper()}Listener {name}": value
        for protocol in PORTS
        for name, value in {
            "BackendServerPort": "8080",
            **({"ServerCertificateId": "cert-1"} if protocol == "https" else {}),
        }.items()
    }
    return World(
        api.of(slb.PRODUCT),
        {
            "LoadBalancerId": balancer.id,
            "LoadBalancerName": "shop",
            "LoadBalancerStatus": "active",
            "LoadBalancerSpec": "slb.s2.small",
            "DeleteProtection": "off",
            "InstanceChargeType": "PayBySpec",
            "ModificationProtectionStatus": "NonProtection",
            "PayType": "PayOnDemand",
            "ListenerPort": "22",
            "VServerGroupId": group.id,
            "BackendServers": f"[{{'ServerId':'{server.id}','Port':'8080'}}]",
            "ResourceType": "instance",
            "ResourceId.1": balancer.id,
            "Tag.1.Key": "a",
            **of_protocol,
            **made,
        },
    )
