"""Changes that no single update can carry out: found from state and stack file alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from facts import kinds
from stack.problems import Problem
from tests.stackfiles import NAMESPACE, dumped, loaded
from tests.topologies import held_states
from tests.topologies.held_states import Held, held

DEV = Path(__file__).parent.parent.parent / "Pulumi.dev.yaml"
Settings = dict[str, Any]
ADDRESSES = {f"ip{i}": f"198.51.100.{i}" for i in range(1, 6)}


def entry(key: str, public: tuple[str, str, str], host: tuple[str, str]) -> Settings:
    """A forward entry of the state: (address, protocol, port) to (last byte, port)."""
    return held(
        kinds.FORWARD_ENTRY,
        f"port-mappings-{key}",
        externalIp=ADDRESSES[public[0]],
        ipProtocol=public[1],
        externalPort=public[2],
        internalIp=f"192.168.1.{host[0]}",
        internalPort=host[1],
    )


HELD = [
    held(kinds.VSWITCH, "network-apps", cidrBlock="192.168.1.0/24"),
    *(held(kinds.EIP, f"shared-bandwidth-{name}", ipAddress=ip) for name, ip in ADDRESSES.items()),
    entry("app1", ("ip1", "any", "any"), ("1", "any")),
    entry("app2", ("ip2", "any", "any"), ("2", "any")),
    entry("web", ("ip3", "tcp", "80"), ("3", "80")),
    entry("web-tls", ("ip3", "tcp", "443"), ("4", "443")),
    entry("jump-host", ("ip4", "tcp", "22"), ("5", "22")),
]


def dev_stack(edit: Callable[[Settings], object] = lambda _: None) -> str:
    """The dev stack's file with its settings edited."""
    document = loaded(DEV.read_text(encoding="utf-8"))
    settings = {key.partition(":")[2]: value for key, value in document["config"].items()}
    edit(settings)
    config = {f"{NAMESPACE}:{key}": value for key, value in settings.items() if key != "region"}
    return dumped({"config": config})


def put(entries: Settings, **changed: Settings | None) -> None:
    """Replace some entries of a map; None removes one."""
    for key, entry_ in changed.items():
        entries.pop(key, None)
        if entry_ is not None:
            entries[key] = entry_


def changes(text: str, state: Held = HELD) -> list[Problem]:
    return held_states.changes(text, state)


def mappings(**entries: dict[str, Any] | None) -> str:
    """Dev's stack file with some mappings replaced; None removes one."""
    return dev_stack(lambda dev: put(dev["sharedBandwidth"]["portMappings"], **entries))


def test_nothing_is_wrong_with_a_stack_that_stays_as_it_is() -> None:
    assert changes(dev_stack()) == []


def test_nothing_is_wrong_with_a_first_deployment() -> None:
    assert changes(dev_stack(), []) == []


def test_a_new_mapping_on_a_removed_ones_port_is_told_to_say_what_it_was() -> None:
    (problem,) = changes(mappings(web=None, shop={"publicIp": "ip3", "port": 80, "host": "ecs3"}))
    assert problem.path == ("sharedBandwidth", "portMappings", "shop")
    assert problem.value == "ip3 tcp 80"
    assert "held by web" in problem.rule
    assert problem.remedy.startswith("say was: web in shop")


def test_the_same_with_was_is_fine() -> None:
    new = {"publicIp": "ip3", "port": 80, "host": "ecs3", "was": "web"}
    assert changes(mappings(web=None, shop=new)) == []


def test_a_new_mapping_to_a_removed_ones_host_port_meets_it_too() -> None:
    new = {"publicIp": "ip3", "port": 8081, "host": "ecs3", "hostPort": 80}
    (problem,) = changes(mappings(web=None, shop=new))
    assert problem.value == "192.168.1.3 tcp 80"


def test_a_range_over_a_removed_port_meets_it() -> None:
    new = {"publicIp": "ip3", "port": "70-90", "host": "ecs1", "protocol": "tcp"}
    (problem,) = changes(mappings(web=None, shop=new))
    assert "held by web" in problem.rule


def test_a_port_on_an_address_that_was_mapped_whole_meets_it() -> None:
    new = {"publicIp": "ip1", "port": 53, "protocol": "udp", "host": "ecs3"}
    (problem,) = changes(mappings(app1=None, dns=new))
    assert "held by app1" in problem.rule


def test_a_mapping_that_moves_onto_a_removed_ones_port_needs_two_steps() -> None:
    moved = {"publicIp": "ip3", "port": 80, "host": "ecs4", "hostPort": 443}
    (problem,) = changes(mappings(**{"web": None, "web-tls": moved}))
    assert problem.remedy == (
        "do it in two steps: first run up with web-tls as it was, "
        "which frees ip3 tcp 80; then move web-tls and run up again"
    )


def test_what_a_mapping_has_already_nobody_else_has_whatever_is_left_in_the_state() -> None:
    """As after `tools.settle`: the second of two in the state has a name that the file hasn't."""
    left = entry("web-replaced", ("ip3", "tcp", "80"), ("3", "80"))
    assert changes(dev_stack(), [*HELD, left]) == []


def test_a_mapping_that_moves_onto_a_port_of_something_left_is_told_a_way_that_there_is() -> None:
    left = entry("web-replaced", ("ip3", "tcp", "81"), ("3", "81"))
    moved = {"publicIp": "ip3", "port": 81, "host": "ecs3"}
    (problem,) = changes(mappings(web=moved), [*HELD, left])
    assert "first run up with web as it was, which frees ip3 tcp 81" in problem.remedy
    assert changes(dev_stack(), [*HELD, left]) == []


def test_a_swap_is_named_as_one_and_its_two_steps_are_given() -> None:
    problems = changes(
        mappings(
            **{
                "web": {"publicIp": "ip3", "port": 443, "host": "ecs3", "hostPort": 80},
                "web-tls": {"publicIp": "ip3", "port": 80, "host": "ecs4", "hostPort": 443},
            }
        )
    )
    assert "web and web-tls swap ip3 tcp 443" in problems[0].rule
    remedy = problems[0].remedy
    assert "first move web-tls to something free and run up (ip3 tcp 444 is free); then" in remedy


def test_the_step_between_of_a_swap_is_free_in_the_state_and_in_the_file() -> None:
    kept = {"publicIp": "ip3", "port": 444, "host": "ecs5", "hostPort": 1}
    swapped = mappings(
        **{
            "web": {"publicIp": "ip3", "port": 443, "host": "ecs3", "hostPort": 80},
            "web-tls": {"publicIp": "ip3", "port": 80, "host": "ecs4", "hostPort": 443},
            "new": kept,
        }
    )
    left = entry("gone", ("ip3", "tcp", "445"), ("5", "2"))
    problem = next(one for one in changes(swapped, [*HELD, left]) if "swap" in one.rule)
    assert "(ip3 tcp 446 is free)" in problem.remedy


def followed(lanes: int, *, follower: str = "zeta") -> list[Problem]:
    """`web` leaves a port that another mapping takes, beside four that stay."""

    def edit(dev: Settings) -> None:
        put(
            dev["sharedBandwidth"]["portMappings"],
            web={"publicIp": "ip3", "port": 8081, "host": "ecs3", "hostPort": 80},
            **{follower: {"publicIp": "ip3", "port": 80, "host": "ecs1"}},
        )
        dev["sharedBandwidth"]["natGateway"]["lanes"] = lanes

    return changes(dev_stack(edit))


def test_following_a_mapping_that_moves_away_first_is_fine_in_one_lane() -> None:
    """Entries are changed one after the other, by name: `web` has left its port by then."""
    assert followed(1) == []


def test_coming_before_a_mapping_that_moves_away_needs_two_steps() -> None:
    text = mappings(
        web={"publicIp": "ip3", "port": 8081, "host": "ecs3", "hostPort": 80},
        alpha={"publicIp": "ip3", "port": 80, "host": "ecs1"},
    )
    (problem,) = changes(text)
    assert "is web's until web has moved" in problem.rule


def test_with_several_lanes_only_entries_of_one_lane_have_an_order_to_rely_on() -> None:
    # app1, app2, jump-host, web, web-tls, zeta: web is the fourth, zeta the sixth.
    assert followed(2) == []
    (problem,) = followed(3)
    assert "is web's until web has moved, side by side with this" in problem.rule
    assert "run up once with lanes: 1 in natGateway" in problem.remedy
    assert followed(2, follower="web-a") != []


def test_an_address_that_was_renamed_is_still_the_same_address() -> None:
    def edit(dev: Settings) -> None:
        put(dev["sharedBandwidth"]["publicIps"], ip3=None, front={"was": "ip3"})
        put(
            dev["sharedBandwidth"]["portMappings"],
            **{
                "web": None,
                "shop": {"publicIp": "front", "port": 80, "host": "ecs3"},
                "web-tls": {"publicIp": "front", "port": 443, "host": "ecs4"},
            },
        )

    (problem,) = changes(dev_stack(edit))
    assert problem.value == "front tcp 80"


def test_a_mapping_that_moves_to_a_new_address_meets_nobody() -> None:
    def edit(dev: Settings) -> None:
        put(dev["sharedBandwidth"]["publicIps"], ip6={})
        put(
            dev["sharedBandwidth"]["portMappings"],
            web={"publicIp": "ip6", "port": 443, "host": "ecs3", "hostPort": 80},
        )

    assert changes(dev_stack(edit)) == []


def test_a_vswitch_renamed_without_was_would_overlap_itself() -> None:
    def edit(dev: Settings) -> None:
        put(
            dev["network"]["vswitches"],
            apps=None,
            front={"cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"},
        )
        dev["sharedBandwidth"]["natGateway"]["vswitch"] = "front"
        for host in dev["network"]["hosts"].values():
            host["vswitch"] = "front"

    (problem,) = changes(dev_stack(edit))
    assert problem.path == ("network", "vswitches", "front")
    assert "say was: apps in front" in problem.remedy


def test_no_remedy_promises_to_change_in_place_what_is_made_anew() -> None:
    state = [
        held(kinds.VSWITCH, "network-apps", cidrBlock="192.168.1.0/24", zoneId="cn-shanghai-a"),
        *HELD[1:],
    ]

    def edit(dev: Settings) -> None:
        moved = {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-b"}
        put(dev["network"]["vswitches"], apps=None, front=moved)
        dev["sharedBandwidth"]["natGateway"]["vswitch"] = "front"
        for host in dev["network"]["hosts"].values():
            host["vswitch"] = "front"

    (problem,) = changes(dev_stack(edit), state)
    assert problem.remedy == (
        "say was: apps in front: network.vswitches.apps is then made anew, the old one deleted "
        "first: its zone can't be changed"
    )


def test_a_mapping_that_moves_to_another_gateway_isnt_updated_in_place_either() -> None:
    def edit(dev: Settings) -> None:
        new = {"publicIp": "ip3", "port": 80, "host": "ecs3"}
        put(dev["sharedBandwidth"]["portMappings"], web=None, shop=new)
        dev["sharedBandwidth"]["natGateway"] = {"id": "ngw-2", "forwardTableId": "ftb-2"}

    held_web = entry("web", ("ip3", "tcp", "80"), ("3", "80"))
    held_web["outputs"]["forwardTableId"] = "ftb-1"
    state = [one for one in HELD if not str(one["urn"]).endswith("-web")]
    (problem,) = changes(dev_stack(edit), [*state, held_web])
    assert problem.remedy.endswith(
        "made anew, the old one deleted first: its natGateway can't be changed"
    )


def test_an_egress_that_takes_over_a_removed_ones_source_is_told_to_say_what_it_was() -> None:
    state = [
        *HELD,
        held(kinds.NAT_GATEWAY, "gateway-nat", snatTableIds="stb-1"),
        held(
            kinds.SNAT_ENTRY,
            "egress-old",
            snatTableId="stb-1",
            sourceVswitchId="network-apps-id",
        ),
    ]
    egress = {"new": {"vswitch": "apps", "publicIps": ["ip3"]}}
    text = dev_stack(lambda dev: put(dev["sharedBandwidth"], egress=egress))
    (problem,) = changes(text, state)
    assert problem.path == ("sharedBandwidth", "egress", "new")
    assert "say was: old in new" in problem.remedy


def test_half_of_an_unfinished_replacement_holds_nothing() -> None:
    old = {**entry("web", ("ip3", "tcp", "80"), ("3", "80")), "delete": True}
    text = mappings(web=None, shop={"publicIp": "ip3", "port": 80, "host": "ecs3"})
    rest = [one for one in HELD if not str(one["urn"]).endswith("-web")]
    assert changes(text, [*rest, old]) == []
