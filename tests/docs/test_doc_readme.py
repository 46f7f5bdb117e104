"""The README's picture, table and examples are the program's own, in both languages, and short."""

import re
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from stack.problems import StackFileError, describe
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.state import StackState
from stack.target import target
from stack.tiers import Tier
from tests.docs.pages import (
    API_GATEWAY,
    FUNCTIONS,
    PRIVATE_CALLS,
    README,
    README_ZH,
    ROOT,
    blocks,
    tables,
)
from tests.docs.stack_keys import stack_keys, told_keys
from tests.example_stacks import unexpected
from tools.init.drafting import Wanted, drafted
from tools.plan.__main__ import rendered
from tools.plan.plan import make_plan
from topologies import TOPOLOGIES, change_problems

DEV = ROOT / "Pulumi.dev.yaml"
BOTH = pytest.mark.parametrize("page", [README, README_ZH], ids=lambda page: page.name)
DOCS = ROOT / "docs"
KEYS = pytest.mark.parametrize("page", [DOCS / "keys.md", DOCS / "keys.zh-CN.md"])
WHICH = pytest.mark.parametrize("page", [DOCS / "which.md", DOCS / "which.zh-CN.md"])


def _text_blocks(page: Path, word: str) -> list[str]:
    return [block.text for block in blocks(page, "text") if word in block.text]


@pytest.mark.parametrize(
    ("page", "sandbox", "account"),
    [(README, "the sandbox", "your account"), (README_ZH, "沙箱", "账号")],
)
def test_the_third_line_says_what_is_the_sandbox_and_what_the_account(
    page: Path, sandbox: str, account: str
) -> None:
    line = page.read_text("utf-8").splitlines()[2]
    places = [line.index(word) for word in ("`make up`", sandbox, "`make deploy`", account)]
    assert places == sorted(places)


@BOTH
def test_it_is_short(page: Path) -> None:
    lines = page.read_text("utf-8").splitlines()
    assert len(lines) <= 130
    assert max(map(len, lines)) <= 180


@BOTH
def test_the_stack_file_is_what_make_init_writes_and_the_picture_is_its_ports(
    page: Path, tmp_path: Path
) -> None:
    (shown,) = blocks(page, "yaml")
    wanted = Wanted(
        "shared-bandwidth", "cn-shanghai", Tier.DEVELOPMENT, IPv4Network("192.168.0.0/16")
    )
    assert shown.text == drafted(wanted, ROOT / "Pulumi.shop.yaml")
    file = tmp_path / "Pulumi.shop.yaml"
    file.write_text(shown.text, "utf-8")
    (picture,) = blocks(page, "mermaid")
    assert picture.text == rendered(make_plan(target(None, str(file), ROOT)), "mermaid", "ports")


@BOTH
def test_the_table_after_make_up_names_every_way_in_of_dev(page: Path) -> None:
    (shown,) = _text_blocks(page, "Who is reachable from where")
    plan = make_plan(target(None, None, ROOT))
    for way in plan.reach.exposure:
        row = rf"^{way.mapping} +{way.public_ip} \S+ +{way.protocol} .* {way.host} +{way.host_ip} "
        assert re.search(row, shown, re.MULTILINE), f"{way.mapping} isn't in the table"
    assert all(f"{ip.name} " in shown for ip in plan.reach.public_ips if ip.spare)


@KEYS
def test_the_table_of_keys_names_every_key_that_has_no_page_of_its_own(page: Path) -> None:
    (table,) = [table for table in tables(page) if "`topology`" in {row[0] for row in table}]
    keys = " ".join(word for row in table for word in re.findall(r"`([^`]+)`", row[0]))
    told = set(re.findall(r"[A-Za-z]+", keys))
    everything = {key for key, _, _ in stack_keys() if not key.startswith("quotas.")}
    elsewhere = {
        key
        for page in (API_GATEWAY, FUNCTIONS, PRIVATE_CALLS)
        for key, _, _ in told_keys(page)
        if key.count(".") > 1
    }
    assert _words(everything - elsewhere) - told == set(), "keys that the page doesn't name"
    assert told - _words(everything) - {"alicloud", "region"} == set(), "keys that don't exist"


def _words(keys: set[str]) -> set[str]:
    return {word for key in keys for word in re.findall(r"[A-Za-z]+", key)}


@WHICH
def test_the_stack_files_that_are_explained_pass_the_rules(page: Path, tmp_path: Path) -> None:
    explained = {
        topology
        for example in [*blocks(README, "yaml"), *blocks(page, "yaml")]
        for topology in _passed(example.text, tmp_path).sections
    }
    assert explained == {topology.name for topology in TOPOLOGIES}


def _passed(text: str, folder: Path) -> StackSettings:
    if not (folder / "examples").exists():
        (folder / "examples").symlink_to(ROOT / "examples")  # code that a stack file names
    file = folder / "Pulumi.shop.yaml"
    file.write_text(text, encoding="utf-8")
    settings = StackFile(file, "shop", TOPOLOGIES).settings
    assert not unexpected(settings.warnings)
    return settings


@pytest.mark.parametrize("page", [DOCS / "verified.md", DOCS / "changes.md"])
def test_the_refused_change_is_what_make_up_says_about_it(page: Path, tmp_path: Path) -> None:
    (shown,) = _text_blocks(page, "is held by")
    file = tmp_path / DEV.name
    file.write_text(DEV.read_text("utf-8").replace("  web: {", "  store: {"), encoding="utf-8")
    settings = StackFile(file, "dev", TOPOLOGIES).settings
    (problem,) = change_problems(settings, StackState({"resources": _web_as_held()}))
    without_line = re.sub(r":\d+  ", "  ", shown.strip())
    assert describe(Path(DEV.name), problem) == without_line
    assert f"{DEV.name}:{_line_of(file, 'store:')}  " in shown


def _web_as_held() -> list[dict[str, object]]:
    """The part of dev's state that matters: the entry web, and the address that it is on."""
    address = "198.51.100.1"
    entry = {
        "externalIp": address,
        "externalPort": "80",
        "internalIp": "192.168.1.3",
        "internalPort": "80",
        "ipProtocol": "tcp",
    }
    return [
        _held("alicloud:ecs/eipAddress:EipAddress", "shared-bandwidth-ip3", {"ipAddress": address}),
        _held("alicloud:vpc/forwardEntry:ForwardEntry", "port-mappings-web", entry),
    ]


def _held(type_: str, name: str, outputs: dict[str, str]) -> dict[str, object]:
    return {
        "custom": True,
        "type": type_,
        "urn": f"urn:pulumi:dev::p::{type_}::{name}",
        "outputs": outputs,
    }


def test_the_refused_value_is_what_make_plan_says_about_it(tmp_path: Path) -> None:
    (shown,) = _text_blocks(ROOT / "docs" / "stack-file.md", "did you mean")
    file = tmp_path / DEV.name
    file.write_text(DEV.read_text("utf-8").replace("ip1, host: ecs1", "ip1, host: esc1"), "utf-8")
    with pytest.raises(StackFileError) as refusal:
        _ = StackFile(file, "dev", TOPOLOGIES).settings
    (problem,) = refusal.value.problems
    assert describe(Path(DEV.name), problem) == shown.strip()


def _line_of(file: Path, word: str) -> int:
    lines = file.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if word in line)
