"""Unified egress under mocks: what waits for what, and what is kept over renames."""

from typing import Any

from tests.program.unified_programs import (
    MORE,
    WEB1,
    U,
    created,
    own,
    script,
    shared,
)
from tests.topologies.unified import beside, gone, put

# Order.


def test_in_normal_mode_an_address_is_bound_when_card_and_routes_are_there() -> None:
    made = own()
    after = made["server-web1-addresses-primary"].after
    assert {"server-web1-attachment", "server-web1-routing-invocation"} <= after
    assert "server-web1-attachment" in made["server-web1-routing-command"].after
    assert "192.168.3.11" in script(made, "server-web1-routing-command")
    assert "198.51.100" not in script(made, "server-web1-routing-command")


def test_in_multi_eip_mode_routes_are_set_for_the_addresses_once_they_are_bound() -> None:
    made = own(put(f"{WEB1}.eni", mode="MULTI_BINDED"))
    association = "server-web1-addresses-primary"
    assert "server-web1-routing-invocation" not in made[association].after
    assert association in made["server-web1-routing-command"].after
    address = made.outputs["unified-addresses"]["publicIps"]["web1"]
    assert f"{address}/32" in script(made, "server-web1-routing-command")


def test_the_way_out_opens_once_its_address_is_on_the_gateway() -> None:
    made = own()
    assert "unified-addresses-egress-association" in made["unified-egress-apps"].after
    inputs = made["unified-egress-apps"].inputs
    assert inputs["sourceVswitchId"] == "network-apps-id"
    assert inputs["snatIp"] == made.outputs["unified-addresses"]["publicIps"]["egress"]


def test_routes_are_for_the_interfaces_own_vswitch_and_table() -> None:
    made = own(put(f"{U}.servers.web2", routeTable=7))
    assert made["server-web2-routing-invocation"].inputs["instanceIds"] == ["i-2"]
    text = script(made, "server-web2-routing-command")
    assert "NETWORK=192.168.4.0/24" in text
    assert "TABLE=7\n" in text


def test_what_the_cloud_never_holds_twice_is_deleted_before_it_is_made_anew() -> None:
    made = own()
    for name in (
        "server-web1-eni",
        "server-web1-attachment",
        "server-web1-routing-command",
        "server-web1-routing-invocation",
        "server-web1-addresses-primary",
        "unified-addresses-egress-association",
        "unified-egress-apps",
    ):
        assert made[name].request.deleteBeforeReplace, name
    assert not made["unified-addresses-web1"].request.deleteBeforeReplace


# A shared gateway.


def test_on_a_shared_gateway_nothing_of_it_is_made_twice() -> None:
    made = shared()
    assert created(made, "NatGateway") == ["gateway-nat"]
    assert made.names("CommonBandwithPackage") == ["shared-bandwidth-package"]
    inputs = made["unified-addresses-mail-attachment"].inputs
    assert inputs["bandwidthPackageId"] == "shared-bandwidth-package-id"
    assert made.names("SnatEntry") == ["egress-apps"]


def test_egress_on_a_shared_gateway_comes_after_its_last_port_mapping() -> None:
    made = shared(*MORE)
    entry = made["unified-egress-few"]
    assert "port-mappings-web-tls" in entry.after, "one entry at a time on a gateway"
    assert entry.inputs["snatTableId"] == made["egress-apps"].inputs["snatTableId"]
    address = made["unified-addresses-out-association"]
    assert address.inputs["instanceId"] == "gateway-nat-id"
    assert {address.name, "shared-bandwidth-ip6-association"} <= entry.after
    assert entry.inputs["snatIp"].count(",") == 1


def test_egress_on_a_shared_gateway_without_mappings_comes_after_its_egress() -> None:
    made = shared(*MORE, gone("sharedBandwidth.portMappings"))
    assert "egress-apps" in made["unified-egress-few"].after


def test_egress_waits_for_the_last_mapping_of_every_lane() -> None:
    made = shared(*MORE, put("sharedBandwidth.natGateway", lanes=2))
    ends = {"port-mappings-web", "port-mappings-web-tls"}
    assert ends <= made["unified-egress-few"].after


def test_two_gateways_have_their_own_entries_in_any_order() -> None:
    made = shared(*beside())
    assert created(made, "NatGateway") == ["gateway-nat", "unified-gateway-nat"]
    entry = made["unified-egress-out"]
    assert not [name for name in entry.after if name.startswith("port-mappings-")]


# Renames.


def test_a_renamed_server_keeps_interface_routes_and_bindings() -> None:
    def renamed(settings: dict[str, Any]) -> None:
        servers = settings[U]["servers"]
        servers["front"] = {**servers.pop("web1"), "was": "web1"}

    made = own(renamed)
    aliases = {one.name: one.aliases for one in made.components}
    for suffix in ("", "-routing", "-addresses"):
        assert aliases[f"server-front{suffix}"] == {f"server-web1{suffix}"}
        assert aliases[f"server-web2{suffix}"] == set()


def test_a_renamed_address_keeps_its_eip_and_its_binding_to_the_gateway() -> None:
    made = own(
        gone(f"{U}.publicIps.egress"),
        put(f"{U}.publicIps", out={"was": "egress"}),
        put(f"{U}.egress.apps", publicIps=["out"]),
    )
    assert made["unified-addresses-out"].aliases == {"unified-addresses-egress"}
    association = made["unified-addresses-out-association"]
    assert association.aliases == {"unified-addresses-egress-association"}


def test_a_renamed_address_of_a_server_keeps_its_place_there() -> None:
    """The binding is named by its place, so that it has no name to change."""
    made = own(
        gone(f"{U}.publicIps.web1"),
        put(f"{U}.publicIps", front={"was": "web1"}),
        put(WEB1, publicIp="front"),
    )
    assert made["unified-addresses-front"].aliases == {"unified-addresses-web1"}
    inputs = made["server-web1-addresses-primary"].inputs
    assert inputs["allocationId"] == "unified-addresses-front-id"


def test_a_renamed_egress_keeps_its_entry() -> None:
    entry = {"vswitch": "apps", "publicIps": ["egress"], "was": "apps"}
    assert own(put(U, egress={"all": entry}))["unified-egress-all"].aliases == {
        "unified-egress-apps"
    }
