"""The plan as a page: what is drawn and told in it, in both languages, and what can't get in."""

import ast
import base64
import hashlib
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stack.problems import Problem
from stack.stack_file import StackFile
from stack.target import stack_of
from stack.words import Words
from tests.example_stacks import ROOT, STACK_FILES, name_of
from tests.stackfiles import Edit, dev_stack, settings_of
from tests.tools.pages import Page, page_read
from tests.tools.plans import on_two_gateways, planned
from tests.topologies.unified import shared_stack, unified_stack
from tools.plan.__main__ import main
from tools.plan.flowchart import Flowchart, node_id
from tools.plan.graphs import MANY
from tools.plan.page import page as page_module
from tools.plan.page.chinese import in_chinese
from tools.plan.page.layout import laid_out
from tools.plan.page.page import plan_page, told
from tools.plan.plan import plan_of
from topologies import TOPOLOGIES

Write = Callable[[str, str], Path]
Captured = pytest.CaptureFixture[str]


def printed(text: str) -> str:
    settings = settings_of(text)
    return plan_page(planned(settings), settings)


def many(count: int, hosts: int = 5, addresses: tuple[str, ...] = ("ip1", "ip3")) -> Edit:
    """An edit after which there are so many mappings, in turn to each address."""
    mappings: dict[str, Any] = {
        f"map{n}": {
            "publicIp": addresses[n % len(addresses)],
            "host": f"ecs{n % hosts + 1}",
            "port": 20000 + n,
            "protocol": "tcp",
        }
        for n in range(count)
    }
    return lambda settings: settings["sharedBandwidth"].update(portMappings=mappings)


@pytest.fixture(scope="module")
def dev() -> Page:
    return page_read(printed(dev_stack()))


# What stands in it.


def test_a_way_in_is_drawn_from_the_internet_to_its_host(dev: Page) -> None:
    way = [("internet", "ip_ip3"), ("ip_ip3", "map_web"), ("map_web", "host_ecs3")]
    assert {*way} <= dev.ways()
    assert dev.nodes["map_web"] == ["web", "tcp 80 → 80", "leads to ecs3"]


def test_what_lies_in_a_gateway_stands_in_its_box(dev: Page) -> None:
    titles = [dev.boxes[box] for box in dev.places["map_web"]]
    assert titles == ["cn-shanghai (9)", "VPC 192.168.0.0/16 (6)", "NAT gateway MyNatGW (3)"]


def test_graphs_have_names_of_their_own(dev: Page) -> None:
    assert ("egress_ip_ip6", "egress_internet") in dev.ways()


def test_the_tables_of_the_plan_stand_in_it(dev: Page) -> None:
    assert ["web", "ip3", "tcp", "80", "ecs3", "192.168.1.3", "80"] in dev.rows
    assert ["apps", "apps", "ip6"] in dev.rows
    assert ["Internet NAT gateways", "1"] not in dev.rows  # nothing is billed of this plan
    assert "Spare addresses: ip5" in dev.text


def test_the_command_prints_it_with_its_warnings(capsys: Captured) -> None:
    assert main(["--format", "html"]) == 0
    answer = capsys.readouterr()
    page = page_read(answer.out)
    assert "a VPC that exists is named by its id" in page.text
    assert ["Internet NAT gateways", "1"] in page.rows
    assert answer.err == ""


def test_a_refused_stack_file_has_no_page(write: Write, capsys: Captured) -> None:
    assert (
        main(["--format", "html", "--config", str(write("ip: 192.168.1.1,", "ip: 10.0.0.1,"))]) == 2
    )
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("file", STACK_FILES, ids=name_of)
def test_every_stack_file_of_the_project_has_a_page_in_both_languages(file: Path) -> None:
    plan = plan_of(StackFile(file, stack_of(file), TOPOLOGIES))
    assert plan.settings is not None
    page = plan_page(plan, plan.settings)
    english, chinese = page_read(page, "en"), page_read(page, "zh-CN")
    assert english.nodes.keys() == chinese.nodes.keys()
    assert "资源" in chinese.text
    assert "资源" not in english.text


# Many mappings.


def test_many_mappings_lie_in_folded_boxes_by_their_addresses() -> None:
    page = page_read(printed(dev_stack(many(MANY))))
    assert [page.boxes[box] for box in sorted(page.folded)] == ["To ip1 (13)", "To ip3 (12)"]
    assert page.places["map_map0"][-1] == "mapped_ip1"
    assert ("ip_ip1", "map_map0") in page.ways()


def test_very_many_of_an_address_lie_in_boxes_by_their_hosts_too() -> None:
    page = page_read(printed(dev_stack(many(MANY, addresses=("ip1",)))))
    assert [page.boxes[box] for box in page.places["map_map0"][-2:]] == [
        "To ip1 (25)",
        "For ecs1 (5)",
    ]


def test_few_mappings_are_seen_at_once(dev: Page) -> None:
    assert dev.folded == set()
    assert page_read(printed(dev_stack(many(MANY - 1)))).folded == set()


def test_a_thousand_mappings_make_a_page_of_less_than_a_megabyte() -> None:
    def edit(settings: dict[str, Any]) -> None:
        many(1_000)(settings)
        settings["quotas"] = {"dnatEntriesPerGateway": 1_000}

    assert len(printed(dev_stack(edit)).encode()) < 1_000_000


def test_a_long_list_of_what_follows_is_counted() -> None:
    page = page_read(printed(dev_stack(many(MANY))))
    assert page.nodes["ip_ip1"][-1] == "leads to map0, map10, map12, map14, map16, map18 and 7 more"


# Languages.


def test_words_of_ours_are_told_in_both_languages_and_names_are_not() -> None:
    assert told(Words("spare")) == '<span lang="en">spare</span><span lang="zh-CN">备用</span>'
    assert told("spare") == "spare"
    assert told(Words("To {}", "<spare>")).endswith('<span lang="zh-CN">到达 &lt;spare&gt;</span>')


def test_lists_are_told_word_by_word() -> None:
    way = Words.listed((Words("attachment {}", "a"), "10.0.0.1"), " → ")
    assert way == "attachment a → 10.0.0.1"
    assert in_chinese(way) == "连接 a → 10.0.0.1"


def test_words_are_copied_with_what_stands_in_them() -> None:
    copied = deepcopy(Words("API {}", "/{id}"))
    assert (copied, copied.form, copied.values) == ("API /{id}", "API {}", ("/{id}",))


def test_a_page_in_chinese_says_what_the_cloud_says() -> None:
    page = page_read(printed(dev_stack()), "zh-CN")
    assert page.boxes["gateway"] == "NAT 网关 MyNatGW (3)"
    assert page.nodes["ip_ip5"] == ["ip5", "备用"]
    assert ["端口映射", "公网地址", "协议", "端口", "主机", "私网地址", "端口"] in page.rows


@pytest.mark.parametrize(
    "text", [dev_stack(), dev_stack(many(MANY)), unified_stack(), shared_stack(*on_two_gateways())]
)
def test_all_words_of_ours_have_chinese(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _assert_all_told(text, monkeypatch)


@pytest.mark.parametrize("file", STACK_FILES, ids=name_of)
def test_all_words_of_ours_have_chinese_in_examples(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(StackFile(file, stack_of(file), TOPOLOGIES))
    assert plan.settings is not None
    said = _said(monkeypatch)
    plan_page(plan, plan.settings)
    assert _untold(said) == set()


def _assert_all_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _said(monkeypatch)
    printed(text)
    assert "Ports" in said
    assert _untold(said) == set()


def _said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []

    def heard(text: str) -> str | None:
        said.append(text)
        return in_chinese(text)

    monkeypatch.setattr(page_module, "in_chinese", heard)
    return said


def _untold(said: list[str]) -> set[str]:
    ours = [one for one in said if isinstance(one, Words) and not one.isdigit()]
    assert ours
    return {one.form for one in ours if in_chinese(one) is None}


def test_no_chinese_is_left_of_what_nobody_says() -> None:
    from tools.plan.page import chinese  # noqa: PLC0415 - its source is read

    forms = set(chinese.CHINESE)
    files = [
        *(ROOT / "tools" / "plan").rglob("*.py"),
        *(ROOT / "topologies").rglob("*.py"),
        ROOT / "judging" / "billing.py",
    ]
    said = {
        one.value
        for file in files
        if file.name != "chinese.py"
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    assert forms - said == set()


# What can't get in.

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>&'"


def test_a_name_is_text_wherever_it_stands() -> None:
    settings = settings_of(dev_stack())
    plan = planned(settings)
    exposure = tuple(replace(way, mapping=EVIL) for way in plan.reach.exposure)
    warning = Problem(("network", EVIL), EVIL, EVIL, EVIL)
    evil = replace(plan, reach=replace(plan.reach, exposure=exposure), warnings=(warning,))
    page = page_read(plan_page(evil, settings))
    assert page.nodes[node_id("map", EVIL)][0] == EVIL
    assert [EVIL, "ip3", "tcp", "80", "ecs3", "192.168.1.3", "80"] in page.rows
    assert page.text.count(EVIL) > len(exposure) + 3


def test_arrows_say_text_too() -> None:
    chart = Flowchart()
    chart.arrow(chart.node("a", EVIL), chart.node("b", "b"), says=EVIL)
    page = page_read(page_module.document(EVIL, page_module.drawing(EVIL, chart)))
    assert page.arrows == [("a", "in", EVIL, "b")]
    assert page.nodes["a"][0] == EVIL


def test_nothing_but_the_pages_own_look_and_script_is_let_in() -> None:
    page = page_read(printed(dev_stack()))
    assert page.policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy
    assert not re.search(r"https?:|url\(|@import|fetch|XMLHttp|innerHTML|eval", str(page.raw))


# In which column things stand.


def columns(*arrows: tuple[str, ...]) -> list[list[str]]:
    chart = Flowchart()
    for arrow in arrows:
        chart.arrow(*(chart.node(node, node) for node in arrow))
    return [list(column) for column in laid_out(chart).columns]


def test_what_an_arrow_leads_to_stands_in_a_later_column() -> None:
    assert columns(("a", "b", "d"), ("a", "c"), ("c", "d")) == [["a"], ["b", "c"], ["d"]]


def test_what_nothing_leads_to_stands_just_before_what_it_leads_to() -> None:
    assert columns(("a", "b", "c"), ("late", "c")) == [["a"], ["b", "late"], ["c"]]


def test_columns_are_sorted_so_that_arrows_dont_cross() -> None:
    chart = Flowchart()
    for node in ("a", "b", "y", "x"):
        chart.node(node, node)
    chart.arrow("a", "x")
    chart.arrow("b", "y")
    assert [list(one) for one in laid_out(chart).columns] == [["a", "b"], ["x", "y"]]


def test_ways_that_go_round_have_an_end() -> None:
    assert columns(("a", "b"), ("b", "c"), ("c", "a")) == [["a"], ["b"], ["c"]]
    assert columns(("a", "a")) == [["a"]]
