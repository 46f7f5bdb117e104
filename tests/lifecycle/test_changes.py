"""What each edit of the stack file does to what runs, on the real engine."""

import pytest

from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine

DEV_KINDS = sorted(
    ["vpc", "vswitch", "nat_gateway", "common_bandwidth_package"]
    + ["eip_address"] * 5
    + ["common_bandwidth_package_attachment"] * 5
    + ["eip_association"] * 4
    + ["forward_entry"] * 5
)
JUMP_HOST = (
    "      jump-host: {publicIp: ip4, port: 22, protocol: tcp, host: ecs5, acknowledged: true}"
)


def test_up_builds_the_stack_then_changes_nothing_and_destroy_leaves_nothing(stack: Stack) -> None:
    stack.succeed("up")
    assert stack.kinds() == DEV_KINDS

    stack.succeed("up")
    assert stack.changes() == []

    assert "pulumi stack rm" not in stack.succeed("destroy").err
    assert stack.kinds() == []


def test_a_development_stack_takes_with_it_what_was_bound_to_its_gateway_by_hand(
    stack: Stack,
) -> None:
    stack.stand()
    (gateway,) = stack.all("nat_gateway")
    by_hand = stack.cloud.create("eip_address", {}, region=stack.region)
    binding = {
        "allocation_id": by_hand.id,
        "instance_id": gateway.id,
        "instance_type": "Nat",
    }
    stack.cloud.create("eip_association", binding, region=stack.region)
    before = stack.ids()
    refused = stack.run("destroy")
    assert refused.code == 1
    assert "DependencyViolation.EIPS" in refused.err
    assert stack.ids() == before

    stack.edit("tier: staging", "tier: development")
    stack.succeed("up")
    stack.succeed("refresh")
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == ["eip_address"]  # what was bound by hand stays, unbound


def test_an_entry_by_hand_stops_destroy_before_anything_is_deleted(stack: Stack) -> None:
    stack.stand()
    entry = next(one for one in stack.all("forward_entry") if one["external_port"] != "any")
    asked = {
        "forward_table_id": entry["forward_table_id"],
        "external_ip": entry["external_ip"],
        "external_port": "8443",
        "internal_ip": "192.168.1.77",
        "internal_port": "8443",
        "ip_protocol": "tcp",
    }
    by_hand = stack.cloud.create("forward_entry", asked, region=stack.region)
    before = stack.ids()
    refused = stack.run("destroy")
    assert refused.code == 1
    assert f"DNAT entry {by_hand.id}, tcp 8443 of " in refused.err
    assert "InvalidIpStatus.HasBeenUsedByForwardEntry" in refused.err
    assert "What is unmanaged, delete where it was made: make cloud" in refused.err
    assert stack.ids() == before

    stack.cloud.delete("forward_entry", by_hand.id, region=stack.region)
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_up_ends_with_who_is_reachable_from_where(stack: Stack) -> None:
    shown = stack.succeed("up").out
    addresses = {
        eip.text("address_name"): eip.text("ip_address") for eip in stack.cloud.all("eip_address")
    }
    for name in ("shop-ip1", "shop-ip2", "shop-ip3", "shop-ip4"):
        assert addresses[name] in shown
    rows = [line.split() for line in shown.splitlines()]
    assert any({"web", "tcp", "80", "ecs3", "192.168.1.3"} <= set(row) for row in rows)
    assert f"Spare addresses: ip5 {addresses['shop-ip5']}" in shown


def test_adding_and_removing_one_mapping_moves_that_entry_alone(stack: Stack) -> None:
    stack.stand()
    stack.edit(JUMP_HOST, JUMP_HOST + "\n      api: {publicIp: ip3, port: 8444, host: ecs4}")
    stack.succeed("up")
    assert stack.changes() == ["create forward_entry port-mappings-api"]

    stack.edit("\n      api: {publicIp: ip3, port: 8444, host: ecs4}", "")
    stack.succeed("up")
    assert stack.changes() == ["delete forward_entry port-mappings-api"]


def test_renaming_a_mapping_with_was_updates_its_name_and_no_more(stack: Stack) -> None:
    stack.stand()
    before = stack.ids()
    stack.edit("      web: {", "      shop: {was: web, ")
    stack.succeed("up")
    assert stack.changes() == ["update forward_entry port-mappings-shop"]
    assert stack.ids() == before
    names = {entry.text("forward_entry_name") for entry in stack.cloud.all("forward_entry")}
    assert "shop-shop" in names
    assert "shop-web" not in names


def test_a_mapping_that_takes_the_port_of_a_removed_one_is_refused_before_anything_runs(
    stack: Stack,
) -> None:
    stack.stand()
    stack.edit("      web: {", "      shop: {")
    stack.cloud.forget_calls()
    refused = stack.run("up")
    assert refused.code == 2
    assert "ip3 tcp 80 is held by web" in refused.err
    assert "say was: web in shop" in refused.err
    assert stack.cloud.calls() == []

    stack.edit("      shop: {", "      shop: {was: web, ")
    stack.succeed("up")
    assert stack.changes() == ["update forward_entry port-mappings-shop"]


def test_an_address_goes_only_where_that_is_meant_and_is_told_then(stack: Stack) -> None:
    stack.stand()
    before = stack.ids()
    stack.edit("      ip4: {}", "      front: {}")
    stack.edit("publicIp: ip4", "publicIp: front")
    for command in ("preview", "up"):
        refused = stack.run(command)
        assert refused.code == 2
        assert "say was: ip4 in front: the address is kept" in refused.err
    assert stack.ids() == before
    stack.edit("      front: {}", "      front: {was: ip4}")
    stack.succeed("up")
    assert stack.ids() == before

    stack.edit("      ip5: {spare: true} # in the package, bound to nothing\n", "")
    for command in ("preview", "up"):
        told = stack.succeed(command).err.splitlines()
        (line,) = [one for one in told if one.startswith("It deletes ")]
        assert "shared-bandwidth-ip5 (" in line
        assert line.endswith("an address that is released is gone for good.")
    assert len(stack.all("eip_address")) == DEV_KINDS.count("eip_address") - 1


def test_two_mappings_that_swap_ports_are_named_with_the_two_steps_they_need(stack: Stack) -> None:
    stack.edit(
        "web: {publicIp: ip3, port: 80, protocol: tcp, host: ecs3, hostPort: 80}",
        "web: {publicIp: ip3, port: 80, host: ecs3}",
    )
    stack.edit(
        "web-tls: {publicIp: ip3, port: 443, protocol: tcp, host: ecs4, hostPort: 443}",
        "web-tls: {publicIp: ip3, port: 443, host: ecs4}",
    )
    stack.stand()
    stack.edit("web: {publicIp: ip3, port: 80,", "web: {publicIp: ip3, port: 443,")
    stack.edit("web-tls: {publicIp: ip3, port: 443,", "web-tls: {publicIp: ip3, port: 80,")
    refused = stack.run("up")
    assert refused.code == 2
    assert "web and web-tls swap ip3 tcp 443" in refused.err
    assert "two steps: first move web-tls to something free and run up" in refused.err
    assert "(ip3 tcp 444 is free)" in refused.err
    assert "their final places with lanes: 1 in natGateway" in refused.err

    stack.edit("web: {publicIp: ip3, port: 443,", "web: {publicIp: ip3, port: 80,")
    stack.edit("web-tls: {publicIp: ip3, port: 80,", "web-tls: {publicIp: ip3, port: 9443,")
    assert stack.run("up").code == 0
    stack.edit("web: {publicIp: ip3, port: 80,", "web: {publicIp: ip3, port: 443,")
    stack.edit("web-tls: {publicIp: ip3, port: 9443,", "web-tls: {publicIp: ip3, port: 80,")
    refused = stack.run("up")
    assert refused.code == 2
    assert "run up once with lanes: 1 in natGateway" in refused.err
    stack.edit("vswitch: apps}\n    publicIps", "vswitch: apps, lanes: 1}\n    publicIps")
    stack.succeed("up")
    assert sorted(stack.changes()) == [
        "update forward_entry port-mappings-web",
        "update forward_entry port-mappings-web-tls",
    ]


def test_reordering_the_whole_file_changes_nothing(stack: Stack) -> None:
    stack.stand()
    lines = stack.text.splitlines()
    for start, end in (
        ("      ecs1:", "      ecs5:"),
        ("      ip1:", "      ip5:"),
        ("      app1:", "      jump-host:"),
    ):
        first = next(i for i, line in enumerate(lines) if line.startswith(start))
        last = next(i for i, line in enumerate(lines) if line.startswith(end))
        lines[first : last + 1] = reversed(lines[first : last + 1])
    stack.write("\n".join(lines) + "\n")
    stack.succeed("up")
    assert stack.changes() == []


def test_a_spare_address_is_put_to_use_without_touching_the_others(stack: Stack) -> None:
    stack.stand()
    before = stack.ids()
    stack.edit("      ip5: {spare: true} # in the package, bound to nothing", "      ip5: {}")
    stack.edit(JUMP_HOST, JUMP_HOST + "\n      mail: {publicIp: ip5, port: 25, host: ecs4}")
    stack.succeed("up")
    assert sorted(stack.changes()) == [
        "create eip_association shared-bandwidth-ip5-association",
        "create forward_entry port-mappings-mail",
    ]
    assert before <= stack.ids()


def test_more_bandwidth_is_given_in_place(stack: Stack) -> None:
    stack.stand()
    stack.edit("bandwidth: 150", "bandwidth: 200")
    stack.succeed("up")
    assert stack.changes() == ["update common_bandwidth_package shared-bandwidth-package"]
    (package,) = stack.cloud.all("common_bandwidth_package")
    assert package.text("bandwidth") == "200"


def test_more_lanes_add_entries_side_by_side_and_change_no_resource(stack: Stack) -> None:
    stack.edit("vswitch: apps}\n    publicIps", "vswitch: apps, lanes: 1}\n    publicIps")
    stack.stand()
    assert stack.cloud.calls("create", outcome="OperationConflict") == []

    stack.edit("vswitch: apps, lanes: 1}\n", "vswitch: apps}\n")
    stack.succeed("up")
    assert stack.changes() == []

    stack.succeed("destroy")
    stack.cloud.entry_seconds = 0.2
    stack.succeed("up")
    assert stack.cloud.calls("create", outcome="OperationConflict") != []
    assert stack.kinds() == DEV_KINDS


def test_moving_the_gateways_vswitch_to_another_zone_rebuilds_what_stands_on_it(
    stack: Stack,
) -> None:
    stack.stand()
    addresses = {eip.text("ip_address") for eip in stack.cloud.all("eip_address")}
    stack.edit("zone: cn-shanghai-a", "zone: cn-shanghai-b")
    stack.succeed("up")
    assert stack.kinds() == DEV_KINDS
    assert {eip.text("ip_address") for eip in stack.cloud.all("eip_address")} == addresses
    assert stack.run("up").code == 0


def test_what_production_protects_is_told_before_an_edit_takes_it_and_goes_by_the_steps(
    stack: Stack,
) -> None:
    stack.edit("tier: staging", "tier: production")
    stack.succeed("up")
    before = stack.ids()
    stack.edit("      ip5: {spare: true} # in the package, bound to nothing\n", "")
    stack.edit("zone: cn-shanghai-a", "zone: cn-shanghai-b")
    for command in ("preview", "up"):
        refused = stack.run(command)
        assert refused.code == 2
        assert "gateway-nat is protected, and another vswitch means another one" in refused.err
        assert "shared-bandwidth-ip5 (" in refused.err
    assert stack.ids() == before

    # The steps that it says.
    edited, first = stack.text, stack.text
    first = first.replace("zone: cn-shanghai-b", "zone: cn-shanghai-a")
    first = first.replace("      ip4:", "      ip5: {spare: true}\n      ip4:")
    stack.write(first.replace("tier: production", "tier: staging"))
    stack.succeed("up")
    assert stack.ids() == before
    stack.write(edited.replace("tier: production", "tier: staging"))
    stack.succeed("up")
    stack.write(edited)
    stack.succeed("up")
    assert len(stack.all("eip_address")) == 4
    assert stack.kinds().count("nat_gateway") == 1


def test_a_production_stack_refuses_to_be_destroyed_before_anything_is_deleted(
    stack: Stack,
) -> None:
    stack.edit("tier: staging", "tier: production")
    stack.stand()
    before = stack.ids()
    refused = stack.run("destroy")
    assert refused.code == 1
    assert "Deletion protection is on for" in refused.err
    assert "take tier: production out" in refused.err
    assert stack.ids() == before

    stack.edit("tier: production", "tier: development")
    stack.succeed("up")
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_a_look_shows_drift_and_writes_nothing(stack: Stack) -> None:
    stack.stand()
    assert stack.succeed("refresh", "--look").out == "Nothing drifted.\n"
    (web,) = [one for one in stack.all("forward_entry") if one.text("name").endswith("-web")]
    (tls,) = [one for one in stack.all("forward_entry") if one.text("name").endswith("-web-tls")]
    stack.cloud.change_behind(web.id, internal_ip="192.168.1.9")
    stack.cloud.delete_behind(tls.id)
    (state,) = stack.state.glob(".pulumi/stacks/*/shop.json")
    before = state.read_bytes(), stack.cloud.all()
    shown = stack.succeed("refresh", "--look")
    assert shown.out == (
        "It drifted\n"
        '  port-mappings-web       ForwardEntry   internalIp: "192.168.1.3" → "192.168.1.9"\n'
        "  port-mappings-web-tls   ForwardEntry   is gone\n"
    )
    assert len(shown.err.splitlines()) < 12
    assert (state.read_bytes(), stack.cloud.all()) == before
    assert stack.succeed("refresh").out == shown.out
    assert b'"192.168.1.9"' in state.read_bytes()
    assert stack.run("up", "--look").code == 1
