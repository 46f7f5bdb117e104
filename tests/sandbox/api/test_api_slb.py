"""Classic Load Balancer by the cloud's API, as the real provider and SDKs go about it."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.api import slb
from sandbox.cloud import Resource
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import REGION, Api, lab_api, served
from tests.sandbox.api.official import models_of


@pytest.fixture
def lab_slb() -> tuple[Any, Api, Resource]:
    """A load balancer in a network, and the API over it."""
    lab, api = lab_api()
    made = lab.store.create("slb_load_balancer", {"vswitch_id": lab.vswitch.id})
    return lab, api.of(slb.PRODUCT), made


def told(api: Api, balancer: str) -> dict[str, Any]:
    return api.call("DescribeLoadBalancerAttribute", LoadBalancerId=balancer)


def listener(api: Api, balancer: Resource, protocol: str, port: int = 80) -> dict[str, Any]:
    name = f"DescribeLoadBalancer{protocol.upper()}ListenerAttribute"
    return api.call(name, LoadBalancerId=balancer.id, ListenerPort=str(port))


# What the provider says of every listener, whatever its protocol is.
ALWAYS = {
    "StickySession": "off",
    "HealthCheck": "on",
    "RequestTimeout": "60",
    "IdleTimeout": "15",
    "HealthCheckURI": "/",
    "HealthyThreshold": "3",
    "UnhealthyThreshold": "3",
    "HealthCheckTimeout": "5",
    "HealthCheckConnectTimeout": "5",
    "HealthCheckInterval": "2",
    "HealthCheckHttpCode": "http_2xx",
    "HealthCheckType": "tcp",
    "EstablishedTimeout": "900",
    "Gzip": "on",
    "Scheduler": "wrr",
}


def test_a_load_balancer_lives_as_the_provider_leads_it() -> None:
    lab, vpc_api = lab_api()
    api = vpc_api.of(slb.PRODUCT)
    made = api.call(
        "CreateLoadBalancer",
        VpcId=lab.vpc.id,
        VSwitchId=lab.vswitch.id,
        AddressType="intranet",
        InternetChargeType="paybytraffic",
        PayType="PayOnDemand",
        LoadBalancerSpec="slb.s2.small",
        Bandwidth="5",
        DeleteProtection="on",
    )
    what = {"LoadBalancerId": made["LoadBalancerId"]}
    row = told(api, made["LoadBalancerId"])
    assert (row["LoadBalancerStatus"], row["Address"]) == ("active", made["Address"])
    assert (row["PayType"], row["InternetChargeType"]) == ("PayOnDemand", "paybytraffic")
    assert (row["Bandwidth"], row["VpcId"]) == (5, lab.vpc.id)
    assert row["ListenerPortsAndProtocol"] == {"ListenerPortAndProtocol": []}
    found = lab.store.look("slb_load_balancer", made["LoadBalancerId"])
    assert (found["payment_type"], found["internet_charge_type"]) == (
        "PayAsYouGo",
        "PayByTraffic",
    )
    assert api.refused("DeleteLoadBalancer", **what)[1].endswith("DeleteProtectionIsOn")
    api.call("SetLoadBalancerDeleteProtection", **what, DeleteProtection="off")
    api.call("SetLoadBalancerName", **what, LoadBalancerName="shop")
    api.call("ModifyLoadBalancerInstanceSpec", **what, LoadBalancerSpec="slb.s3.small")
    # The provider writes this one as nobody else does.
    api.call("ModifyLoadBalancerInternetSpec", **what, InternetChargeType="PayByBandwidth")
    api.call("SetLoadBalancerStatus", **what, LoadBalancerStatus="inactive")
    reason = {"ModificationProtectionReason": "busy"}
    status = {"ModificationProtectionStatus": "ConsoleProtection"}
    api.call("SetLoadBalancerModificationProtection", **what, **status, **reason)
    tag = {"Tag.1.Key": "team", "Tag.1.Value": "shop"}
    api.call(
        "TagResources", ResourceType="instance", **{"ResourceId.1": what["LoadBalancerId"]}, **tag
    )
    row = told(api, made["LoadBalancerId"])
    assert (row["LoadBalancerName"], row["LoadBalancerSpec"]) == ("shop", "slb.s3.small")
    assert (row["InternetChargeType"], row["LoadBalancerStatus"]) == (
        "paybybandwidth",
        "inactive",
    )
    assert row["ModificationProtectionReason"] == "busy"
    assert row["Tags"] == {"Tag": [{"TagKey": "team", "TagValue": "shop"}]}
    api.call("DeleteLoadBalancer", **what)
    assert api.refused("DescribeLoadBalancerAttribute", **what)[:2] == (
        404,
        "InvalidLoadBalancerId.NotFound",
    )


def test_a_vswitch_of_another_network_is_refused(lab_slb: tuple[Any, Api, Resource]) -> None:
    lab, api, _ = lab_slb
    said = {"VpcId": "vpc-other", "VSwitchId": lab.vswitch.id}
    assert api.refused("CreateLoadBalancer", **said)[1] == "InvalidVSwitchId.NotFound"


def test_a_subscription_says_for_how_long(lab_slb: tuple[Any, Api, Resource]) -> None:
    lab, api, balancer = lab_slb
    said = {"LoadBalancerId": balancer.id, "PayType": "PrePay", "AutoPay": "true"}
    api.call("ModifyLoadBalancerPayType", **said, Duration="1", PricingCycle="year")
    assert (lab.now(balancer)["payment_type"], lab.now(balancer)["period"]) == (
        "Subscription",
        12,
    )
    assert api.refused("ModifyLoadBalancerPayType", **said | {"PayType": "Later"})[1] == (
        "InvalidParameter"
    )


def test_load_balancers_are_found_by_what_they_say(lab_slb: tuple[Any, Api, Resource]) -> None:
    lab, api, balancer = lab_slb
    other = lab.store.create("slb_load_balancer", {"address_type": "internet"})

    def ids(**said: str) -> list[str]:
        rows = api.call("DescribeLoadBalancers", **said)["LoadBalancers"]["LoadBalancer"]
        return [one["LoadBalancerId"] for one in rows]

    assert ids() == [balancer.id, other.id]
    assert ids(VSwitchId=lab.vswitch.id) == ids(VpcId=lab.vpc.id) == [balancer.id]
    assert ids(AddressType="internet") == ids(NetworkType="classic") == [other.id]
    assert ids(Address=balancer["address"]) == [balancer.id]
    assert ids(LoadBalancerId=other.id) == [other.id]


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http", "https"])
def test_a_listener_lives_as_the_provider_leads_it(
    protocol: str, lab_slb: tuple[Any, Api, Resource]
) -> None:
    lab, api, balancer = lab_slb
    what = {"LoadBalancerId": balancer.id, "ListenerPort": "80"}
    by_http = {} if protocol in {"tcp", "udp"} else ALWAYS
    by_https = {"ServerCertificateId": "cert-1"} if protocol == "https" else {}
    own = {"BackendServerPort": "8080", "Bandwidth": "-1", **by_http, **by_https}
    front = f"LoadBalancer{protocol.upper()}Listener"
    api.call(f"Create{front}", **what, **own)
    assert listener(api, balancer, protocol)["Status"] == "stopped"
    api.call("StartLoadBalancerListener", **what, ListenerProtocol=protocol)
    assert listener(api, balancer, protocol)["Status"] == "running"
    # On each creation it sets what it has just stated, and what other protocols have.
    api.call(f"Set{front}Attribute", **what, **ALWAYS, **by_https)
    assert told(api, balancer.id)["ListenerPortsAndProtocol"]["ListenerPortAndProtocol"] == [
        {"ListenerPort": 80, "ListenerProtocol": protocol, "Description": ""}
    ]
    row = listener(api, balancer, protocol)
    assert (row["BackendServerPort"], row["Bandwidth"], row["HealthyThreshold"]) == (8080, -1, 3)
    # What nobody has set isn't there: the provider would take it for set.
    assert not {"VServerGroupId", "AclId", "AclType", "Description", "Cookie"} & row.keys()
    (kept,) = lab.store.all("slb_listener")
    assert kept.id == f"{balancer.id}:{protocol}:80"
    api.call("StopLoadBalancerListener", **what)
    assert listener(api, balancer, protocol)["Status"] == "stopped"
    api.call("DeleteLoadBalancerListener", **what, ListenerProtocol=protocol)
    status, _, words = api.refused(f"Describe{front}Attribute", **what)
    assert (status, words) == (404, "The specified resource does not exist.")
    assert api.refused("DeleteLoadBalancerListener", **what)[0] == 404


def test_what_the_provider_made_listens(lab_slb: tuple[Any, Api, Resource]) -> None:
    lab, api, balancer = lab_slb
    asked = {"load_balancer_id": balancer.id, "frontend_port": 80, "protocol": "tcp"}
    lab.store.create("slb_listener", {**asked, "backend_port": 8080})
    assert listener(api, balancer, "tcp")["Status"] == "running"


def test_headers_that_are_not_said_stay(lab_slb: tuple[Any, Api, Resource]) -> None:
    _, api, balancer = lab_slb
    what = {"LoadBalancerId": balancer.id, "ListenerPort": "80"}
    said = {"BackendServerPort": "8080", "XForwardedFor_SLBID": "on", "Gzip": "off"}
    api.call("CreateLoadBalancerHTTPListener", **what, **said)
    api.call("SetLoadBalancerHTTPListenerAttribute", **what, XForwardedFor_SLBIP="on")
    row = listener(api, balancer, "http")
    assert (row["XForwardedFor_SLBID"], row["XForwardedFor_SLBIP"]) == ("on", "on")
    assert (row["XForwardedFor_proto"], row["XForwardedFor"], row["Gzip"]) == ("off", "on", "off")
    odd = {"XForwardedFor_proto": "maybe"}
    assert api.refused("SetLoadBalancerHTTPListenerAttribute", **what, **odd)[1] == (
        "InvalidParameter"
    )


def test_checks_are_turned_off_and_access_lists_set(lab_slb: tuple[Any, Api, Resource]) -> None:
    _, api, balancer = lab_slb
    what = {"LoadBalancerId": balancer.id, "ListenerPort": "80"}
    said = {"BackendServerPort": "80", "HealthCheckSwitch": "off", "healthCheckInterval": "7"}
    lists = {"AclId": "acl-1,acl-2", "AclStatus": "on", "AclType": "white"}
    api.call("CreateLoadBalancerTCPListener", **what, **said, **lists)
    row = listener(api, balancer, "tcp")
    assert (row["HealthCheck"], row["HealthCheckInterval"]) == ("off", 7)
    assert (row["AclId"], row["AclIds"]) == ("acl-1", {"AclId": ["acl-1", "acl-2"]})


def test_a_listener_changes_to_a_group_and_back(lab_slb: tuple[Any, Api, Resource]) -> None:
    _, api, balancer = lab_slb
    what = {"LoadBalancerId": balancer.id, "ListenerPort": "80"}
    api.call("CreateLoadBalancerTCPListener", **what, BackendServerPort="80")
    group = api.call("CreateVServerGroup", LoadBalancerId=balancer.id, VServerGroupName="apps")
    name = {"VServerGroup": "on", "VServerGroupId": group["VServerGroupId"]}
    api.call("SetLoadBalancerTCPListenerAttribute", **what, **name)
    assert listener(api, balancer, "tcp")["VServerGroupId"] == group["VServerGroupId"]
    api.call("SetLoadBalancerTCPListenerAttribute", **what, VServerGroup="off")
    assert "VServerGroupId" not in listener(api, balancer, "tcp")


def test_a_port_is_listened_on_once(lab_slb: tuple[Any, Api, Resource]) -> None:
    _, api, balancer = lab_slb
    what = {"LoadBalancerId": balancer.id, "ListenerPort": "80", "BackendServerPort": "80"}
    api.call("CreateLoadBalancerTCPListener", **what)
    assert api.refused("CreateLoadBalancerHTTPListener", **what)[1] == "ListenerAlreadyExists"
    assert api.refused("CreateLoadBalancerTCPListener", **what | {"ListenerPort": "x"})[1] == (
        "InvalidParameter"
    )


def test_listeners_are_listed_with_what_their_protocols_have(
    lab_slb: tuple[Any, Api, Resource],
) -> None:
    _, api, balancer = lab_slb
    for port, protocol in ((53, "UDP"), (80, "HTTP")):
        said = {"LoadBalancerId": balancer.id, "BackendServerPort": "8080"}
        api.call(f"CreateLoadBalancer{protocol}Listener", **said, ListenerPort=str(port))
    first = api.call("DescribeLoadBalancerListeners", MaxResults="1")
    (row,) = first["Listeners"]
    assert (row["ListenerProtocol"], row["ListenerPort"]) == ("udp", 53)
    assert row["UDPListenerConfig"]["ProxyProtocolV2Enabled"] == "false"
    (row,) = api.call("DescribeLoadBalancerListeners", NextToken=first["NextToken"])["Listeners"]
    assert row["HTTPListenerConfig"]["IdleTimeout"] == 15
    what = {"LoadBalancerId.1": balancer.id, "ListenerProtocol": "udp"}
    assert api.call("DescribeLoadBalancerListeners", **what)["TotalCount"] == 1
    assert not api.call("DescribeLoadBalancerListeners", **{"LoadBalancerId.1": "lb-x"})[
        "Listeners"
    ]


# --- servers --------------------------------------------------------------------------------------


def servers(*rows: dict[str, object]) -> str:
    """Servers as today's provider writes them."""
    return json.dumps(rows)


def test_a_groups_server_lives_as_the_provider_leads_it(
    lab_slb: tuple[Any, Api, Resource],
) -> None:
    lab, api, balancer = lab_slb
    server = lab.new_instance(lab.new_group())
    group = api.call("CreateVServerGroup", LoadBalancerId=balancer.id, VServerGroupName="apps")
    what = {"VServerGroupId": group["VServerGroupId"]}
    one: dict[str, object] = {"ServerId": server.id, "Port": 8080, "Type": "ecs", "Weight": 50}
    api.call("AddVServerGroupBackendServers", **what, BackendServers=servers(one))
    (put,) = lab.store.all("slb_server_group_server_attachment")
    assert (put["server_id"], put["port"], put["weight"]) == (server.id, 8080, 50)

    def behind() -> list[dict[str, Any]]:
        return api.call("DescribeVServerGroupAttribute", **what)["BackendServers"]["BackendServer"]

    assert behind() == [{**one, "Description": ""}]
    # As the provider writes them of a group that has its servers in itself.
    old = f"[{{'ServerId':'{server.id}','Port':'8080','Weight':'70', 'Type': 'ecs'}}]"
    api.call("SetVServerGroupAttribute", **what, VServerGroupName="web", BackendServers=old)
    assert (
        behind()[0]["Weight"],
        api.call("DescribeVServerGroupAttribute", **what)["VServerGroupName"],
    ) == (70, "web")
    api.call("RemoveVServerGroupBackendServers", **what, BackendServers=old)
    assert behind() == []
    # What isn't in it is passed over.
    api.call("RemoveVServerGroupBackendServers", **what, BackendServers=old)
    api.call("DeleteVServerGroup", **what)
    assert api.refused("DescribeVServerGroupAttribute", **what)[0] == 404


def test_servers_that_a_group_was_made_with_are_told_and_taken_out(
    lab_slb: tuple[Any, Api, Resource],
) -> None:
    lab, api, balancer = lab_slb
    one, other = (lab.new_instance(lab.new_group()).id for _ in range(2))
    group = lab.store.create(
        "slb_server_group",
        {
            "load_balancer_id": balancer.id,
            "servers": [{"server_ids": [one, other], "port": 80, "weight": 100, "type": "ecs"}],
        },
    )
    what = {"VServerGroupId": group.id}
    api.call("RemoveVServerGroupBackendServers", **what, BackendServers=servers({"ServerId": one}))
    rows = api.call("DescribeVServerGroupAttribute", **what)["BackendServers"]["BackendServer"]
    assert [row["ServerId"] for row in rows] == [other]


def test_groups_are_listed_with_those_who_send_to_them(
    lab_slb: tuple[Any, Api, Resource],
) -> None:
    lab, api, balancer = lab_slb
    server = lab.new_instance(lab.new_group())
    made = api.call(
        "CreateVServerGroup",
        LoadBalancerId=balancer.id,
        BackendServers=servers({"ServerId": server.id, "Port": 80}),
        **{"Tag.1.Key": "team", "Tag.1.Value": "shop"},
    )
    said = {"LoadBalancerId": balancer.id, "ListenerPort": "80"}
    api.call("CreateLoadBalancerTCPListener", **said, VServerGroupId=made["VServerGroupId"])

    def rows(**more: str) -> list[dict[str, Any]]:
        found = api.call("DescribeVServerGroups", LoadBalancerId=balancer.id, **more)
        return found["VServerGroups"]["VServerGroup"]

    (row,) = rows(IncludeListener="true")
    assert (row["VServerGroupId"], row["ServerCount"]) == (made["VServerGroupId"], 1)
    assert row["AssociatedObjects"]["Listeners"] == {"Listener": [{"Port": 80, "Protocol": "tcp"}]}
    assert not rows(**{"Tag.1.Key": "team", "Tag.1.Value": "other"})
    assert api.refused("DescribeVServerGroups", LoadBalancerId="lb-x")[0] == 404


def test_a_load_balancers_own_servers_are_added_reweighed_and_removed(
    lab_slb: tuple[Any, Api, Resource],
) -> None:
    lab, api, balancer = lab_slb
    one, other = (lab.new_instance(lab.new_group()).id for _ in range(2))
    what = {"LoadBalancerId": balancer.id}

    def behind() -> list[tuple[str, int]]:
        rows = told(api, balancer.id)["BackendServers"]["BackendServer"]
        return [(row["ServerId"], row["Weight"]) for row in rows]

    said = f"[{{'ServerId':'{one}','Weight':'100', 'Type': 'ecs'}}]"
    api.call("AddBackendServers", **what, BackendServers=said)
    api.call("AddBackendServers", **what, BackendServers=servers({"ServerId": other}))
    # At multiples of twenty the provider adds nobody.
    api.call("AddBackendServers", **what, BackendServers="")
    assert behind() == [(one, 100), (other, 100)]
    api.call("SetBackendServers", **what, BackendServers=servers({"ServerId": one, "Weight": 10}))
    api.call("RemoveBackendServers", **what, BackendServers=servers({"ServerId": other}))
    assert behind() == [(one, 10)]
    odd = servers({"ServerId": "i-x"})
    assert api.refused("AddBackendServers", **what, BackendServers=odd)[0] == 404


@pytest.mark.parametrize(
    "said",
    [
        "{}",
        "x",
        "[1]",
        "[{}]",
        '[{"ServerId": "i-1", "Mood": "good"}]',
        '[{"ServerId": "i-1", "Port": 0}]',
        '[{"ServerId": "i-1", "Port": "x"}]',
        '[{"ServerId": "i-1", "Weight": 101}]',
        '[{"ServerId": "i-1", "Port": 80}' + ', {"ServerId": "i-1", "Port": 81}' * 20 + "]",
        "[" * 10_000,
    ],
)
def test_servers_that_cannot_be_are_refused_before_anything_is_made(
    said: str, lab_slb: tuple[Any, Api, Resource]
) -> None:
    lab, api, balancer = lab_slb
    what = {"LoadBalancerId": balancer.id, "BackendServers": said}
    assert api.refused("CreateVServerGroup", **what)[1] == "InvalidParameter"
    assert not lab.store.all("slb_server_group")


def test_zones_are_told_in_pairs(lab_slb: tuple[Any, Api, Resource]) -> None:
    _, api, _ = lab_slb
    rows = api.call("DescribeZones")["Zones"]["Zone"]
    assert {"cn-shanghai-b", "cn-shanghai-f"} <= {one["ZoneId"] for one in rows}
    rows = api.call("DescribeAvailableResource", AddressType="intranet")["AvailableResources"]
    for row in rows["AvailableResource"]:
        assert row["MasterZoneId"] != row["SlaveZoneId"]
        (kind,) = row["SupportResources"]["SupportResource"]
        assert kind["AddressType"] == "intranet"
    regions = api.call("DescribeRegions")["Regions"]["Region"]
    assert "slb.cn-shanghai.aliyuncs.com" in {one["RegionEndpoint"] for one in regions}


def test_the_official_sdk_leads_a_load_balancer_through_its_whole_life(tmp_path: Path) -> None:
    models = models_of(slb.PRODUCT)
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        sdk = cloud.official(slb.PRODUCT)
        made = sdk.create_load_balancer(
            models.CreateLoadBalancerRequest(region_id=REGION, address_type="internet")
        ).body
        what = {"load_balancer_id": made.load_balancer_id, "region_id": REGION}
        sdk.create_load_balancer_httplistener(
            models.CreateLoadBalancerHTTPListenerRequest(
                **what, listener_port=80, backend_server_port=8080, health_check="off"
            )
        )
        port = {**what, "listener_port": 80}
        sdk.start_load_balancer_listener(models.StartLoadBalancerListenerRequest(**port))
        told = sdk.describe_load_balancer_httplistener_attribute(
            models.DescribeLoadBalancerHTTPListenerAttributeRequest(**port)
        ).body
        assert (told.status, told.health_check, told.backend_server_port) == (
            "running",
            "off",
            8080,
        )
        group = sdk.create_vserver_group(
            models.CreateVServerGroupRequest(**what, vserver_group_name="apps")
        ).body.vserver_group_id
        tag = {"resource_type": "instance", "resource_id": [made.load_balancer_id]}
        sdk.tag_resources(
            models.TagResourcesRequest(
                region_id=REGION, **tag, tag=[models.TagResourcesRequestTag(key="a", value="b")]
            )
        )
        sdk.set_load_balancer_name(
            models.SetLoadBalancerNameRequest(**what, load_balancer_name="shop")
        )
        (row,) = sdk.describe_load_balancers(
            models.DescribeLoadBalancersRequest(region_id=REGION)
        ).body.load_balancers.load_balancer
        assert (row.load_balancer_name, row.tags.tag[0].tag_key) == ("shop", "a")
        sdk.delete_vserver_group(
            models.DeleteVServerGroupRequest(region_id=REGION, vserver_group_id=group)
        )
        sdk.delete_load_balancer_listener(models.DeleteLoadBalancerListenerRequest(**port))
        sdk.delete_load_balancer(models.DeleteLoadBalancerRequest(**what))
        assert not cloud.store.all()
