"""What others have put on a stack's own: found, whose it is, and what deletions make of it."""

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from facts import kinds
from facts.contract import TOKENS
from judging.account.holding import SNAT
from judging.account.reading import Call, Reader, RefusedError, UnreadError
from sandbox.cloud import Resource
from tests.account.accounts import REGION, Asked
from tests.recorded_state import EXAMPLES, RecordingStore, built
from tests.sandbox.api.api_lab import Api
from tests.sandbox.api.test_api_rights import Account as Auditors
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from tests.sandbox.cloud_lab import Lab
from tests.sandbox.gateway_lab import GatewayLab
from tests.sandbox.vpn_lab import VpnLab
from tools.pipeline.holders import Holders, holders_of
from tools.pipeline.strangers import Stranger, Strangers, strangers
from tools.ram_policy.policies import Role, Scope, Used, policies


class Account:
    """A stack's network, and the account that it lies in; what is made later isn't the stack's."""

    def __init__(self) -> None:
        self.store = store = RecordingStore()
        self.lab = Lab(store)
        self.ip = self.lab.bound_ip()
        self.spare, self.package = self.lab.new_eip(), self.lab.new_package()
        self.lab.pack(self.spare, self.package)
        self.group = self.lab.new_group()
        self.server = self.lab.new_instance(self.group)
        self.card = self.lab.new_card(self.group)
        self.state = json.loads(json.dumps(store.deployment))
        self.asked = Asked(Api(store=store))
        self.urns = {one["id"]: one["urn"] for one in self.state["resources"]}

    def found(self, holders: Holders = Holders(), goes: set[str] | None = None) -> Strangers:  # noqa: B008 - it isn't changed
        return strangers(self.state, goes, reader=self.asked.reader, holders=lambda: holders)


def bound_elsewhere(account: Account) -> Resource:
    return account.lab.bind(account.spare, account.lab.new_gateway())


def leaving(account: Account) -> Resource:
    return account.lab.snat(account.ip)


def a_card_elsewhere(account: Account) -> Resource:
    return account.lab.new_card(account.group)


MADE: dict[str, tuple[Callable[[Account], Resource], str, str, str]] = {
    "a mapping": (
        lambda account: account.lab.forward(account.ip, "8080"),
        "DNAT entry",
        "eip_association",
        "InvalidIpStatus.HasBeenUsedByForwardEntry",
    ),
    "a way out": (
        leaving,
        "SNAT entry",
        "eip_association",
        "InvalidIpStatus.HasBeenUsedBySnatTable",
    ),
    "an address on the gateway": (
        lambda account: account.lab.bind(account.lab.new_eip()),
        "binding of",
        "nat_gateway",
        "DependencyViolation.EIPS",
    ),
    "an address on a server": (
        lambda account: account.lab.bind(account.lab.new_eip(), account.server),
        "binding of",
        "instance",
        "DependencyViolation.Eip",
    ),
    "an address on a card": (
        lambda account: account.lab.bind_card(account.card),
        "binding of",
        "ecs_network_interface",
        "DependencyViolation.Eip",
    ),
    "the stack's address bound elsewhere": (
        bound_elsewhere,
        "binding of",
        "eip_address",
        "IncorrectEipStatus",
    ),
    "an address in the package": (
        lambda account: account.lab.pack(account.lab.new_eip(), account.package),
        "place in a package",
        "common_bandwidth_package",
        "DependencyViolation.Eip",
    ),
    "a vSwitch": (
        lambda account: account.lab.new_vswitch("192.168.9.0/24"),
        "vSwitch",
        "vpc",
        "DependencyViolation.VSwitch",
    ),
    "a gateway": (
        lambda account: account.lab.new_gateway(),
        "NAT gateway",
        "vswitch",
        "DependencyViolation.NatGateway",
    ),
    "a security group": (
        lambda account: account.lab.new_group(),
        "security group",
        "vpc",
        "DependencyViolation.SecurityGroup",
    ),
    "a server": (
        lambda account: account.lab.new_instance(account.lab.new_group()),
        "server",
        "vswitch",
        "DependencyViolation.Instance",
    ),
    "a load balancer": (
        lambda account: account.store.create(
            "slb_load_balancer", {"vswitch_id": account.lab.vswitch.id}
        ),
        "load balancer",
        "vswitch",
        "DependencyViolation.LoadBalancer",
    ),
    "a VPN gateway": (
        lambda account: account.store.create(
            "vpn_gateway", {"vpc_id": account.lab.vpc.id, "bandwidth": 10}
        ),
        "VPN gateway",
        "vpc",
        "DependencyViolation.VpnGateway",
    ),
    "a card": (
        a_card_elsewhere,
        "network card",
        "security_group",
        "DependencyViolation",
    ),
}


@pytest.mark.parametrize("made", MADE)
def test_each_kind_of_thing_is_found_with_the_refusal_that_it_leads_to(made: str) -> None:
    account = Account()
    make, word, at, code = MADE[made]
    own = make(account).id
    one = next(one for one in account.found().found if own in one.what)
    assert one.what.startswith(word)
    assert one.held == "unmanaged"
    assert one.fate is not None
    assert (one.fate.at.kind, one.fate.refusal and one.fate.refusal.code) == (at, code)
    assert code in one.then


@pytest.mark.parametrize("made", MADE)
def test_it_is_found_too_where_the_state_is_in_the_order_of_an_import(made: str) -> None:
    account = Account()
    make, _, at, code = MADE[made]
    own = make(account).id
    account.state["resources"].reverse()
    one = next(one for one in account.found().found if own in one.what)
    assert one.fate is not None
    assert (one.fate.at.kind, one.fate.refusal and one.fate.refusal.code) == (at, code)


def test_a_further_card_in_the_stacks_server_goes_out_of_it_with_its_end() -> None:
    account = Account()
    theirs = account.lab.attach(account.lab.new_card(account.lab.new_group()), account.server)
    one = next(one for one in account.found().found if theirs.id in one.what)
    assert one.what.startswith("place in a server of network card")
    assert not one.stops


def test_what_api_gateway_may_reach_in_the_stacks_network_is_found() -> None:
    account = Account()
    asked = {"name": "theirs", "vpc_id": account.lab.vpc.id, "port": 80}
    asked["instance_id"] = account.server.id
    account.store.create("api_gateway_vpc_access", asked)
    (one,) = account.found().found
    assert one.what.startswith("VPC authorization theirs (")
    assert not one.stops


def test_a_connection_on_the_stacks_vpn_gateway_is_found() -> None:
    store = RecordingStore()
    lab = VpnLab(store)
    one = stacked(store, lab.connect)
    assert one.what.startswith("VPN connection")
    assert one.then.endswith("DependencyViolation.VpnConnection")


def stacked(store: RecordingStore, more: Callable[[], Resource]) -> Stranger:
    """What is found of what is made once all that there is is the stack's."""
    state = json.loads(json.dumps(store.deployment))
    asked = Asked(Api(store=store))
    assert strangers(state, reader=asked.reader, holders=Holders) == Strangers()
    made = more().id
    found = strangers(state, reader=asked.reader, holders=Holders).found
    return next(one for one in found if made in one.what)


API: dict[str, tuple[Callable[[GatewayLab, Any], Resource], str, str]] = {
    "an API": (
        lambda lab, _: lab.new_api("/more", name="more"),
        "API more",
        "DependencyViolationApiGroup",
    ),
    "a group": (
        lambda lab, own: lab.new_api_group("theirs", instance_id=own.instance.id),
        "API group theirs",
        "DependencyViolationInstance",
    ),
    "an app that may call": (
        lambda lab, own: lab.authorize(lab.new_app("other"), own.api),
        "authorization other",
        "deletes it along with api_gateway_api",
    ),
    "an API that the stack's app may call": (
        lambda lab, own: lab.authorize(own.app, lab.new_api("/more", name="more")),
        "authorization more",
        "deletes it along with api_gateway_app",
    ),
    "an API with the stack's plugin on it": (
        lambda lab, own: lab.attach_plugin(own.plugin, lab.new_api("/more", name="more")),
        "plugin on API more",
        "DependencyViolationPlugin",
    ),
}


@pytest.mark.parametrize("made", API)
def test_what_others_have_on_an_api_gateway_is_found(made: str) -> None:
    store = RecordingStore()
    lab = GatewayLab(store)
    own = SimpleNamespace(
        instance=lab.new_gateway_instance(),
        api=lab.new_api(),
        app=lab.new_app(),
        plugin=lab.new_plugin(),
    )
    make, what, then = API[made]
    one = stacked(store, lambda: make(lab, own))
    assert one.what.startswith(what)
    assert then in one.then


def test_what_hangs_on_a_cen_directly_is_found() -> None:
    store = RecordingStore()
    lab = CenLab(store)
    one = stacked(store, lambda: lab.attach(SHANGHAI))
    assert one.what.startswith("attachment of vpc-")
    assert one.then.endswith("DependencyViolation.Cen")


@pytest.mark.parametrize("what", ["attachment of a VPC", "link"])
def test_what_hangs_on_a_transit_router_is_found(what: str) -> None:
    store = RecordingStore()
    lab = CenLab(store)
    router = lab.new_router(SHANGHAI)

    def made() -> Resource:
        return lab.join(router) if what != "link" else lab.peer(router, lab.new_router(ZHANGJIAKOU))

    one = stacked(store, made)
    assert one.what.startswith(what)
    assert one.stops


def test_an_attachment_to_the_stacks_router_is_the_stacks_though_the_cen_lists_it() -> None:
    store = RecordingStore()
    lab = CenLab(store)
    lab.join(lab.new_router(SHANGHAI))
    asked = Asked(Api(store=store))
    found = strangers(store.deployment, reader=asked.reader, holders=Holders)
    assert found == Strangers()


def test_on_a_stack_that_is_alone_nothing_is_found_and_the_backend_is_not_asked() -> None:
    account = Account()

    def unasked() -> Holders:
        raise AssertionError

    found = strangers(account.state, reader=account.asked.reader, holders=unasked)
    assert found == Strangers()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_no_example_has_a_stranger_on_it(file: Any) -> None:
    store = RecordingStore()
    built(file, store)
    asked = Asked(Api(store=store))
    found = strangers(store.deployment, reader=asked.reader, holders=Holders)
    assert found == Strangers()


def test_only_what_is_the_stacks_is_asked_about() -> None:
    account = Account()
    other = Lab(account.store)
    other.forward(other.bound_ip(), "443")
    asked = account.asked
    assert account.found() == Strangers()
    own = {one["id"] for one in account.state["resources"]}
    about = {value for call in asked.calls for value in call.parameters.values()}
    assert not about & {other.vpc.id, other.gateway.id, other.vswitch.id}
    for call in asked.calls:
        named = [one for text in call.parameters.values() for one in text.split(",")]
        assert own.intersection(named), call


def test_addresses_are_asked_about_fifty_at_a_time() -> None:
    account = Account()
    account.store.set_quota("eips_per_region", 200)
    for _ in range(60):
        account.lab.new_eip()
    account.state = account.store.deployment
    account.found()
    asked = [call for call in account.asked.calls if "AllocationId" in call.parameters]
    assert len(asked) == 2


def test_what_another_stack_holds_is_told_with_its_name_and_is_nobodys_fault() -> None:
    account = Account()
    entry = account.lab.forward(account.ip, "8080")
    held = {"resources": [{"type": kinds.FORWARD_ENTRY, "id": f"ftb-1:{entry.id}"}]}
    found = account.found(holders_of({"shop": held}))
    (one,) = found.found
    assert (one.held, one.is_anothers, one.stops) == ("shop", True, True)
    assert found.nobodys == ()
    assert found.stopping == (one,)


def test_whose_it_is_stays_open_where_a_state_could_not_be_had() -> None:
    account = Account()
    account.lab.forward(account.ip, "8080")
    found = account.found(holders_of({"shop": None}))
    assert [one.held for one in found.nobodys] == ["unknown"]
    assert [*found.notes] == ["Whose states couldn't be had: shop."]


def test_what_goes_along_with_the_stacks_own_stops_nothing() -> None:
    account = Account()
    gateway = next(one for one in account.state["resources"] if one["type"] == kinds.NAT_GATEWAY)
    # Whoever states it so has the cloud clear the gateway's tables.
    gateway["outputs"]["force"] = True
    bound = account.lab.bind(account.lab.new_eip())
    (one,) = account.found().found
    assert bound.id in one.what
    assert (one.stops, one.then) == (False, "deletes it along with nat_gateway-2")


def test_a_change_stops_only_at_what_it_takes_away() -> None:
    account = Account()
    account.lab.new_vswitch("192.168.9.0/24")
    account.lab.pack(account.lab.new_eip(), account.package)
    replaced = account.urns[account.package.id]
    found = account.found(goes={replaced})
    stays = {one.then for one in found.found if not one.stops}
    (stops,) = found.stopping
    assert stays == {"leaves it"}
    assert stops.on.startswith("common_bandwidth_package")


def test_what_the_stack_keeps_when_it_goes_stops_at_nothing() -> None:
    account = Account()
    account.lab.new_vswitch("192.168.9.0/24")
    for one in account.state["resources"]:
        one["retainOnDelete"] = True
    assert [one.then for one in account.found().found] == ["leaves it"]


def test_what_the_stack_only_looks_up_is_no_ground_of_its() -> None:
    account = Account()
    account.lab.new_vswitch("192.168.9.0/24")
    for one in account.state["resources"]:
        if one["type"] == kinds.VPC:
            one["external"] = True
    assert account.found().found == ()


def on_anothers_gateway() -> tuple[Account, Stranger]:
    """An address of the stack's on a gateway that isn't, and an entry of somebody's on it."""
    account = Account()
    gone = {account.lab.gateway.id, account.lab.vpc.id, account.lab.vswitch.id}
    left = [one for one in account.state["resources"] if one["id"] not in gone]
    account.state["resources"] = left
    account.lab.forward(account.ip, "8080")
    account.lab.forward(account.lab.bound_ip(), "443")  # on an address of others
    (one,) = account.found().found
    return account, one


def test_entries_of_others_on_the_stacks_address_are_found_on_anybodys_gateway() -> None:
    _, one = on_anothers_gateway()
    assert "8080" in one.what
    assert one.then.endswith("HasBeenUsedByForwardEntry")


def test_on_what_is_gone_nothing_stands() -> None:
    account = Account()
    account.lab.pack(account.lab.new_eip(), account.package)
    account.store.delete_behind(account.lab.vpc.id)
    account.store.delete_behind(account.lab.gateway.id)
    (one,) = account.found().found
    assert one.what.startswith("place in a package")


def test_what_is_being_deleted_is_in_nobodys_way() -> None:
    account = Account()
    entry = account.lab.snat(account.ip)
    assert [one.what for one in account.found().found] != []
    account.store.set_seconds("snat_entry", 60)
    account.store.delete("snat_entry", entry.id)
    listed = account.asked.reader().listed(SNAT, "cn-shanghai", NatGatewayId=account.lab.gateway.id)
    assert [one["Status"] for one in listed] == ["Deleting"]
    assert [one.what for one in account.found().found] == []


# --- what can't be asked --------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["InvalidAccessKeyId.NotFound", "InvalidRegionId.NotFound"])
def test_a_caller_or_a_region_that_is_not_there_is_no_empty_account(code: str) -> None:
    account = Account()

    def refuse(_number: int, _call: Call) -> None:
        raise RefusedError(code, "no")

    account.asked.before = refuse
    assert code in account.found().unasked


def test_a_right_that_is_missing_is_named_and_the_rest_is_found() -> None:
    account = Account()
    account.lab.new_vswitch("192.168.9.0/24")

    def refuse(_number: int, call: Call) -> None:
        if "TableEntries" in call.action:
            raise RefusedError("Forbidden.RAM", "no")

    account.asked.before = refuse
    found = account.found()
    assert len(found.found) == 1
    (note,) = found.notes
    assert "vpc:DescribeForwardTableEntries in cn-shanghai (Forbidden.RAM)" in note
    assert "vpc:DescribeSnatTableEntries in cn-shanghai (Forbidden.RAM)" in note


def nobodys() -> Reader:
    raise UnreadError("No credentials.\nSet some.")


def breaking() -> Reader:
    def breaks(_call: Call) -> Mapping[str, Any]:
        raise RefusedError("InternalError", "no")

    return Reader(breaks)


@pytest.mark.parametrize("reader", [nobodys, breaking])
def test_an_account_that_cannot_be_asked_is_told_in_a_line(reader: Callable[[], Reader]) -> None:
    account = Account()
    found = strangers(account.state, reader=reader, holders=Holders)
    assert found.found == ()
    (note,) = found.notes
    assert note.startswith("What others have put on the stack's resources isn't known: ")
    assert "\n" not in note


def test_a_resource_that_the_sandbox_does_not_know_keeps_nothing_from_being_found() -> None:
    account = Account()
    account.lab.new_vswitch("192.168.9.0/24")
    account.state["resources"].append(
        {
            "urn": "urn:pulumi:dev::shop::alicloud:oss/bucket:Bucket::logs",
            "type": "alicloud:oss/bucket:Bucket",
            "id": "logs",
            "custom": True,
        }
    )
    assert len(account.found().found) == 1


@pytest.mark.parametrize("role", ["preview", "deploy"])
def test_the_printed_rights_of_a_stack_are_enough_to_ask(role: Role) -> None:
    account = Account()
    kind_of = {one["id"]: TOKENS[one["type"]].kind for one in account.state["resources"][1:]}
    used = [Used(kind, REGION, {}) for kind in kind_of.values()]
    auditors = Auditors()
    statements = [
        statement
        for policy in policies(used, Scope("shop"), [role])
        for statement in policy.document["Statement"]
    ]
    reader = Asked(auditors.user("reviewer", *statements)).reader()
    assert strangers(account.state, reader=lambda: reader, holders=Holders) == Strangers()
    nobody = Asked(auditors.user("nobody")).reader()
    assert strangers(account.state, reader=lambda: nobody, holders=Holders).gaps
