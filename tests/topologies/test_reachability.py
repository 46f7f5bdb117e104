"""Who reaches which API inside: hop by hop, and what is in the way where something is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.problems import Problem, StackFileError
from stack.reach import PrivatePath
from stack.settings import StackSettings
from tests.stackfiles import NAMESPACE, dumped, loaded, problems_of, settings_of, warnings_of, where
from topologies import reach
from topologies.reachability import private_paths

ROOT = Path(__file__).resolve().parents[2]
Settings = dict[str, Any]
Edit = Callable[[Settings], object]

CODE = {"code": str(ROOT / "examples/private-calls/caller")}


def stack(name: str, *edits: Edit) -> str:
    """One of the examples, after some edits of its settings."""
    (file,) = (ROOT / "examples/private-calls").glob(f"*/Pulumi.{name}.yaml")
    document: dict[str, Any] = loaded(file.read_text("utf-8"))
    prefix = f"{NAMESPACE}:"
    settings = {key.removeprefix(prefix): value for key, value in document["config"].items()}
    for function in settings["functions"].values():
        function["code"] = str((file.parent / function["code"]).resolve())
    for edit in edits:
        edit(settings)
    document["config"] = {
        key if ":" in key else prefix + key: value for key, value in settings.items()
    }
    return dumped(document)


def paths(text: str) -> list[PrivatePath]:
    return list(reach(settings_of(text)).paths)


def hops(path: PrivatePath) -> tuple[str, ...]:
    return tuple(hop.text for hop in path.hops)


def broken(*edits: Edit, name: str = "transit-router") -> str:
    """What is in the way of the function's call, by the one report about it."""
    found = [problem for problem in problems_of(stack(name, *edits)) if _is_about_call(problem)]
    (problem,) = found
    assert (where(problem), problem.value) == ("functions.caller.calls.API_URL", "cloudapi")
    assert problem.remedy == "put that right, or remove this call"
    start, _, reason = problem.rule.partition(": ")
    assert start == "cloudapi can't be reached from here"
    return reason


def _is_about_call(problem: Problem) -> bool:
    return "calls" in problem.path


# Whole paths.


def test_in_one_region_a_function_reaches_the_gateway_in_its_own_vpc() -> None:
    (path,) = paths(stack("same-region"))
    assert (path.source, path.api, path.broken) == ("function caller", "cloudapi", None)
    assert hops(path) == (
        "vSwitch functions",
        "domain of orders (http)",
        "API cloudapi",
        "authorization web",
        "host web:8080",
    )


@pytest.mark.parametrize(("name", "kind"), [("transit-router", "transit router"), ("basic", "CEN")])
def test_across_regions_it_goes_over_the_cen_and_to_the_gateways_range(
    name: str, kind: str
) -> None:
    (path,) = paths(stack(name))
    assert path.broken is None
    assert hops(path)[:6] == (
        "vSwitch calls",
        "attachment functions",
        f"{kind} cn-zhangjiakou",
        "link calls (2 Mbit/s)",
        "attachment gateway",
        "gateway's range (gateway)",
    )


def test_servers_elsewhere_and_a_data_centre_reach_every_api_inside() -> None:
    found = paths(stack("hybrid"))
    assert {(path.source, path.api) for path in found} == {
        (source, api)
        for source in ("networks.beijing", "data centre office")
        for api in ("getinfo", "stock")
    }
    assert not [path for path in found if path.broken is not None]


def test_an_api_reaches_back_into_the_data_centre() -> None:
    found = {(path.source, path.api): hops(path) for path in paths(stack("hybrid"))}
    assert found["networks.beijing", "stock"][-5:] == (
        "authorization stock",
        "attachment gateway",
        "transit router cn-hangzhou",
        "attachment office",
        "10.10.1.20:8080",
    )


def test_apis_alone_have_no_paths() -> None:
    text = stack(
        "same-region",
        lambda s: s.update(topology="api-gateway"),
        lambda s: s.pop("functions"),
    )
    assert paths(text) == []


# What is in the way.


def test_without_a_link_the_two_regions_are_told() -> None:
    def relinked(settings: Settings) -> None:
        settings["networks"]["far"] = {
            "region": "cn-beijing",
            "vpc": {"cidr": "10.9.0.0/16"},
            "vswitches": {
                "far": {"cidr": "10.9.1.0/24", "zone": "cn-beijing-h"},
                "far-2": {"cidr": "10.9.2.0/24", "zone": "cn-beijing-i"},
            },
        }
        cross = settings["crossRegion"]
        cross["attachments"]["far"] = {"network": "far"}
        cross["links"] = {
            "one": {"regions": ["cn-shanghai", "cn-beijing"], "bandwidth": 2},
            "two": {"regions": ["cn-zhangjiakou", "cn-beijing"], "bandwidth": 2},
        }

    assert broken(relinked) == "no link joins cn-zhangjiakou and cn-shanghai"


def test_without_an_attachment_the_network_is_told() -> None:
    reason = broken(
        lambda s: s["crossRegion"]["attachments"].pop("functions"),
        lambda s: s["crossRegion"].pop("links"),
    )
    assert reason == (
        "networks.functions isn't attached to the CEN: name it in crossRegion.attachments"
    )


def test_without_an_attachment_of_the_gateways_network_that_network_is_told() -> None:
    reason = broken(
        lambda s: s["crossRegion"]["attachments"].pop("gateway"),
        lambda s: s["crossRegion"].pop("links"),
        lambda s: s["crossRegion"].pop("services"),
    )
    assert reason == "network, where the gateway is entered, isn't attached to the CEN"


@pytest.mark.parametrize(
    ("attachment", "reason"),
    [
        ("gateway", "network isn't attached to the CEN, and office is behind it"),
        ("office", "no attachment leads to office"),
    ],
)
def test_an_api_before_a_data_centre_needs_both_ends_of_the_way_there(
    attachment: str, reason: str
) -> None:
    def edit(settings: Settings) -> None:
        (function,) = settings["functions"].values()
        function |= {"network": {"vswitches": ["gateway"]}, "calls": {"API_URL": "stock"}}
        settings["crossRegion"]["attachments"].pop(attachment)
        for key in ("links", "services"):
            settings["crossRegion"].pop(key)

    (problem,) = [one for one in problems_of(stack("hybrid", edit)) if _is_about_call(one)]
    assert problem.rule == f"stock can't be reached from here: {reason}"


def test_what_an_api_lacks_is_told_of_the_api_and_not_of_each_call() -> None:
    def edit(settings: Settings) -> None:
        settings["apiGateway"]["apis"]["cloudapi"] |= {
            "group": "nobodys",
            "backend": {"vpc": {"access": "none", "path": "/"}},
        }

    assert not [one for one in problems_of(stack("same-region", edit)) if _is_about_call(one)]


def test_without_a_way_to_the_gateways_range_its_attachment_is_told() -> None:
    text = stack("transit-router", lambda s: s["crossRegion"].pop("services"))
    (warning,) = warnings_of(text)
    assert where(warning) == "functions.caller.calls.API_URL"
    assert warning.rule == (
        "cloudapi can't be reached from here yet: no service leads to the gateway's range behind "
        "gateway"
    )
    (path,) = paths(text)
    assert path.broken == "no service leads to the gateway's range behind gateway"


def test_without_a_cen_both_networks_are_told() -> None:
    reason = broken(
        lambda s: s.pop("crossRegion"), lambda s: s.update(topology=["functions", "api-gateway"])
    )
    assert reason == "nothing joins networks.functions with network, where the gateway is entered"


def test_without_a_cen_the_network_that_the_gateway_is_entered_by_is_told_by_its_name() -> None:
    def edit(settings: Settings) -> None:
        settings.pop("crossRegion")
        settings["topology"] = ["functions", "api-gateway"]
        settings["networks"] = {"front": settings["network"]}
        own = {"cidr": "10.8.1.0/24", "zone": "cn-shanghai-e"}
        settings["network"] = {"vpc": {"cidr": "10.8.0.0/16"}, "vswitches": {"own": own}}
        settings["functions"]["caller"]["network"] = {"vswitches": ["own"]}

    reason = broken(edit)
    assert reason == "nothing joins network with networks.front, where the gateway is entered"


def test_without_an_entrance_the_key_for_it_is_told() -> None:
    reason = broken(lambda s: s["apiGateway"]["instance"].pop("ingress"), name="same-region")
    assert reason == "no network is let in: add instance.ingress"


def test_a_group_without_a_domain_inside_is_told() -> None:
    text = stack("same-region", lambda s: s["apiGateway"]["groups"]["orders"].clear())
    (problem,) = problems_of(text)
    assert problem.rule == "cloudapi is called inside, and its group orders has no domain there"
    assert problem.remedy == "say intranet: true in apiGateway.groups.orders"


def test_the_shared_instance_is_called_inside_from_its_own_region_alone() -> None:
    def shared(settings: Settings) -> None:
        settings["apiGateway"].pop("instance")

    (path,) = paths(stack("same-region", shared))
    assert (path.broken, path.hops[1].text) == (None, "the shared instance's range (100.64.0.0/10)")
    elsewhere = "the shared instance is called inside from its own region alone: add instance"
    assert broken(shared) == elsewhere


@pytest.mark.parametrize(
    ("protocol", "inside"), [("http", "http"), ("http,https", "http"), ("https", "https")]
)
def test_inside_an_api_is_called_over_http_wherever_it_takes_it(protocol: str, inside: str) -> None:
    def edit(settings: Settings) -> None:
        settings["apiGateway"]["apis"]["cloudapi"]["protocol"] = protocol

    (path,) = paths(stack("same-region", edit))
    assert f"domain of orders ({inside})" in [hop.text for hop in path.hops]


def test_a_call_over_https_alone_is_a_warning_since_the_clouds_pages_disagree() -> None:
    def edit(settings: Settings) -> None:
        settings["apiGateway"]["apis"]["cloudapi"] |= {
            "protocol": "https",
            "auth": "app",
            "apps": ["clients"],
            "acknowledged": False,
        }
        settings["apiGateway"]["apps"] = {"clients": {}}

    (warning,) = warnings_of(stack("same-region", edit))
    assert where(warning) == "functions.caller.calls.API_URL"
    assert warning.rule == (
        "cloudapi takes https alone, and the cloud's pages disagree whether a domain inside a VPC "
        "answers by it"
    )
    assert warning.remedy == (
        "say protocol: http,https in cloudapi; or acknowledged: true there, once "
        "a call has been seen to work"
    )

    def acknowledged(settings: Settings) -> None:
        edit(settings)
        settings["apiGateway"]["apis"]["cloudapi"]["acknowledged"] = True

    assert warnings_of(stack("same-region", acknowledged)) == ()


def test_http_of_an_api_with_a_domain_inside_is_told_with_the_public_domain_that_stays() -> None:
    def edit(settings: Settings) -> None:
        settings["apiGateway"]["apis"]["cloudapi"] |= {"auth": "app", "acknowledged": False}
        settings["apiGateway"]["apis"]["cloudapi"]["apps"] = ["clients"]
        settings["apiGateway"]["apps"] = {"clients": {}}

    (warning,) = warnings_of(stack("same-region", edit))
    assert where(warning) == "apiGateway.apis.cloudapi.protocol"
    assert warning.rule == (
        "cloudapi answers over http on its group's public domain too, not only inside"
    )
    assert "close that domain (docs/limits.md)" in warning.remedy


def test_a_call_of_an_api_that_isnt_there_gets_the_nearest_one() -> None:
    text = stack("same-region", lambda s: s["functions"]["caller"]["calls"].update(API_URL="cloud"))
    (problem,) = problems_of(text)
    assert (where(problem), problem.remedy) == (
        "functions.caller.calls.API_URL",
        "did you mean cloudapi?",
    )


def test_a_function_that_gives_up_before_the_api_does_is_mentioned() -> None:
    text = stack("same-region", lambda s: s["functions"]["caller"].update(timeout=3))
    (warning,) = warnings_of(text)
    assert warning.rule == "caller may run 3 s, and cloudapi may take 10000 ms"


# Properties.

REMOVALS: dict[str, Edit] = {
    "the CEN's attachment of the function": lambda s: s["crossRegion"]["attachments"].pop(
        "functions", None
    ),
    "the CEN's attachment of the gateway": lambda s: s["crossRegion"]["attachments"].pop(
        "gateway", None
    ),
    "the link": lambda s: s["crossRegion"].pop("links", None),
    "the way to the gateway's range": lambda s: s["crossRegion"].pop("services", None),
    "the entrance": lambda s: s["apiGateway"]["instance"].pop("ingress", None),
    "the domain inside": lambda s: s["apiGateway"]["groups"]["orders"].clear(),
    "the section that joins": lambda s: s.update(topology=["functions", "api-gateway"]),
}


# What the first run of a stack can't have: the range is known once the instance is there.
LATER = "the way to the gateway's range"


def judged(text: str) -> StackSettings | None:
    try:
        return settings_of(text)
    except StackFileError:
        return None


@given(st.sets(st.sampled_from(sorted(REMOVALS))))
def test_a_path_is_whole_only_where_nothing_of_it_is_missing(missing: set[str]) -> None:
    text = stack("transit-router", *(REMOVALS[one] for one in sorted(missing)))
    found = [problem for problem in problems_of(text) if _is_about_call(problem)]
    assert bool(found) is bool(missing - {LATER})
    settings = judged(text)
    assert (settings is None) is bool(missing - {LATER})
    if settings is not None:
        section: Any = settings.sections["api-gateway"]
        (path,) = private_paths(settings, section)
        assert (path.broken is None) is (not missing)
