"""Functions of an account: by region, by network, page by page, called by path."""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judging.account.functions import LISTINGS, Door, functions_of
from judging.account.holding import account_of
from judging.account.reading import Reader, UnreadError
from judging.account.transport import official
from sandbox.api import fc
from tests.account.accounts import REGION, Asked, filled, refusing_to
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import served
from tests.tools.flowcharts import parsed
from tools.inventory.findings import findings
from tools.inventory.showing import FORMS
from tools.inventory.tables import Inventory, tables_of

FUNCTION = {
    "function_name": "shop",
    "handler": "index.handler",
    "runtime": "python3.12",
    "code": {"zip_file": "UEsDBAoAAAAA"},
}
DOORS = {
    "ListTriggers": {
        "triggers": [
            {
                "triggerName": "web",
                "triggerConfig": "{}",
                "httpTrigger": {"urlInternet": "https://shop.fcapp.run"},
            }
        ]
    },
    "ListCustomDomains": {
        "customDomains": [
            {
                "domainName": "shop.example.com",
                "routeConfig": {"routes": [{"path": "/*", "functionName": "shop"}]},
            }
        ]
    },
}
"""What calls that function, which the simulated cloud has nothing of."""


def test_a_function_has_its_name_and_one_that_no_other_regions_has() -> None:
    lab, asked = filled()
    for region in (REGION, "cn-beijing"):
        lab.store.create("fcv3_function", FUNCTION, region=region)
    (here,), (there,) = (functions_of(asked.reader(), one) for one in (REGION, "cn-beijing"))
    assert (here.name, here.region, here.runtime, here.vpc) == ("shop", REGION, "python3.12", "")
    assert (there.name, there.region) == ("shop", "cn-beijing")
    assert here.id != there.id


def test_every_page_of_functions_is_read() -> None:
    lab, asked = filled()
    for number in range(101):
        lab.store.create("fcv3_function", {**FUNCTION, "function_name": f"shop-{number}"})
    found = functions_of(asked.reader(), REGION)
    assert {one.name for one in found} == {f"shop-{number}" for number in range(101)}
    assert [call.action for call in asked.calls].count("ListFunctions") == 3


def test_of_one_network_are_those_that_reach_it() -> None:
    lab, asked = filled()
    vswitch = lab.new_vswitch("192.168.2.0/24", zone_id="cn-shanghai-b")
    within = {"vpc_id": lab.vpc.id, "vswitch_ids": [vswitch.id]}
    config = {**within, "security_group_id": lab.new_group().id}
    role = "acs:ram::1234567890123456:role/somebody-elses"
    more = {"function_name": "in", "vpc_config": config, "role": role}
    lab.store.create("fcv3_function", FUNCTION)
    lab.store.create("fcv3_function", {**FUNCTION, **more})
    (found,) = functions_of(asked.reader(), REGION, lab.vpc.id)
    assert (found.name, found.vpc) == ("in", lab.vpc.id)


def test_a_region_without_the_service_has_none_and_is_not_called() -> None:
    _, asked = filled()
    reader = asked.reader()
    assert functions_of(reader, "cn-nanjing") == ()
    assert (asked.calls, reader.gaps) == ([], ())


def test_a_right_to_functions_that_is_missing_is_a_gap() -> None:
    _, asked = filled()
    asked.before = refusing_to("ListFunctions", "AccessDenied")
    reader = asked.reader()
    assert functions_of(reader, REGION) == ()
    assert [gap.what for gap in reader.gaps] == ["fc:ListFunctions in cn-shanghai: AccessDenied"]


def test_the_official_transport_finds_each_regions_functions_by_path(tmp_path: Path) -> None:
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        for region, name in ((REGION, "shop"), ("cn-beijing", "north")):
            made = {**FUNCTION, "function_name": name}
            cloud.store.create("fcv3_function", made, region=region)
        reader = Reader(official(cloud.exported))
        found = [[one.name for one in functions_of(reader, it)] for it in (REGION, "cn-beijing")]
        assert found == [["shop"], ["north"]]
        # By the SDK alone it is told the same.
        listed = cloud.official(fc.PRODUCT).list_functions
        models = importlib.import_module("alibabacloud_fc20230330.models")
        told = listed(models.ListFunctionsRequest()).body.functions
        assert [one.function_name for one in told] == ["shop"]


# --- what calls them beside the gateway: the answers are the official SDK's own models ------------


def _sdk() -> Any:
    return importlib.import_module("alibabacloud_fc20230330.models")


def called_by(config: Mapping[str, Any], address: str = "https://shop.fcapp.run") -> Asked:
    """An account whose one function has a trigger."""
    lab, asked = filled()
    lab.store.create("fcv3_function", FUNCTION)
    trigger = _sdk().Trigger(
        trigger_name="web",
        trigger_type="http",
        trigger_config=json.dumps(config),
        http_trigger=_sdk().HTTPTrigger(url_internet=address),
    )
    asked.answers["ListTriggers"] = _sdk().ListTriggersOutput(triggers=[trigger]).to_map()
    return asked


@pytest.mark.parametrize(
    ("config", "doors"),
    [
        ({"authType": "anonymous"}, [("https://shop.fcapp.run", False)]),
        ({"authType": "function"}, [("https://shop.fcapp.run", True)]),
        ({}, [("https://shop.fcapp.run", True)]),
        ({"authType": "anonymous", "disableURLInternet": True}, []),
    ],
)
def test_a_trigger_is_a_door_that_asks_unless_it_says_otherwise(
    config: Mapping[str, Any], doors: list[tuple[str, bool]]
) -> None:
    (function,) = functions_of(called_by(config).reader(), REGION)
    assert [(one.address, one.asks) for one in function.doors] == doors


def test_a_trigger_that_has_no_address_is_no_door() -> None:
    (function,) = functions_of(called_by({"cronExpression": "@every 1m"}, "").reader(), REGION)
    assert function.doors == ()


@pytest.mark.parametrize(("auth", "asks"), [("anonymous", False), ("jwt", True), (None, False)])
def test_a_domain_is_a_door_to_the_functions_that_it_leads_to(
    auth: str | None,
    asks: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    lab, asked = filled()
    for name in ("shop", "other"):
        lab.store.create("fcv3_function", {**FUNCTION, "function_name": name})
    sdk = _sdk()
    domain = sdk.CustomDomain(
        domain_name="shop.example.com",
        auth_config=sdk.AuthConfig(auth_type=auth) if auth else None,
        route_config=sdk.RouteConfig(routes=[sdk.PathConfig(path="/*", function_name="shop")]),
    )
    told = sdk.ListCustomDomainOutput(custom_domains=[domain]).to_map()
    asked.answers["ListCustomDomains"] = told
    found = {one.name: one.doors for one in functions_of(asked.reader(), REGION)}
    assert found["other"] == ()
    assert found["shop"] == (Door("shop.example.com/*", "shop.example.com", asks),)


def test_an_open_trigger_is_shown_found_and_drawn() -> None:
    account = account_of(called_by({"authType": "anonymous"}).reader(), [REGION])
    inventory = Inventory(account, findings=findings(account))
    tables = {one.title: one.rows for one in tables_of(inventory)}
    (row,) = tables["Functions that are called without the gateway"]
    assert row[:4] == ("shop", "https://shop.fcapp.run", "web", "everybody")
    (said,) = inventory.findings
    assert said.startswith("function-open: shop in cn-shanghai is called by everybody at https://")
    drawn = parsed(FORMS["mermaid"](inventory)).nodes.values()
    assert ["https://shop.fcapp.run"] in drawn
    assert ["function shop"] in drawn


def test_a_functions_name_is_one_part_of_its_path() -> None:
    _, asked = filled()
    reader = asked.reader()
    with pytest.raises(UnreadError, match="FunctionNotFound"):
        reader.listed(LISTINGS[1], REGION, functionName="a/../b")
    assert asked.calls[-1].path == "/2023-03-30/functions/a%2F..%2Fb/triggers"
    assert "functionName" not in asked.calls[-1].parameters
