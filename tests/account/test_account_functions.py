"""Functions of an account: by region, by network, page by page, called by path."""

import importlib
from pathlib import Path

from judging.account.functions import functions_of
from judging.account.reading import Reader
from judging.account.transport import official
from sandbox.api import fc
from tests.account.accounts import REGION, filled, refusing_to
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import served

FUNCTION = {
    "function_name": "shop",
    "handler": "index.handler",
    "runtime": "python3.12",
    "code": {"zip_file": "UEsDBAoAAAAA"},
}


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
    assert len(asked.calls) == 3


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
