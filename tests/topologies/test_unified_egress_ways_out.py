"""How servers leave: egress of one section or two, and which entry a server leaves by."""

import pytest

from tests.stackfiles import Edit, problems_of, settings_of, warnings_of, where
from tests.topologies.unified import (
    gone,
    only,
    only_warning,
    places,
    put,
    shared_stack,
    unified_stack,
)
from topologies import reach

U = "unifiedEgress"
NARROW = {"cidr": "192.168.3.0/28", "publicIps": ["narrow"]}


def ways_out(text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each server's egress and the addresses that it leaves by."""
    return {s.name: (s.egress, s.egress_ips) for s in reach(settings_of(text)).servers}


def egress_beside(**entry: object) -> list[Edit]:
    """Edits of the shared stack that give unified egress an entry called `more`."""
    return [
        put(f"{U}.publicIps", out={}),
        put(U, egress={"more": {"publicIps": ["out"], **entry}}),
    ]


# Entries by themselves.


@pytest.mark.parametrize("name", ["egres", "web9"])
def test_egress_leaves_by_an_address_that_is_defined(name: str) -> None:
    problem = only(unified_stack(put(f"{U}.egress.apps", publicIps=[name])))
    assert (where(problem), problem.value) == (f"{U}.egress.apps.publicIps.0", name)
    assert problem.rule == "this must name a public address of publicIps"


def test_egress_doesnt_leave_by_a_spare_address() -> None:
    problem = only(unified_stack(put(f"{U}.egress.apps", publicIps=["idle"])))
    assert (where(problem), problem.value) == (f"{U}.egress.apps.publicIps.0", "idle")
    assert problem.remedy == (
        "use another address, or remove spare from unifiedEgress.publicIps.idle"
    )


def test_egress_leaves_from_a_vswitch_that_is_defined() -> None:
    """One mistake, one report: that its servers are uncovered only follows."""
    problem = only(unified_stack(put(f"{U}.egress.apps", vswitch="aps")))
    assert (where(problem), problem.value) == (f"{U}.egress.apps.vswitch", "aps")
    assert problem.remedy == "did you mean apps?"


def test_egress_has_one_source() -> None:
    problem = only(unified_stack(put(f"{U}.egress.apps", cidr="192.168.3.0/24")))
    assert (where(problem), problem.value) == (f"{U}.egress.apps", None)
    assert problem.remedy == "give one of the two"


@pytest.mark.parametrize("cidr", ["192.168.3.0", "192.168.3.7/24", "192.0.0.0/7"])
def test_a_source_is_a_range_that_the_cloud_takes(cidr: str) -> None:
    entry = {"cidr": cidr, "publicIps": ["egress"]}
    problem = only(unified_stack(put(f"{U}.egress", more=entry)))
    assert (where(problem), problem.value) == (f"{U}.egress.more.cidr", cidr)


def test_egress_lists_an_address_once() -> None:
    twice = put(f"{U}.egress", apps={"vswitch": "apps", "publicIps": ["egress", "egress"]})
    found = {where(problem): problem.remedy for problem in problems_of(unified_stack(twice))}
    assert found[f"{U}.egress.apps.publicIps.1"] == "remove one of the two"


def test_egress_leaves_by_as_many_addresses_as_the_quota_says() -> None:
    entry = {"cidr": "192.168.1.0/28", "publicIps": ["ip6", "out"]}
    edits = [put(f"{U}.publicIps", out={}), put(U, egress={"few": entry})]
    assert problems_of(shared_stack(*edits)) == ()
    problem = only(shared_stack(*edits, put("", quotas={"eipsPerSnatEntry": 1})))
    assert (where(problem), problem.value) == (f"{U}.egress.few.publicIps", "2 entries")
    assert problem.remedy.endswith("quotas: {eipsPerSnatEntry: 2}")


def test_egress_may_leave_by_an_address_of_the_shared_gateway() -> None:
    entry = {"cidr": "192.168.1.0/28", "publicIps": ["ip6"]}
    assert problems_of(shared_stack(put(U, egress={"few": entry}))) == ()


def test_egress_doesnt_leave_by_a_shared_address_that_is_mapped_whole() -> None:
    entry = {"cidr": "192.168.1.0/28", "publicIps": ["ip1"]}
    problem = only(shared_stack(put(U, egress={"few": entry})))
    assert (where(problem), problem.value) == (f"{U}.egress.few.publicIps.0", "ip1")
    assert "app1 maps all of ip1" in problem.rule


def test_egress_of_its_own_gateway_doesnt_leave_by_the_other_gateways_addresses() -> None:
    gateway = put(U, natGateway={"vswitch": "apps"})
    egress = put(U, egress={"more": {"vswitch": "apps", "publicIps": ["ip6"]}})
    problem = only(shared_stack(gateway, egress))
    assert (where(problem), problem.value) == (f"{U}.egress.more.publicIps.0", "ip6")


# Both sections.


def test_an_egress_stands_in_one_section_under_one_name() -> None:
    entry = {"cidr": "192.168.1.0/28", "publicIps": ["ip6"]}
    problem = only(shared_stack(put(U, egress={"apps": entry})))
    assert (where(problem), problem.value) == (f"{U}.egress.apps", "apps")
    assert "sharedBandwidth has apps already" in problem.rule
    assert problem.remedy == "give one of the two another name"


@pytest.mark.parametrize("source", [{"vswitch": "apps"}, {"cidr": "192.168.1.0/24"}])
def test_a_source_leaves_by_one_entry_of_a_shared_gateway(source: dict[str, str]) -> None:
    problem = only(shared_stack(*egress_beside(**source)))
    assert (where(problem), problem.value) == (f"{U}.egress.more", "192.168.1.0/24")
    assert "sharedBandwidth.egress.apps has 192.168.1.0/24 already" in problem.rule
    fixed = [*egress_beside(**source), gone("sharedBandwidth.egress")]
    assert problems_of(shared_stack(*fixed)) == ()


def test_a_source_may_leave_by_one_entry_of_each_of_two_gateways() -> None:
    gateway = put(U, natGateway={"vswitch": "apps"})
    assert problems_of(shared_stack(gateway, *egress_beside(vswitch="apps"))) == ()


def test_two_entries_of_this_section_with_one_source_are_refused_once() -> None:
    again = {"cidr": "192.168.3.0/24", "publicIps": ["egress"]}
    problem = only(unified_stack(put(f"{U}.egress", again=again)))
    assert (where(problem), problem.value) == (f"{U}.egress.again", "192.168.3.0/24")
    assert "; apps has" in problem.rule


# Sources inside others.


def test_a_source_inside_another_is_a_warning_that_says_who_wins() -> None:
    text = unified_stack(put(f"{U}.publicIps", narrow={}), put(f"{U}.egress", few=NARROW))
    warning = only_warning(text)
    assert (where(warning), warning.value) == (f"{U}.egress.few", "192.168.3.0/28")
    assert "192.168.3.0/28 lies in 192.168.3.0/24 of unifiedEgress.egress.apps" in warning.rule
    assert "leaves by narrow and the rest of 192.168.3.0/24 by egress" in warning.rule


def test_a_source_inside_one_of_the_other_section_is_a_warning_on_a_shared_gateway() -> None:
    warning = only_warning(shared_stack(*egress_beside(cidr="192.168.1.0/28")))
    assert (where(warning), warning.value) == (f"{U}.egress.more", "192.168.1.0/28")
    assert "of sharedBandwidth.egress.apps" in warning.rule


def test_a_source_inside_another_of_shared_bandwidth_is_one_warning_there() -> None:
    few = {"cidr": "192.168.1.0/28", "publicIps": ["ip6"]}
    warning = only_warning(shared_stack(put("sharedBandwidth.egress", few=few)))
    assert (where(warning), warning.value) == ("sharedBandwidth.egress.few", "192.168.1.0/28")
    assert "of sharedBandwidth.egress.apps" in warning.rule


def test_sources_of_two_gateways_dont_lie_in_each_other() -> None:
    gateway = put(U, natGateway={"vswitch": "apps"})
    (warning,) = warnings_of(shared_stack(gateway, *egress_beside(cidr="192.168.1.0/28")))
    assert where(warning) == f"{U}.natGateway"


# Who leaves by what.


def test_every_server_needs_an_egress_that_covers_its_host() -> None:
    edits = [put(f"{U}.egress.apps", vswitch="doors"), put(f"{U}.natGateway", vswitch="doors")]
    found = problems_of(unified_stack(*edits))
    hosts = [(f"{U}.servers.web1.host", "ecs1"), (f"{U}.servers.web2.host", "ecs2")]
    assert [(where(problem), problem.value) for problem in found] == hosts
    assert "web1 leaves by its host's address 192.168.3.10 in the vSwitch apps" in found[0].rule
    assert "(192.168.3.0/24), and no egress covers it" in found[0].rule
    remedy = "add apps-servers: {vswitch: apps, publicIps: [egress]} to unifiedEgress.egress"
    assert found[0].remedy == remedy
    entry = {"vswitch": "apps", "publicIps": ["egress"]}
    fixed = put(f"{U}.egress", doors={**entry, "vswitch": "doors"}, apps=entry)
    assert problems_of(unified_stack(*edits, fixed)) == ()


def test_a_range_that_ends_before_the_host_doesnt_cover_it() -> None:
    half = put(f"{U}.egress", apps={"cidr": "192.168.3.16/28", "publicIps": ["egress"]})
    problem = only(unified_stack(half))
    assert (where(problem), problem.value) == (f"{U}.servers.web1.host", "ecs1")


def test_the_interface_of_a_server_needs_no_egress() -> None:
    """It is for what comes in: web2's lies in a vSwitch that nothing leaves from."""
    assert "doors" not in str(reach(settings_of(unified_stack())).egress)
    assert problems_of(unified_stack()) == ()


def test_egress_of_a_shared_gateway_covers_servers_of_this_section() -> None:
    assert ways_out(shared_stack()) == {"mail": ("apps", ("ip6",))}
    assert places(shared_stack(gone("sharedBandwidth.egress"))) == [
        (f"{U}.servers.mail.host", "ecs2")
    ]


def test_egress_of_the_other_gateway_covers_nobody_here() -> None:
    gateway = put(U, natGateway={"vswitch": "apps"})
    assert places(shared_stack(gateway)) == [(f"{U}.servers.mail.host", "ecs2")]


@pytest.mark.parametrize("place", ["sharedBandwidth.egress.apps", f"{U}.egress.more"])
def test_an_egress_that_cant_be_read_leaves_no_server_uncovered(place: str) -> None:
    edits = [gone("sharedBandwidth.egress"), *egress_beside(vswitch="apps")]
    text = shared_stack(*(edits if "more" in place else ()), put(place, publicIps="ip6"))
    assert where(only(text)) == f"{place}.publicIps"


def test_a_server_leaves_by_the_narrowest_source_that_covers_it() -> None:
    text = unified_stack(put(f"{U}.publicIps", narrow={}), put(f"{U}.egress", few=NARROW))
    assert ways_out(text) == {"web1": ("few", ("narrow",)), "web2": ("apps", ("egress",))}
    text = shared_stack(*egress_beside(cidr="192.168.1.0/30"))
    assert ways_out(text) == {"mail": ("more", ("out",))}
