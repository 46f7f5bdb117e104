"""Who may connect to a dedicated instance: what a list may not say, and what is built of it."""

from typing import Any

import pytest

from tests.mocked_cloud import run
from tests.stackfiles import problems_of, settings_of, warnings_of, where
from tests.topologies.api_stacks import G, api_stack
from tests.topologies.unified import only, only_warning, places, put
from topologies.builder import build

ACL = f"{G}.instance.acl"
OFFICE = {"cidr": "203.0.113.0/24"}
SMALL = {"spec": "api.s1.small"}


def with_list(mode: str = "allow", instance: dict[str, Any] = SMALL, **entries: object) -> str:
    return api_stack(put(G, instance={**instance, "acl": {"mode": mode, "entries": entries}}))


@pytest.mark.parametrize("mode", ["allow", "deny"])
@pytest.mark.parametrize("instance", [SMALL, {"id": "apigateway-1"}])
def test_a_list_is_for_a_new_instance_and_for_one_that_exists(
    mode: str, instance: dict[str, Any]
) -> None:
    text = with_list(mode, instance, office=OFFICE, home={"cidr": "198.51.100.7/32"})
    assert problems_of(text) == ()
    assert warnings_of(text) == ()


@pytest.mark.parametrize(
    ("cidr", "rule"),
    [
        ("203.0.113.7", "an IPv4 range in CIDR notation is needed here"),
        ("2001:db8::/32", "an IPv4 range in CIDR notation is needed here"),
        ("203.0.113.7/24", "a range is written with its first address"),
    ],
)
def test_an_entry_is_an_ipv4_range(cidr: str, rule: str) -> None:
    problem = only(with_list(office={"cidr": cidr}))
    assert (where(problem), problem.value) == (f"{ACL}.entries.office.cidr", cidr)
    assert problem.rule == rule


def test_a_range_is_in_a_list_once() -> None:
    problem = only(with_list(office=OFFICE, again=OFFICE))
    assert where(problem) == f"{ACL}.entries.again.cidr"
    assert problem.rule == "a range is in a list once; office is it already"
    assert problem.remedy == "remove again or office"


def test_a_list_has_an_entry() -> None:
    assert places(with_list()) == [(f"{ACL}.entries", {})]


@pytest.mark.parametrize(
    ("mode", "effect"), [("allow", "nobody is kept out"), ("deny", "nobody gets in")]
)
def test_a_range_of_everybody_is_a_warning(mode: str, effect: str) -> None:
    warning = only_warning(with_list(mode, all={"cidr": "0.0.0.0/0"}))
    assert (where(warning), warning.value) == (f"{ACL}.entries.all.cidr", "0.0.0.0/0")
    assert warning.rule == f"this range is everybody, so that {effect}"


def test_an_entry_is_renamed_from_one_that_is_gone() -> None:
    assert problems_of(with_list(office={**OFFICE, "was": "bureau"})) == ()
    other = {"cidr": "198.51.100.0/24"}
    problem = only(with_list(office={**OFFICE, "was": "bureau"}, bureau=other))
    assert (where(problem), problem.value) == (f"{ACL}.entries.office.was", "bureau")


def test_a_list_is_bound_to_the_instance_under_the_stacks_name() -> None:
    text = with_list("deny", office={**OFFICE, "comment": "The office", "was": "bureau"})
    made = run(lambda: build(settings_of(text)))
    assert made["api-gateway-acl"].inputs["accessControlListName"] == "dev-gateway"
    entry = made["api-gateway-entry-office"]
    assert (entry.inputs["entry"], entry.inputs["comment"]) == ("203.0.113.0/24", "The office")
    assert entry.aliases == {"api-gateway-entry-bureau"}
    bound = made["api-gateway-acl-attachment"]
    assert bound.inputs["aclType"] == "black"
    assert bound.inputs["instanceId"] == "api-gateway-instance-id"


def test_a_list_of_an_instance_that_exists_is_bound_to_its_id() -> None:
    acl = {"name": "door", "mode": "allow", "entries": {"office": OFFICE}}
    text = api_stack(put(G, instance={"id": "apigateway-1", "acl": acl}))
    made = run(lambda: build(settings_of(text)))
    assert "api-gateway-instance" not in {one.name for one in made.resources}
    assert made["api-gateway-acl"].inputs["accessControlListName"] == "door"
    assert made["api-gateway-acl-attachment"].inputs["instanceId"] == "apigateway-1"


# The other thing that an instance can be told, and no more than told: calling itself.


def test_an_instance_that_calls_itself_without_a_domain_is_a_warning_with_the_command() -> None:
    warning = only_warning(api_stack(put(G, instance={**SMALL, "selfCall": True})))
    assert (where(warning), warning.value) == (f"{G}.instance.selfCall", True)
    assert warning.rule == "the gateway calls a group by its self-call domain, and no group has one"
    assert "aliyun cloudapi CreateIntranetDomain --GroupId …" in warning.remedy
    domain = "17ff4c-cn-shanghai-intranet.alicloudapi.com"
    told = put(f"{G}.groups.shop", selfCallDomain=domain)
    assert warnings_of(api_stack(put(G, instance={**SMALL, "selfCall": True}), told)) == ()
