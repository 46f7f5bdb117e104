"""An account becomes a model that says what its gateways open, and what each address is for."""

from collections.abc import Callable
from typing import Any

import pytest

from facts.zones import REGIONS
from judging.account import apis
from judging.account.holding import LISTINGS, Account, Part, Role, account_of
from judging.account.reading import Call, RefusedError, UnreadError
from tests.account.accounts import REGION, Asked, filled, refusing_to
from tests.account.test_account_functions import DOORS, FUNCTION
from tests.account.test_account_links import joined, vpns
from tests.sandbox.cen_lab import CenLab


def roles(account: Account) -> dict[str, Role]:
    return {eip.address: eip.role for eip in account.eips}


def open_to_all(lab: Any, group: Any) -> None:
    rule = {"security_group_id": group.id, "type": "ingress", "ip_protocol": "tcp"}
    everyone = {"port_range": "22/22", "cidr_ip": "0.0.0.0/0"}
    lab.store.create("security_group_rule", {**rule, **everyone})


def busy() -> tuple[Any, Asked, dict[str, str]]:
    """A network in which an address plays each role, by role's name."""
    lab, asked = filled()
    package, out = lab.new_package(), [lab.new_eip(), lab.new_eip()]
    for eip in out:
        lab.bind(eip)
        lab.pack(eip, package)
    egress, both = (str(eip["ip_address"]) for eip in out)
    mapped = lab.bound_ip()
    group = lab.new_group()
    open_to_all(lab, group)
    server, card, host = lab.new_instance(group), lab.new_card(group), lab.new_instance(group)
    eips = {name: lab.new_eip() for name in ("SERVER", "INTERFACE", "NOTHING")}
    lab.bind(eips["SERVER"], server)
    lab.store.create(
        "eip_association",
        {
            "allocation_id": eips["INTERFACE"].id,
            "instance_id": card.id,
            "instance_type": "NetworkInterface",
        },
    )
    lab.forward(mapped, "443", host["private_ip"])
    lab.forward(both, "80", host["private_ip"])
    lab.snat(egress, both)
    lab.store.create("fcv3_function", FUNCTION)
    asked.answers |= DOORS
    cens = CenLab(lab.store)
    router, *_ = joined(cens)
    asked.answers["ListTransitRouterVpnAttachments"] = vpns(cens, router)
    known = {"MAPPED": mapped, "EGRESS": egress, "BOTH": both, "GATEWAY": lab.bound_ip()}
    return lab, asked, known | {name: eip["ip_address"] for name, eip in eips.items()}


def test_each_address_has_the_role_that_it_plays() -> None:
    _, asked, known = busy()
    found = roles(account_of(asked.reader(), [REGION]))
    assert found == {address: Role[name] for name, address in known.items()}


def test_a_gateway_has_its_tables_as_they_were_made() -> None:
    lab, asked = filled()
    ip = lab.bound_ip()
    made = lab.forward(ip, "808", "192.168.1.7", forward_entry_name="web")
    out = lab.snat(ip, source_cidr="192.168.1.0/28")
    (gateway,) = account_of(asked.reader(), [REGION]).gateways
    assert (gateway.id, gateway.vpc, gateway.public) == (lab.gateway.id, lab.vpc.id, True)
    (entry,), (way_out,) = gateway.dnat, gateway.snat
    assert entry.id == made["forward_entry_id"]
    assert (entry.name, entry.public_ip, entry.port, entry.protocol) == ("web", ip, "808", "tcp")
    assert (entry.host_ip, entry.host_port) == ("192.168.1.7", "808")
    assert way_out.id == out["snat_entry_id"]
    assert (way_out.source, way_out.public_ips) == ("192.168.1.0/28", (ip,))


def test_networks_have_their_ranges_and_zones() -> None:
    lab, asked = filled()
    account = account_of(asked.reader(), [REGION], parts=[Part.NAT])
    (vpc,), (vswitch,) = account.vpcs, account.vswitches
    assert (vpc.id, vpc.name, vpc.cidr) == (lab.vpc.id, "shop", "192.168.0.0/16")
    assert (vswitch.id, vswitch.vpc) == (lab.vswitch.id, lab.vpc.id)
    assert (vswitch.cidr, vswitch.zone) == ("192.168.1.0/24", "cn-shanghai-a")


def test_a_package_holds_its_addresses_and_they_know_it() -> None:
    lab, asked = filled()
    eip, package = lab.new_eip(), lab.new_package(bandwidth="150")
    lab.new_eip()
    lab.pack(eip, package)
    account = account_of(asked.reader(), [REGION])
    assert [(one.id, one.bandwidth, one.eips) for one in account.packages] == [
        (package.id, 150.0, (eip.id,))
    ]
    assert {one.id: one.package for one in account.eips if one.package} == {eip.id: package.id}


def test_security_groups_are_those_of_what_is_reached_with_what_they_let_in() -> None:
    lab, asked = filled()
    reached, hidden = lab.new_group(security_group_name="web"), lab.new_group()
    for group in (reached, hidden):
        open_to_all(lab, group)
    server = lab.new_instance(reached)
    lab.new_instance(hidden)
    lab.forward(lab.bound_ip(), "80", server["private_ip"])
    account = account_of(asked.reader(), [REGION])
    (group,) = account.groups
    assert (group.id, group.name, group.vpc) == (reached.id, "web", lab.vpc.id)
    (rule,) = group.rules
    assert (rule.protocol, rule.ports, rule.source, rule.accepts) == (
        *("tcp", "22/22", "0.0.0.0/0"),
        True,
    )
    assert [card.server for card in account.cards] == [server.id]


def test_nothing_that_is_reached_means_that_no_group_is_asked_for() -> None:
    lab, asked = filled()
    lab.new_instance(lab.new_group())
    assert account_of(asked.reader(), [REGION]).groups == ()
    assert "DescribeSecurityGroups" not in {call.action for call in asked.calls}


def test_one_network_alone_is_read_without_what_is_elsewhere() -> None:
    lab, asked, known = busy()
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/8"})
    account = account_of(asked.reader(), [REGION], other.id)
    assert account == Account(vpcs=account.vpcs)
    assert [one.id for one in account.vpcs] == [other.id]
    assert roles(account_of(asked.reader(), [REGION], lab.vpc.id)).keys() == {
        address for name, address in known.items() if name != "NOTHING"
    }


def test_an_account_is_read_in_every_region_unless_some_are_named() -> None:
    lab, asked = filled()
    lab.store.create("vpc", {"cidr_block": "10.0.0.0/8"}, region="eu-central-1")
    found = account_of(asked.reader()).vpcs
    assert {one.region for one in found} == {REGION, "eu-central-1"}
    assert {call.region for call in asked.calls} >= {*REGIONS}


@pytest.mark.parametrize("part", Part)
def test_a_part_alone_is_asked_for_nothing_of_the_others(part: Part) -> None:
    _, asked, _ = busy()
    account_of(asked.reader(), [REGION], parts=[part])
    assert {call.product for call in asked.calls} == {
        Part.NAT: {"vpc", "ecs"},
        Part.APIS: {"cloudapi"},
        Part.FUNCTIONS: {"fc"},
        Part.CENS: {"cbn"},
    }[part]


BESIDE_APIS = [one for one in LISTINGS if one not in apis.LISTINGS]


@pytest.mark.parametrize("listing", BESIDE_APIS, ids=lambda one: one.action)
def test_one_right_that_is_missing_leaves_the_rest_readable(listing: Any) -> None:
    _, asked, _ = busy()
    whole = account_of(asked.reader(), [] if "Regions" in listing.action else [REGION])

    asked.before = refusing_to(listing.action)
    account = account_of(asked.reader(), [] if "Regions" in listing.action else [REGION])
    assert {gap.right for gap in account.gaps} == {listing.right}
    assert account != whole
    assert not whole.gaps


def test_an_account_that_throttles_every_third_call_is_read_as_one_that_does_not() -> None:
    _, asked, _ = busy()
    whole = account_of(asked.reader(), [REGION])

    def before(number: int, _: Call) -> None:
        if number % 3 == 0:
            raise RefusedError("Throttling.User", "no")

    asked.calls.clear()
    asked.before = before
    assert account_of(asked.reader(), [REGION]) == whole
    assert len(asked.waits) == len(asked.calls) // 3 > 2


def test_a_token_that_ends_in_the_middle_is_an_error_wherever_that_is() -> None:
    _, asked, _ = busy()
    account_of(asked.reader(), [REGION])
    for last in range(1, len(asked.calls) + 1):
        asked.calls.clear()
        asked.before = _ending_at(last)
        with pytest.raises(UnreadError, match="renew them"):
            account_of(asked.reader(), [REGION])


def _ending_at(last: int) -> Callable[[int, Call], None]:
    def before(number: int, _: Call) -> None:
        if number >= last:
            raise RefusedError("InvalidSecurityToken.Expired", "no")

    return before


def test_an_account_of_a_thousand_entries_is_read_whole() -> None:
    lab, asked = filled()
    ip = lab.bound_ip()
    for port in range(1, 1001):
        lab.forward(ip, str(port))
    (gateway,) = account_of(asked.reader(), [REGION]).gateways
    assert {entry.port for entry in gateway.dnat} == {str(port) for port in range(1, 1001)}
