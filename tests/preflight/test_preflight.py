"""What the account says to an update before it runs: each finding, and none on a clean one."""

import json
from pathlib import Path
from typing import Any

import pytest

from facts import kinds
from judging.account.reading import Call, RefusedError, UnreadError
from judging.account.trial import TRIALS, Trial
from judging.preflight.asking import Row, Verdict
from stack.pulumi_wire import UNKNOWN
from tests.account.accounts import REGION, Asked, filled
from tests.docs.pages import ROOT
from tests.guard.previews import Step, created, deleted, updated, urn
from tests.permissions.stacks import made_for
from tests.preflight.flights import flown, of_preview, of_stack, refusals, unknowns
from tests.sandbox.api.api_lab import lab_api
from tests.sandbox.api.test_api_rights import Account as Auditors

EXAMPLES = sorted(
    one
    for one in (ROOT / "examples").rglob("Pulumi.*.yaml")
    if "stack-references" not in one.parts and "existing" not in one.name
)


def account() -> tuple[Any, Asked]:
    """A network with a gateway, and the quotas of a new account."""
    lab, api = lab_api()
    return lab, Asked(api)


def about(rows: list[Row], text: str, needed: str = "") -> Row:
    (found,) = [one for one in rows if text in one.what and needed in one.needed]
    return found


def entry(lab: Any, ip: str, port: str = "80", **more: str) -> Step:
    wanted = {
        "forwardTableId": lab.gateway["forward_table_ids"],
        "externalIp": ip,
        "externalPort": port,
        "internalIp": "192.168.1.9",
        "internalPort": port,
        "ipProtocol": "tcp",
        **more,
    }
    return created(kinds.FORWARD_ENTRY, "new-entry", wanted)


# --- nothing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [ROOT / "Pulumi.dev.yaml", *EXAMPLES], ids=lambda it: it.name)
def test_a_new_stack_finds_nothing_in_its_way_in_an_empty_account(file: Path) -> None:
    asked = Asked(lab_api()[1])
    rows = of_preview(asked, of_stack(file))
    assert refusals(rows) == []
    assert unknowns(rows) == []
    assert rows


def test_what_changes_nothing_asks_nothing() -> None:
    _, asked = account()
    assert flown(asked) == []
    assert asked.calls == []


# --- what exists ----------------------------------------------------------------------------------


def test_an_id_that_nothing_has_is_found_with_all_that_need_it() -> None:
    _, asked = account()
    rows = flown(
        asked,
        created(kinds.SECURITY_GROUP, "web", {"vpcId": "vpc-gone"}),
        created(kinds.SECURITY_GROUP, "mail", {"vpcId": "vpc-gone"}),
    )
    assert refusals(rows) == [f"vpc-gone in {REGION}, for web, mail: not there"]


def test_what_is_there_in_a_state_that_does_not_work_is_found() -> None:
    lab, asked = account()
    server = lab.new_instance(lab.new_group())
    lab.store.change_behind(server.id, status="Stopping")
    rows = flown(asked, created(kinds.ENI_ATTACHMENT, "one", {"instanceId": server.id}))
    assert refusals(rows) == [f"{server.id} in {REGION}, for one: Stopping"]


@pytest.mark.parametrize("kind", ["vpc", "vswitch", "gateway"])
def test_what_is_there_and_works_is_fine(kind: str) -> None:
    lab, asked = account()
    keys = {"vpc": "vpcId", "vswitch": "vswitchId", "gateway": "natGatewayId"}
    rows = flown(asked, created("alicloud:x/y:Y", "one", {keys[kind]: getattr(lab, kind).id}))
    assert [one.verdict for one in rows] == [Verdict.FINE]


def test_what_the_stack_has_itself_is_not_asked_for() -> None:
    _, asked = account()
    vpc = deleted(kinds.VPC, "network", {})
    vpc["oldState"]["id"] = "vpc-own"
    rows = flown(asked, vpc, created(kinds.SECURITY_GROUP, "web", {"vpcId": "vpc-own"}))
    assert not [one for one in rows if "vpc-own in" in one.what]


def test_what_is_only_called_like_an_id_is_none() -> None:
    _, asked = account()
    rows = flown(asked, created(kinds.EIP, "ip", {"addressName": "vpc-door", "vpcId": UNKNOWN}))
    assert not [one for one in rows if "vpc-door" in one.what]


# --- what is taken --------------------------------------------------------------------------------


def test_a_port_that_somebody_mapped_by_hand_is_found() -> None:
    lab, asked = account()
    ip = lab.bound_ip()
    lab.forward(ip, "80", forward_entry_name="by-hand")
    row = about(flown(asked, entry(lab, ip)), "new-entry: tcp 80")
    assert row.verdict is Verdict.REFUSED
    assert "by-hand" in row.there
    assert "docs/adopt.md" in row.remedy


@pytest.mark.parametrize(("theirs", "mine"), [("any", "80"), ("443", "80")])
def test_an_address_that_is_mapped_whole_takes_no_other_entry(theirs: str, mine: str) -> None:
    lab, asked = account()
    ip = lab.bound_ip()
    lab.forward(ip, theirs)
    verdict = about(flown(asked, entry(lab, ip, mine)), "new-entry: tcp").verdict
    assert verdict is (Verdict.REFUSED if theirs == "any" else Verdict.FINE)


def test_a_port_of_a_host_has_one_entry_whatever_the_address() -> None:
    lab, asked = account()
    lab.forward(lab.bound_ip(), "80", host="192.168.1.9")
    row = about(flown(asked, entry(lab, UNKNOWN)), "new-entry: tcp 80")
    assert row.verdict is Verdict.REFUSED


def test_an_entry_of_the_stack_itself_is_in_nobodys_way() -> None:
    lab, asked = account()
    ip = lab.bound_ip()
    mine = lab.forward(ip, "80")
    table = lab.gateway["forward_table_ids"]
    old = {"forwardTableId": table, "externalIp": ip, "externalPort": "80"}
    gone = deleted(kinds.FORWARD_ENTRY, "old", old)
    gone["oldState"]["id"] = f"{table}:{mine.id}"
    assert about(flown(asked, gone, entry(lab, ip)), "new-entry: tcp").verdict is Verdict.FINE


def test_an_entry_that_moves_to_another_port_is_looked_at_as_well() -> None:
    lab, asked = account()
    ip = lab.bound_ip()
    lab.forward(ip, "443")
    new = entry(lab, ip, "443")["newState"]["inputs"]
    change = updated(kinds.FORWARD_ENTRY, "web", {**new, "externalPort": "80"}, new)
    assert about(flown(asked, change), "web: tcp 443").verdict is Verdict.REFUSED


def test_a_source_that_leaves_already_is_found() -> None:
    lab, asked = account()
    lab.snat(lab.bound_ip())
    table = lab.gateway["snat_table_ids"]
    said = {"snatTableId": table, "sourceVswitchId": lab.vswitch.id, "snatIp": UNKNOWN}
    row = about(flown(asked, created(kinds.SNAT_ENTRY, "way-out", said)), "way-out:")
    assert row.verdict is Verdict.REFUSED


def test_a_new_vswitch_whose_range_leaves_already_is_found() -> None:
    lab, asked = account()
    lab.snat(lab.bound_ip(), source_cidr="192.168.7.0/24")
    vswitch = {"vpcId": lab.vpc.id, "cidrBlock": "192.168.7.0/24", "zoneId": "cn-shanghai-a"}
    table = lab.gateway["snat_table_ids"]
    said = {"snatTableId": table, "sourceVswitchId": UNKNOWN, "snatIp": UNKNOWN}
    sources = {"sourceVswitchId": [urn(kinds.VSWITCH, "apps")]}
    way = created(kinds.SNAT_ENTRY, "way-out", said, propertyDependencies=sources)
    rows = flown(asked, created(kinds.VSWITCH, "apps", vswitch), way)
    assert about(rows, "way-out:").verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ("192.168.1.128/25", ["no vSwitch with it"]),
        ("10.0.0.0/24", ["within the VPC"]),
        ("192.168.2.0/24", []),
    ],
)
def test_a_range_that_is_taken_or_outside_of_the_network_is_found(
    block: str, found: list[str]
) -> None:
    lab, asked = account()
    said = {"vpcId": lab.vpc.id, "cidrBlock": block, "zoneId": "cn-shanghai-b"}
    rows = flown(asked, created(kinds.VSWITCH, "apps", said))
    assert [one.needed for one in rows if one.verdict is Verdict.REFUSED] == found


def test_a_private_address_that_somebody_has_is_found() -> None:
    lab, asked = account()
    server = lab.new_instance(lab.new_group())
    taken = server["private_ip"]
    for more in ({"primaryIpAddress": taken}, {"privateIpAddresses": ["192.168.1.99", taken]}):
        said = {"vswitchId": lab.vswitch.id, **more}
        row = about(flown(asked, created(kinds.ENI, "card", said)), f"card: {taken}")
        assert (row.verdict, row.there) == (Verdict.REFUSED, f"{server.id} has it")


def test_a_route_that_is_there_already_is_found() -> None:
    lab, asked = account()
    server = lab.new_instance(lab.new_group())
    route = {
        "route_table_id": lab.vpc["route_table_id"],
        "destination_cidrblock": "10.9.0.0/16",
        "nexthop_type": "Instance",
        "nexthop_id": server.id,
    }
    lab.store.create("route_entry", route)
    said = {"routeTableId": lab.vpc["route_table_id"], "destinationCidrblock": "10.9.0.0/16"}
    row = about(flown(asked, created(kinds.ROUTE, "there", said)), "there: 10.9")
    assert (row.verdict, row.there) == (
        Verdict.REFUSED,
        f"a route to 10.9.0.0/16 leads to {server.id}",
    )


@pytest.mark.parametrize("block", ["192.168.0.0/16", "192.168.0.0/17"])
@pytest.mark.parametrize("edition", ["basic", "router"])
def test_a_range_that_a_cen_joins_already_is_found(edition: str, block: str) -> None:
    lab, asked = account()
    cen = lab.store.create("cen_instance", {})
    if edition == "basic":
        child = {"child_instance_id": lab.vpc.id, "child_instance_region_id": REGION}
        wanted = {"instance_id": cen.id, **child, "child_instance_type": "VPC"}
        lab.store.create("cen_instance_attachment", wanted)
        said = {"instanceId": cen.id, "childInstanceType": "VPC", "childInstanceId": UNKNOWN}
        kind, key = kinds.CEN_ATTACHMENT, "childInstanceId"
    else:
        router = lab.store.create("cen_transit_router", {"cen_id": cen.id})
        vswitch = lab.new_vswitch("192.168.2.0/24", zone_id="cn-shanghai-f")
        zones = [{"vswitch_id": vswitch.id, "zone_id": "cn-shanghai-f"}]
        wanted = {"vpc_id": lab.vpc.id, "zone_mappings": zones, "cen_id": cen.id}
        router_id = router["transit_router_id"]
        lab.store.create(
            "cen_transit_router_vpc_attachment", {**wanted, "transit_router_id": router_id}
        )
        said = {"cenId": cen.id, "vpcId": UNKNOWN}
        kind, key = kinds.ROUTER_ATTACHMENT, "vpcId"
    sources = {key: [urn(kinds.VPC, "new-vpc")]}
    rows = flown(
        asked,
        created(kinds.VPC, "new-vpc", {"cidrBlock": block}),
        created(kind, "joined", said, propertyDependencies=sources),
    )
    found = about(rows, "joined: new-vpc on", "same range")
    same = block == lab.vpc["cidr_block"]
    assert found.verdict is (Verdict.REFUSED if same else Verdict.FINE)


def test_a_role_that_nobody_made_is_found() -> None:
    _, asked = account()
    arn = "acs:ram::1000000000000001:role/invoker"
    api = created(kinds.API, "one", {"fcServiceConfig": {"arnRole": arn}})
    row = about(flown(asked, api), arn)
    assert row.verdict is Verdict.REFUSED
    assert "EntityNotExist.Role" in row.there


def test_an_eip_that_is_bound_elsewhere_is_found() -> None:
    lab, asked = account()
    eip = lab.new_eip()
    lab.bind(eip)
    said = {"allocationId": eip.id, "instanceId": UNKNOWN}
    row = about(flown(asked, created(kinds.EIP_ASSOCIATION, "ip1", said)), "ip1:")
    assert row.verdict is Verdict.REFUSED
    assert lab.gateway.id in row.there


def test_an_eip_that_is_in_another_package_is_found() -> None:
    lab, asked = account()
    eip, package = lab.new_eip(), lab.new_package()
    lab.pack(eip, package)
    said = {"instanceId": eip.id, "bandwidthPackageId": UNKNOWN}
    row = about(flown(asked, created(kinds.PACKAGE_ATTACHMENT, "ip1", said)), "ip1:")
    assert package.id in row.there


def test_a_groups_name_that_is_taken_is_found() -> None:
    lab, asked = account()
    lab.store.create("api_gateway_group", {"name": "shop_web"})
    group = created(kinds.API_GROUP, "web", {"name": "shop_web"})
    assert about(flown(asked, group), "the name shop_web").verdict is Verdict.REFUSED
    other = created(kinds.API_GROUP, "web", {"name": "shop_we"})
    assert about(flown(asked, other), "the name shop_we").verdict is Verdict.FINE


def test_a_roles_name_that_is_taken_is_found() -> None:
    lab, asked = account()
    lab.store.create("ram_role", {"role_name": "invoker", "assume_role_policy_document": TRUST})
    rows = flown(asked, *(created(kinds.ROLE, one, {"roleName": one}) for one in NAMES))
    assert [about(rows, f"name {one}").verdict for one in NAMES] == [
        *(Verdict.REFUSED, Verdict.FINE),
    ]


def test_a_list_of_addresses_whose_name_is_taken_is_found() -> None:
    lab, asked = account()
    lab.store.create("api_gateway_access_control_list", {"access_control_list_name": "office"})
    rows = flown(
        asked,
        *(
            created(kinds.ACCESS_LIST, one, {"accessControlListName": one})
            for one in ("office", "off")
        ),
    )
    assert about(rows, "name office").verdict is Verdict.REFUSED
    assert about(rows, "name off in").verdict is Verdict.FINE


def test_a_vswitch_that_is_full_is_found() -> None:
    lab, asked = account()
    small = lab.new_vswitch("192.168.9.0/29")
    free = 8 - 4
    cards = [created(kinds.ENI, f"card{one}", {"vswitchId": small.id}) for one in range(free + 1)]
    assert about(flown(asked, *cards[:free]), "addresses of").verdict is Verdict.FINE
    row = about(flown(asked, *cards), "addresses of")
    assert (row.verdict, row.there) == (Verdict.REFUSED, f"{free} free")


def test_a_functions_name_that_is_taken_is_found() -> None:
    lab, asked = account()
    lookup: dict[str, Any] = {
        "function_name": "lookup",
        "handler": "index.handler",
        "runtime": "python3.10",
    }
    lookup["code"] = {"oss_bucket_name": "shop", "oss_object_name": "lookup.zip"}
    lab.store.create("fcv3_function", lookup)
    taken = created(kinds.FUNCTION, "one", {"functionName": "lookup"})
    free = created(kinds.FUNCTION, "two", {"functionName": "look"})
    rows = flown(asked, taken, free)
    assert about(rows, "the name lookup").verdict is Verdict.REFUSED
    assert about(rows, "the name look in").verdict is Verdict.FINE


NAMES = ("invoker", "another")
TRUST = json.dumps(
    {
        "Version": "1",
        "Statement": [
            {
                "Action": "sts:AssumeRole",
                "Effect": "Allow",
                "Principal": {"Service": ["fc.aliyuncs.com"]},
            }
        ],
    }
)


# --- how many -------------------------------------------------------------------------------------


def eips(number: int) -> list[Step]:
    return [created(kinds.EIP, f"ip{one}", {}) for one in range(number)]


@pytest.mark.parametrize(("more", "verdict"), [(19, Verdict.FINE), (20, Verdict.REFUSED)])
def test_a_quota_counts_what_others_have(more: int, verdict: Verdict) -> None:
    lab, asked = account()
    lab.new_eip()
    row = about(flown(asked, *eips(more)), "EIPs in")
    assert (row.verdict, row.needed, row.there) == (verdict, f"{more} more", "1 of 20")


def test_a_quota_that_was_raised_counts_and_not_what_the_stack_file_believes() -> None:
    lab, asked = account()
    lab.store.set_quota("eips_per_region", 30)
    believed = json.dumps({"eipsPerAccount": 21})
    rows = flown(asked, *eips(25), config={"alicloud-gateways:quotas": believed})
    assert about(rows, "EIPs in").verdict is Verdict.FINE


def test_a_table_that_is_nearly_full_is_found() -> None:
    lab, asked = account()
    lab.store.set_quota("forward_entries_per_table", 2)
    ip = lab.bound_ip()
    lab.forward(ip, "80")
    lab.forward(ip, "81")
    row = about(flown(asked, entry(lab, ip, "82")), "DNAT entries")
    assert (row.verdict, row.there) == (Verdict.REFUSED, "2 of 2")
    assert "natgw_quota_dnat_entry_num" in row.remedy


def test_a_gateway_that_this_run_makes_has_the_accounts_quota_and_nothing_in_it() -> None:
    lab, asked = account()
    lab.store.set_quota("eips_per_nat_gateway", 1)
    sources = {"instanceId": [urn(kinds.NAT_GATEWAY, "gateway-nat")]}
    bound = [
        created(
            kinds.EIP_ASSOCIATION,
            f"ip{one}",
            {"allocationId": UNKNOWN, "instanceId": UNKNOWN},
            propertyDependencies=sources,
        )
        for one in range(2)
    ]
    gateway = {"vpcId": lab.vpc.id, "vswitchId": lab.vswitch.id}
    rows = flown(asked, created(kinds.NAT_GATEWAY, "gateway-nat", gateway), *bound)
    row = about(rows, "EIPs of gateway-nat")
    assert (row.verdict, row.there) == (Verdict.REFUSED, "0 of 1")


def test_a_quota_that_is_not_published_is_unknown_beyond_what_is_believed() -> None:
    _, asked = account()
    packages = [created(kinds.BANDWIDTH_PACKAGE, f"p{one}", {}) for one in range(6)]
    row = about(flown(asked, *packages), "packages in")
    assert row.verdict is Verdict.UNKNOWN
    assert about(flown(asked, *packages[:5]), "packages in").verdict is Verdict.FINE


# --- what is offered ------------------------------------------------------------------------------


def answering(asked: Asked, action: str, told: dict[str, Any]) -> None:
    """Have the account answer one action otherwise."""
    send = asked.send
    asked.send = lambda call: told if call.action == action else send(call)  # pyright: ignore[reportAttributeAccessIssue] - a stand-in


def test_a_zone_without_nat_gateways_is_found() -> None:
    lab, asked = account()
    told = {"Zones": [{"ZoneId": "cn-shanghai-b"}]}
    answering(asked, "ListEnhanhcedNatGatewayAvailableZones", told)
    said = {"vpcId": lab.vpc.id, "vswitchId": lab.vswitch.id}
    row = about(flown(asked, created(kinds.NAT_GATEWAY, "gateway", said)), "gateway in")
    assert row.verdict is Verdict.REFUSED
    assert "cn-shanghai-b" in row.there


def test_a_zone_that_the_region_lacks_is_found() -> None:
    lab, asked = account()
    said = {"vpcId": lab.vpc.id, "cidrBlock": "192.168.9.0/24", "zoneId": "cn-shanghai-z"}
    row = about(flown(asked, created(kinds.VSWITCH, "apps", said)), "apps: cn-shanghai-z")
    assert row.verdict is Verdict.REFUSED


def test_a_zone_without_transit_routers_is_found() -> None:
    _, asked = account()
    zones = [{"vswitchId": UNKNOWN, "zoneId": "cn-shanghai-a"}]
    attachment = created(kinds.ROUTER_ATTACHMENT, "door", {"zoneMappings": zones})
    assert about(flown(asked, attachment), "door: cn-shanghai-a").verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("kind", "verdict"), [("ecs.g7.large", Verdict.FINE), ("ecs.none.large", Verdict.REFUSED)]
)
def test_an_instance_type_that_a_zone_does_not_offer_is_found(kind: str, verdict: Verdict) -> None:
    lab, asked = account()
    said = {"vswitchId": lab.vswitch.id, "instanceType": kind}
    assert about(flown(asked, created(kinds.INSTANCE, "web", said)), f"web: {kind}").verdict is (
        verdict
    )


@pytest.mark.parametrize(
    ("kind", "action", "code"),
    [
        (kinds.CEN, "DescribeCens", "Forbbiden.TransitRouterServiceNotOpen"),
        (kinds.API_GROUP, "DescribeApiGroups", "Forbidden.ServiceNotOpen"),
        (kinds.FUNCTION, "ListFunctions", "AccessDenied"),
    ],
)
def test_a_service_that_was_never_activated_is_found(kind: str, action: str, code: str) -> None:
    _, asked = account()

    def before(_: int, call: Call) -> None:
        if call.action == action:
            raise RefusedError(code, "FC service is not enabled for current user.")

    asked.before = before
    rows = [one for one in flown(asked, created(kind, "one", {})) if one.needed == "activated"]
    assert [one.verdict for one in rows] == [Verdict.REFUSED]
    assert code in rows[0].there


def test_a_region_that_a_service_is_not_in_is_found() -> None:
    _, asked = account()
    config = {"alicloud:region": "na-south-1"}
    rows = flown(asked, created(kinds.FUNCTION, "one", {}), config=config)
    assert refusals(rows) == ["fc in na-south-1, for one: it isn't in na-south-1"]


# --- rights, and what isn't known -----------------------------------------------------------------


def forbidding(asked: Asked, action: str) -> None:
    def before(_: int, call: Call) -> None:
        if call.action == action:
            raise RefusedError("Forbidden.RAM", "User not authorized to operate.")

    asked.before = before


def test_a_right_that_is_missing_to_do_it_is_found_by_a_dry_run() -> None:
    lab, asked = account()
    forbidding(asked, "CreateForwardEntry")
    row = about(flown(asked, entry(lab, lab.bound_ip())), "vpc:CreateForwardEntry")
    assert row.verdict is Verdict.REFUSED
    assert "ROLE=deploy" in row.remedy


def test_a_dry_run_that_finds_a_port_taken_is_not_about_rights() -> None:
    lab, asked = account()
    ip = lab.bound_ip()
    lab.forward(ip, "80", "192.168.1.9")
    row = about(flown(asked, entry(lab, ip)), "vpc:CreateForwardEntry")
    assert (row.verdict, "PortDuplicated" in row.there) == (Verdict.REFUSED, True)
    assert "grant" not in row.remedy


def test_a_dry_run_makes_nothing() -> None:
    lab, asked = account()
    before = lab.store.all()
    ip = lab.bound_ip()
    made = {one.id for one in lab.store.all()}
    rows = flown(asked, entry(lab, ip), created(kinds.VPC, "new", {"cidrBlock": "10.0.0.0/8"}))
    assert [one.there for one in rows if ":Create" in one.what] == ["a dry run passes"] * 2
    assert {one.id for one in lab.store.all()} == made
    assert len(before) < len(made)


def test_a_dry_run_says_nothing_of_what_it_stands_on_and_is_not_there_yet() -> None:
    lab, asked = account()
    eip = lab.new_eip()
    binding = {"allocationId": eip.id, "instanceId": lab.gateway.id}
    bound = created(kinds.EIP_ASSOCIATION, "ip1", binding)
    new = entry(lab, eip["ip_address"])
    new["newState"]["propertyDependencies"] = {"externalIp": [urn(kinds.EIP_ASSOCIATION, "ip1")]}
    row = about(flown(asked, bound, new), "vpc:CreateForwardEntry")
    assert row.verdict is Verdict.FINE
    assert about(flown(asked, entry(lab, eip["ip_address"])), "vpc:Create").verdict is (
        Verdict.REFUSED
    )


def test_who_only_reviews_does_not_try() -> None:
    _, asked = account()
    preview = of_stack(ROOT / "Pulumi.dev.yaml")
    of_preview(asked, preview, deploys=False)
    assert not [one for one in asked.calls if isinstance(one, Trial)]


def test_a_right_that_is_missing_to_look_is_unknown_and_names_the_right() -> None:
    lab, asked = account()
    forbidding(asked, "DescribeForwardTableEntries")
    rows = flown(asked, entry(lab, lab.bound_ip(), "80"))
    row = about(rows, "new-entry: tcp 80")
    assert row.verdict is Verdict.UNKNOWN
    assert "vpc:DescribeForwardTableEntries" in row.there
    assert refusals(rows) == []


@pytest.mark.parametrize("file", [ROOT / "Pulumi.dev.yaml", *EXAMPLES], ids=lambda it: it.name)
def test_who_previews_may_see_all_that_is_asked_of_their_stack(file: Path) -> None:
    auditors = Auditors()
    policies = made_for(file, "preview", account="*")
    statements = [one for it in policies for one in it.document["Statement"]]
    reviewer = Asked(auditors.user("reviewer", *statements))
    rows = of_preview(reviewer, of_stack(file), deploys=False)
    assert rows
    assert unknowns(rows) == []


def test_a_refusal_that_nobody_foresaw_is_unknown() -> None:
    lab, asked = account()

    def before(_: int, call: Call) -> None:
        if call.action == "DescribeVSwitches":
            raise RefusedError("UnheardOf", "What?")

    asked.before = before
    said = {"vpcId": lab.vpc.id, "cidrBlock": "192.168.2.0/24", "zoneId": "cn-shanghai-b"}
    row = about(
        flown(asked, created(kinds.VSWITCH, "apps", said)),
        "apps: 192.168.2.0/24 in vpc-",
        "no vSwitch",
    )
    assert "UnheardOf" in row.there


def test_credentials_that_have_ended_end_it() -> None:
    lab, asked = account()

    def before(_: int, call: Call) -> None:
        raise RefusedError("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")

    asked.before = before
    with pytest.raises(UnreadError, match="renew them"):
        flown(asked, entry(lab, "198.51.100.1"))


def test_each_thing_is_asked_once() -> None:
    lab, asked = filled()
    ip = lab.bound_ip()
    steps = [entry(lab, ip, str(port)) for port in range(1000, 1050)]
    for number, step in enumerate(steps):
        step["urn"] = step["newState"]["urn"] = urn(kinds.FORWARD_ENTRY, f"entry-{number}")
    flown(asked, *steps)
    actions = [one.action for one in asked.calls]
    assert actions.count("DescribeForwardTableEntries") == 1
    assert actions.count("CreateForwardEntry") == 1


# --- a dry run by construction --------------------------------------------------------------------


def test_a_trial_always_says_that_it_is_dry() -> None:
    for said in ({}, {"DryRun": "false"}, {"dryrun": "false"}):
        parameters = dict(said)
        trial = Trial("vpc", "CreateVpc", REGION, parameters)
        parameters["DryRun"] = "false"
        assert dict(trial.parameters) == {"DryRun": "true"}
        with pytest.raises(TypeError):
            trial.parameters["DryRun"] = "false"  # type: ignore[index] - that is the test


@pytest.mark.parametrize("action", ["CreateNatGateway", "AllocateEipAddress", "DeleteVpc"])
def test_what_is_not_known_to_do_nothing_is_never_tried(action: str) -> None:
    with pytest.raises(ValueError, match=action):
        Trial("vpc", action, REGION)
    with pytest.raises(ValueError, match=action):
        Call("vpc", action, REGION)


def test_an_account_that_takes_a_dry_run_for_the_call_ends_it() -> None:
    lab, asked = account()
    answering(asked, "CreateForwardEntry", {"ForwardEntryId": "fwd-1"})
    with pytest.raises(UnreadError, match="may have made"):
        flown(asked, entry(lab, lab.bound_ip()))


def test_what_may_be_tried_is_what_the_official_sdk_can_try() -> None:
    assert TRIALS
    for product, action in TRIALS:
        Trial(product, action, REGION)
