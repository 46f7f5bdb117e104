"""Each of the cloud's quotas: refused above the limit, accepted at it, and raised by the file."""

from collections.abc import Callable
from typing import Any

import pytest

from stack.problems import Problem
from stack.quotas import Quotas
from tests.stackfiles import dev_stack, problems_of, warnings_of, where

Settings = dict[str, Any]
Fill = Callable[[Settings, int], object]

RAISED = {  # the other quotas, out of the way
    "dnatEntriesPerGateway": 9999, "snatEntriesPerGateway": 9999, "eipsPerSnatEntry": 9999,
    "eipsPerGateway": 9999, "eipsPerBandwidthPackage": 9999, "eipsPerAccount": 9999,
    "bandwidthPerPackage": 9999, "vswitchesPerVpc": 9999, "rulesPerSecurityGroup": 9999,
    "apiGroupsPerRegion": 9999, "apisPerGroup": 9999, "apiAppsPerAccount": 9999,
    "appsPerApi": 9999, "apiPluginsPerRegion": 9999, "apiGroupsWithoutDomain": 9999,
}  # fmt: skip


def mappings(settings: Settings, count: int) -> None:
    settings["sharedBandwidth"]["portMappings"] = {
        f"m{n}": {"publicIp": "ip3", "port": 1000 + n, "host": "ecs3"} for n in range(count)
    }


def rules(settings: Settings, count: int) -> None:
    mappings(settings, count)
    instance = {"type": "ecs.t6-c1m1.large", "image": "x"}
    created = {"ip": "192.168.1.3", "vswitch": "apps", "instance": instance}
    settings["network"]["hosts"]["ecs3"] = created


def egress(settings: Settings, count: int) -> None:
    settings["sharedBandwidth"]["egress"] = {
        f"e{n}": {"cidr": f"192.168.1.{n}/32", "publicIps": ["ip6"]} for n in range(count)
    }


def addresses(settings: Settings, count: int) -> list[str]:
    """As many addresses as are wanted, used or not, with a vSwitch that has room for them."""
    names = [f"a{n}" for n in range(count)]
    section = settings["sharedBandwidth"]
    section["publicIps"] = {name: {} for name in names}
    section["portMappings"] = {}
    section["egress"] = {"apps": {"vswitch": "apps", "publicIps": names[:1]}}
    return names


def leaving(settings: Settings, count: int) -> None:
    names = addresses(settings, count)
    settings["sharedBandwidth"]["egress"]["apps"]["publicIps"] = names


def in_package(settings: Settings, count: int) -> None:
    addresses(settings, count)
    section = settings["sharedBandwidth"]
    section["publicIps"] = {
        name: {"spare": True} if name != "a0" else {} for name in section["publicIps"]
    }


def vswitches(settings: Settings, count: int) -> None:
    settings["network"]["vswitches"].update(
        {
            f"v{n}": {"cidr": f"192.168.{n + 2}.0/24", "zone": "cn-shanghai-a"}
            for n in range(count - 1)
        }
    )


def bandwidth(settings: Settings, count: int) -> None:
    settings["sharedBandwidth"]["bandwidth"] = count


def api_gateway(settings: Settings, **section: object) -> None:
    settings["topology"] = ["shared-bandwidth", "api-gateway"]
    settings["apiGateway"] = {"groups": {"shop": {}}, **section}


def api(path: str, **more: object) -> Settings:
    backend = {"mock": {"body": "ok"}}
    return {"group": "shop", "method": "GET", "path": path, "backend": backend, **more}


def groups(settings: Settings, count: int) -> None:
    empty: Settings = {}
    api_gateway(settings, groups={f"g{n}": empty for n in range(count)})


def apis(settings: Settings, count: int) -> None:
    api_gateway(settings, apis={f"a{n}": api(f"/{n}") for n in range(count)})


def apps(settings: Settings, count: int) -> None:
    empty: Settings = {}
    api_gateway(settings, apps={f"c{n}": empty for n in range(count)})


def authorized(settings: Settings, count: int) -> None:
    apps(settings, count)
    section = settings["apiGateway"]
    section["apis"] = {"orders": api("/orders", apps=list(section["apps"]))}


def plugins(settings: Settings, count: int) -> None:
    cors = {"cors": {"allowMethods": ["GET"]}}
    api_gateway(settings, plugins={f"p{n}": cors for n in range(count)})


CASES: dict[str, tuple[str, int, Fill, str]] = {
    "dnatEntriesPerGateway": ("dnat_entries_per_gateway", 100, mappings, "portMappings"),
    "snatEntriesPerGateway": ("snat_entries_per_gateway", 40, egress, "egress"),
    "eipsPerSnatEntry": ("eips_per_snat_entry", 64, leaving, "egress.apps.publicIps"),
    "eipsPerGateway": ("eips_per_gateway", 20, addresses, "publicIps"),
    "eipsPerBandwidthPackage": ("eips_per_bandwidth_package", 100, in_package, "publicIps"),
    "eipsPerAccount": ("eips_per_account", 20, in_package, "publicIps"),
    "bandwidthPerPackage": ("bandwidth_per_package", 1000, bandwidth, "bandwidth"),
    "vswitchesPerVpc": ("vswitches_per_vpc", 150, vswitches, "network.vswitches"),
    "rulesPerSecurityGroup": ("rules_per_security_group", 200, rules, "portMappings"),
    "apiGroupsPerRegion": ("api_groups_per_region", 200, groups, "apiGateway.groups"),
    "apisPerGroup": ("apis_per_group", 1000, apis, "apiGateway.groups.shop"),
    "apiAppsPerAccount": ("api_apps_per_account", 1000, apps, "apiGateway.apps"),
    "appsPerApi": ("apps_per_api", 1000, authorized, "apiGateway.apis.orders.apps"),
    "apiPluginsPerRegion": ("api_plugins_per_region", 1000, plugins, "apiGateway.plugins"),
}
WARNED_ABOUT = {"apiGroupsWithoutDomain": "api_groups_without_domain"}


def stack_with(quota: str, count: int, limit: int | None = None) -> str:
    """The dev stack with as many of something, and its quota at `limit` or a new account's."""
    others = {key: value for key, value in RAISED.items() if key != quota}
    own = {} if limit is None else {quota: limit}

    def edit(settings: Settings) -> None:
        CASES[quota][2](settings, count)
        settings["quotas"] = {**others, **own}

    return dev_stack(edit)


def test_every_quota_has_its_case() -> None:
    keys, fields = {*CASES, *WARNED_ABOUT}, {case[0] for case in CASES.values()}
    assert {field.alias for field in Quotas.model_fields.values()} == keys
    assert {*fields, *WARNED_ABOUT.values()} == set(Quotas.model_fields)


@pytest.mark.parametrize("quota", CASES)
def test_a_new_accounts_quota_is_the_documented_one(quota: str) -> None:
    field, limit, _, _ = CASES[quota]
    assert getattr(Quotas(), field) == limit


@pytest.mark.parametrize("quota", CASES)
def test_as_many_as_the_quota_allows_are_accepted(quota: str) -> None:
    assert problems_of(stack_with(quota, CASES[quota][1])) == ()


@pytest.mark.parametrize("quota", CASES)
def test_one_more_than_the_quota_allows_is_refused(quota: str) -> None:
    _, limit, _, place = CASES[quota]
    (problem,) = problems_of(stack_with(quota, limit + 1))
    assert where(problem).endswith(place)
    assert problem.line is not None
    assert str(limit) in problem.rule
    assert quota in problem.rule + problem.remedy


@pytest.mark.parametrize("quota", CASES)
def test_a_quota_that_was_raised_allows_more(quota: str) -> None:
    limit = CASES[quota][1]
    assert problems_of(stack_with(quota, limit + 1, limit + 1)) == ()


@pytest.mark.parametrize("quota", CASES)
def test_a_quota_that_is_lower_here_allows_less(quota: str) -> None:
    assert len(problems_of(stack_with(quota, 3, 2))) == 1


def groups_in(count: int, **quotas: int) -> str:
    def edit(settings: Settings) -> None:
        groups(settings, count)
        settings["quotas"] = quotas

    return dev_stack(edit)


def test_more_groups_than_may_lack_a_domain_are_a_warning() -> None:
    def told(text: str) -> list[Problem]:
        return [one for one in warnings_of(text) if where(one) == "apiGateway.groups"]

    assert told(groups_in(5)) == []
    (warning,) = told(groups_in(6))
    assert warning.value == "6 groups"
    assert warning.rule == "a new account has 5 groups to which no domain of their own is bound"
    assert warning.remedy.endswith("say so: quotas: {apiGroupsWithoutDomain: 6}")
    assert told(groups_in(6, apiGroupsWithoutDomain=6)) == []
    assert told(groups_in(20, apiGroupsWithoutDomain=20)) == []


@pytest.mark.parametrize("value", [0, -1, "200", 1.5, None, True])
def test_a_quota_is_a_positive_whole_number(value: object) -> None:
    text = dev_stack(lambda s: s.update(quotas={"eipsPerGateway": value}))
    (problem,) = problems_of(text)
    assert where(problem) == "quotas.eipsPerGateway"


def test_an_unknown_quota_is_refused_with_the_nearest() -> None:
    (problem,) = problems_of(dev_stack(lambda s: s.update(quotas={"eipPerGateway": 30})))
    assert problem.remedy == "did you mean eipsPerGateway?"
