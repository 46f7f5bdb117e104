"""The components of Cloud Enterprise Network, in every way that makes a difference."""

import copy
from collections.abc import Sequence

import pulumi
from pulumi.resource import DependencyProviderResource

import components as c

TAGS = {"team": "shop"}
SHANGHAI, ZHANGJIAKOU, HANGZHOU = "cn-shanghai", "cn-zhangjiakou", "cn-hangzhou"
SEGMENT = "100.104.255.128/26"
SOUTH: c.RouterLinkArgs = {"regions": (HANGZHOU, SHANGHAI), "bandwidth": 3}


def regional(
    opts: pulumi.ResourceOptions | None = None,
    regions: Sequence[str] = (SHANGHAI, ZHANGJIAKOU, HANGZHOU),
) -> pulumi.ResourceOptions:
    """With providers that somebody else made, by region; each is called like its region."""
    front = "urn:pulumi:dev::alicloud-gateways::pulumi:providers:alicloud"
    own = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    own.providers = {one: DependencyProviderResource(f"{front}::{one}::1") for one in regions}
    return own


def basic_args() -> c.BasicCenArgs:
    return {
        "cen_name": "shop",
        "cen_description": "functions and their gateway",
        "attachments": {
            "gateway": {"region": SHANGHAI, "vpc_id": "vpc-1", "was": "api"},
            "functions": {"region": ZHANGJIAKOU, "vpc_id": "vpc-2"},
            "office": {"region": SHANGHAI, "vbr_id": "vbr-1"},
        },
        "links": {"north": {"regions": (ZHANGJIAKOU, SHANGHAI), "bandwidth": 2, "was": "up"}},
        "bandwidth_package": {"bandwidth": 2, "package_name": "shop"},
        "services": {
            "gateway": {
                "host": SEGMENT,
                "attachment": "gateway",
                "description": "the gateway",
                "was": "api",
            }
        },
        "tags": TAGS,
    }


def basic_cen(opts: pulumi.ResourceOptions | None) -> None:
    """Two of everything that is made one by one."""
    args = basic_args()
    args["attachments"] = {
        **args["attachments"],
        "archive": {"region": HANGZHOU, "vpc_id": "vpc-3"},
    }
    args["links"] = {"south": SOUTH, **args.get("links", {})}
    args["services"] = {
        "logs": {"host": "100.104.1.0/26", "attachment": "functions"},
        **args.get("services", {}),
    }
    c.BasicCen("joined", args, regional(opts))


def basic_cen_in_a_region(opts: pulumi.ResourceOptions | None) -> None:
    """On a CEN that exists; nothing crosses regions."""
    c.BasicCen(
        "joined",
        {
            "cen_id": "cen-1",
            "attachments": {
                "gateway": {"region": SHANGHAI, "vpc_id": "vpc-1"},
                "office": {"region": SHANGHAI, "vbr_id": "vbr-1"},
            },
            "tags": TAGS,
        },
        regional(opts),
    )


def router_args() -> c.TransitRoutersArgs:
    return {
        "cen_name": "shop",
        "attachments": {
            "gateway": {
                "region": SHANGHAI,
                "vpc_id": "vpc-1",
                "vswitches": {"cn-shanghai-f": "vsw-2", "cn-shanghai-b": "vsw-1"},
                "route_table_id": "vtb-1",
                "attachment_name": "gateway",
                "was": "api",
            },
            "functions": {
                "region": ZHANGJIAKOU,
                "vpc_id": "vpc-2",
                "vswitches": {"cn-zhangjiakou-a": "vsw-3"},
                "route_table_id": "vtb-2",
                "was": "fc",
            },
            "office": {"region": SHANGHAI, "vbr_id": "vbr-1"},
        },
        "links": {
            "north": {
                "regions": (ZHANGJIAKOU, SHANGHAI),
                "bandwidth": 2,
                "link_name": "north",
                "was": "up",
            }
        },
        "services": {"gateway": {"cidr": SEGMENT, "attachment": "gateway", "was": "api"}},
        "tags": TAGS,
    }


def transit_routers(opts: pulumi.ResourceOptions | None) -> None:
    c.TransitRouters("joined", router_args(), regional(opts))


def transit_routers_with_a_package(opts: pulumi.ResourceOptions | None) -> None:
    """Two links, one to a region where nothing is attached, and two services beside each other."""
    args = router_args()
    c.TransitRouters(
        "joined",
        {
            **args,
            "links": {"south": SOUTH, **args.get("links", {})},
            "services": {
                "logs": {"cidr": "100.104.1.0/26", "attachment": "gateway"},
                "storage": {"cidr": "100.104.2.0/26", "attachment": "functions"},
                **args.get("services", {}),
            },
            "bandwidth_package": {
                "bandwidth": 2,
                "payment_type": "PrePaid",
                "period": 1,
                "auto_renew": True,
                "areas": ["China", "Europe"],
            },
        },
        regional(opts),
    )


def transit_routers_that_exist(opts: pulumi.ResourceOptions | None) -> None:
    """On a CEN that has its package and a router."""
    c.TransitRouters(
        "joined",
        {
            **router_args(),
            "cen_id": "cen-1",
            "router_ids": {SHANGHAI: "tr-1"},
            "bandwidth_package": {"package_id": "cenbwp-1", "is_attached": True},
        },
        regional(opts),
    )


CEN_BUILDS = (
    basic_cen,
    basic_cen_in_a_region,
    transit_routers,
    transit_routers_with_a_package,
    transit_routers_that_exist,
)
