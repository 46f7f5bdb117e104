"""`make inventory`: an account as tables, who holds what, and what the policies say of it."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from facts import kinds
from judging.account.holding import Account, account_of
from judging.account.reading import Gap
from tests.account.accounts import REGION, Asked, filled
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import served
from tests.sandbox.api.test_api_rights import Account as Auditors
from tools.inventory.__main__ import main
from tools.inventory.findings import findings
from tools.inventory.showing import FORMS
from tools.inventory.tables import Inventory
from tools.pipeline.holders import Holders, holders_in_backend, holders_of
from tools.ram_policy.policies import Scope, policies

HOST = "192.168.1.7"


def read(asked: Asked) -> Account:
    return account_of(asked.reader(), [REGION])


def rules(asked: Asked) -> list[str]:
    return [one.split(":")[0] for one in findings(read(asked))]


def state(*resources: tuple[str, str], external: bool = False) -> dict[str, Any]:
    return {
        "resources": [{"type": kind, "id": one, "external": external} for kind, one in resources]
    }


# --- what is wrong --------------------------------------------------------------------------------


def test_nothing_is_wrong_with_a_plain_web_port() -> None:
    lab, asked = filled()
    lab.forward(lab.bound_ip(), "443", HOST)
    assert findings(read(asked)) == []


def test_a_mapped_risky_port_is_found_by_the_packs_own_rule() -> None:
    lab, asked = filled()
    entry = lab.forward(lab.bound_ip(), "22", HOST)
    (said,) = findings(read(asked))
    assert said.startswith(f"nat-risky-ports: {entry['forward_entry_id']} ")
    assert "Remedy: " in said


def test_a_finding_says_the_name_that_an_entry_has_in_the_tables() -> None:
    lab, asked = filled()
    entry = lab.forward(lab.bound_ip(), "22", HOST, forward_entry_name="jump")
    (said,) = findings(read(asked))
    assert said.startswith(f"nat-risky-ports: jump ({entry['forward_entry_id']}) ")


def test_an_address_that_is_bound_to_nothing_is_found_unless_it_is_said_to_be_spare() -> None:
    lab, asked = filled()
    eip = lab.new_eip()
    lab.new_eip(tags={"spare": "true"})
    (said,) = findings(read(asked))
    assert said.startswith(f"eip-unattached: {eip.id} ")


def test_a_host_that_is_mapped_whole_is_found() -> None:
    lab, asked = filled()
    lab.forward(lab.bound_ip(), "any", HOST)
    assert rules(asked) == ["nat-every-port"]


@pytest.mark.parametrize(
    ("ports", "source", "found"),
    [
        ("3389/3389", "0.0.0.0/0", ["security-group-risky-ports"]),
        ("443/443", "0.0.0.0/0", []),
        ("3389/3389", "10.0.0.0/8", []),
        ("1/65535", "0.0.0.0/0", ["security-group-open"]),
    ],
)
def test_what_security_groups_let_in_counts_where_something_is_reached(
    ports: str, source: str, found: list[str]
) -> None:
    lab, asked = filled()
    group = lab.new_group()
    rule = {"security_group_id": group.id, "type": "ingress", "ip_protocol": "tcp"}
    lab.store.create("security_group_rule", {**rule, "port_range": ports, "cidr_ip": source})
    server = lab.new_instance(group)
    assert rules(asked) == []
    lab.forward(lab.bound_ip(), "443", server["private_ip"])
    assert rules(asked) == found


def test_addresses_of_one_way_out_that_share_a_package_are_fine() -> None:
    lab, asked = filled()
    eips, package = [lab.new_eip(), lab.new_eip()], lab.new_package()
    for eip in eips:
        lab.bind(eip)
        lab.pack(eip, package)
    lab.snat(*(eip["ip_address"] for eip in eips))
    assert findings(read(asked)) == []


# --- who holds it ---------------------------------------------------------------------------------


def test_each_stack_holds_what_its_state_has() -> None:
    fronted = (kinds.FORWARD_ENTRY, "ftb-1:fwd-1"), (kinds.API, "group:api-1")
    holders = holders_of({"dev": state((kinds.EIP, "eip-1")), "prod": state(*fronted)})
    ids = ("eip-1", "fwd-1", "api-1", "eip-2")
    assert [holders.of(one) for one in ids] == ["dev", "prod", "prod", "unmanaged"]


def test_a_function_is_held_in_its_region_alone() -> None:
    arn = "acs:fc:cn-shanghai:1000000000000001:functions/shop"
    function = {"type": kinds.FUNCTION, "id": "shop", "outputs": {"functionArn": arn}}
    holders = holders_of({"dev": {"resources": [function]}})
    elsewhere = arn.replace("shanghai", "beijing")
    assert [holders.of(one) for one in (arn, elsewhere)] == ["dev", "unmanaged"]


def test_what_a_stack_only_looks_up_it_does_not_hold() -> None:
    holders = holders_of({"dev": state((kinds.VPC, "vpc-1"), external=True)})
    assert holders.of("vpc-1") == "unmanaged"


def test_an_association_holds_neither_of_the_two_that_it_binds() -> None:
    holders = holders_of({"dev": state((kinds.EIP_ASSOCIATION, "eip-1:ngw-1"))})
    assert (holders.of("eip-1"), holders.of("ngw-1")) == ("unmanaged", "unmanaged")


def test_where_a_state_could_not_be_had_nothing_is_called_unmanaged() -> None:
    holders = holders_of({"dev": state((kinds.EIP, "eip-1")), "prod": None})
    assert (holders.of("eip-1"), holders.of("eip-2")) == ("dev", "unknown")
    assert holders.unread == ("prod",)


FAKE = """#!{python}
import json, sys
states = {states!r}
words = sys.argv[1:]
if words[:2] == ["stack", "ls"]:
    print(json.dumps([{{"name": one}} for one in states]))
else:
    state = states[words[-1]]
    sys.exit(1) if state is None else print(json.dumps({{"deployment": state}}))
"""


@pytest.mark.parametrize(("prod", "other"), [(state(), "unmanaged"), (None, "unknown")])
def test_the_backend_is_asked_for_every_stack(
    prod: dict[str, Any] | None, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = {"dev": state((kinds.EIP, "eip-1")), "prod": prod}
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(FAKE.format(python=sys.executable, states=states), "utf-8")
    pulumi.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    holders = holders_in_backend()
    assert holders.of("eip-1") == "dev"
    assert holders.of("eip-2") == other
    assert holders.unread == (("prod",) if prod is None else ())


# --- what it may ----------------------------------------------------------------------------------


def test_the_printed_rights_are_enough_and_without_them_each_gap_has_a_name() -> None:
    account = Auditors()
    (policy,) = policies([], Scope("shop"), ["inventory"])
    eip = account.ram.store.create("eip_address", {}, region=REGION)
    auditor = Asked(account.user("auditor", *policy.document["Statement"])).reader()
    assert [one.id for one in account_of(auditor, [REGION]).eips] == [eip.id]
    assert auditor.gaps == ()
    nobody = Asked(account.user("nobody")).reader()
    account_of(nobody, [REGION])
    assert {gap.right for gap in nobody.gaps} >= {"vpc:DescribeEipAddresses", "vpc:DescribeVpcs"}


# --- how it is shown ------------------------------------------------------------------------------


def shown() -> tuple[Any, Inventory]:
    lab, asked = filled()
    entry = lab.forward(lab.bound_ip(), "22", HOST, forward_entry_name="web")
    account = read(asked)
    held = holders_of({"dev": state((kinds.FORWARD_ENTRY, f"ftb-1:{entry.id}"))})
    return lab, Inventory(account, held, findings(account))


def test_what_is_wrong_fits_80_columns_with_the_remedy_below_it() -> None:
    _, inventory = shown()
    page = FORMS["table"](inventory)
    lines = page[page.index("What is wrong") :].splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].startswith("nat-risky-ports: web (")
    assert any(line.startswith("  Remedy: come in by") for line in lines)


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_who_is_reachable_comes_first_with_who_holds_it(form: str) -> None:
    _, inventory = shown()
    page = FORMS[form](inventory)
    (eip,) = inventory.account.eips
    first = page.splitlines()[0]
    assert first.removeprefix("## ") == "Who is reachable from where"
    row = next(line for line in page.splitlines() if "web" in line)
    cells = row.replace("|", " ").split()
    assert cells == ["web", eip.address, "tcp", "22", "nobody", HOST, "22", "dev"]
    assert "unmanaged" in page
    assert "nat-risky-ports" in page


@pytest.mark.parametrize("form", FORMS)
def test_a_name_is_shown_as_it_is_and_does_nothing(form: str) -> None:
    _, inventory = shown()
    named = replace(inventory.account.eips[0], name="a\n## <b>|\x1b[2J[x](y)")
    held = replace(inventory, account=replace(inventory.account, eips=(named,)))
    page = FORMS[form](held)
    assert "\x1b" not in page
    assert len(page.splitlines()) == len(FORMS[form](inventory).splitlines())
    if form == "markdown":
        assert r"a ## &lt;b&gt;\|\\x1b\[2J\[x\](y)" in page


def test_nobody_is_said_of_a_host_only_where_hosts_may_be_seen() -> None:
    _, inventory = shown()
    gap = Gap(REGION, "ecs:DescribeNetworkInterfaces", "Forbidden.RAM")
    blind = replace(inventory, account=replace(inventory.account, gaps=(gap,)))
    row = next(line for line in FORMS["table"](blind).splitlines() if line.startswith("web"))
    assert "unknown" in row
    assert "nobody" not in row
    assert "ecs:DescribeNetworkInterfaces in cn-shanghai: Forbidden.RAM" in FORMS["table"](blind)


def test_json_is_the_model_with_the_holder_of_each_id() -> None:
    _, inventory = shown()
    told = json.loads(FORMS["json"](inventory))
    (gateway,) = told["gateways"]
    (entry,) = gateway["dnat"]
    assert (entry["name"], told["heldBy"][entry["id"]]) == ("web", "dev")
    assert told["heldBy"][gateway["id"]] == "unmanaged"
    assert told["eips"][0]["role"] == "mapped"
    assert len(told["findings"]) == 1


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_an_account_that_is_empty_says_so(form: str) -> None:
    assert "Nothing" in FORMS[form](Inventory(Account(), Holders(), ()))


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["--region Shanghai", "--vpc 10.0.0.0/8", "--format csv"])
def test_a_wrong_call_says_what_is_wrong(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 1
    assert words.split()[1] in capsys.readouterr().err


def test_a_local_cloud_that_was_filled_by_hand_is_listed_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        eip = cloud.store.create("eip_address", {}, region=REGION)
        for name, value in cloud.exported.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", "")  # no pulumi, so no backend
        assert main(["--region", REGION, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert [one["id"] for one in told["eips"]] == [eip.id]
        assert told["heldBy"][eip.id] == "unknown"
        assert main(["--region", REGION, "--vpc", "vpc-none"]) == 1
        assert "no network vpc-none" in capsys.readouterr().err
