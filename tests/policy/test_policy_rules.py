"""Protection, billing, APIs, links, keys and tier: each rule finds its fault, and that alone."""

from typing import Any

import pytest
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from facts import kinds
from policy.pack import RULES
from policy.rule import ResourceRule
from tests.policy.resources import UNKNOWN, judged, judged_stack, resource, stack_resource

BALANCER = min(kinds.LOAD_BALANCERS)
EIP = "alicloud:ecs/eipAddress:EipAddress"
Case = tuple[str, str, dict[str, Any]]

FOUND: tuple[Case, ...] = (
    ("deletion-protection", kinds.NAT_GATEWAY, {"deletionProtection": False}),
    ("deletion-protection", EIP, {}),
    ("deletion-protection", kinds.BANDWIDTH_PACKAGE, {}),
    ("deletion-protection", BALANCER, {"deleteProtection": "off"}),
    ("pulumi-protect", kinds.NAT_GATEWAY, {}),
    ("pulumi-protect", kinds.VPN_GATEWAY, {}),
    ("nat-enhanced", kinds.NAT_GATEWAY, {"natType": "Normal"}),
    ("nat-enhanced", kinds.NAT_GATEWAY, {}),
    ("nat-pay-as-you-go", kinds.NAT_GATEWAY, {"paymentType": "Subscription"}),
    ("nat-pay-as-you-go", kinds.NAT_GATEWAY, {"instanceChargeType": "PrePaid"}),
    ("nat-pay-as-you-go", kinds.NAT_GATEWAY, {"internetChargeType": "PayBySpec"}),
    ("prepaid-package-protected", kinds.CEN_PACKAGE, {"paymentType": "PrePaid"}),
    ("prepaid-package-protected", kinds.CEN_PACKAGE, {}),
    ("api-instance-tls", kinds.API_INSTANCE, {"httpsPolicy": "HTTPS2_TLS1_0"}),
    ("api-instance-zones", kinds.API_INSTANCE, {"zoneId": "cn-hangzhou-a"}),
    ("link-bandwidth", kinds.CEN_LINK, {"bandwidthLimit": 1}),
    ("link-bandwidth", kinds.CEN_LINK, {"bandwidthLimit": 0}),
    ("link-bandwidth", kinds.ROUTER_LINK, {}),
    ("link-bandwidth", kinds.ROUTER_LINK, {"bandwidth": 2000}),
    (
        "router-attachment-zones",
        kinds.ROUTER_ATTACHMENT,
        {"zoneMappings": [{"zoneId": "a", "vswitchId": "1"}, {"zoneId": "a", "vswitchId": "2"}]},
    ),
    ("router-attachment-zones", kinds.ROUTER_ATTACHMENT, {"zoneMappings": [{"zoneId": "a"}]}),
    ("router-attachment-zones", kinds.ROUTER_ATTACHMENT, {}),
    ("provider-keys", kinds.PROVIDER, {"accessKey": "LTAI", "secretKey": "…"}),
)
PASSES: tuple[Case, ...] = (
    ("deletion-protection", kinds.NAT_GATEWAY, {"deletionProtection": True}),
    ("deletion-protection", BALANCER, {"deleteProtection": "on"}),
    ("nat-enhanced", kinds.NAT_GATEWAY, {"natType": "Enhanced"}),
    (
        "nat-pay-as-you-go",
        kinds.NAT_GATEWAY,
        {"paymentType": "PayAsYouGo", "internetChargeType": "PayByLcu"},
    ),
    ("prepaid-package-protected", kinds.CEN_PACKAGE, {"paymentType": "PostPaid"}),
    ("api-instance-tls", kinds.API_INSTANCE, {"httpsPolicy": "HTTPS2_TLS1_2"}),
    ("api-instance-zones", kinds.API_INSTANCE, {"zoneId": "cn-hangzhou-MAZ6(i,j,k)"}),
    ("link-bandwidth", kinds.CEN_LINK, {"bandwidthLimit": 2}),
    ("link-bandwidth", kinds.ROUTER_LINK, {"bandwidth": 1000}),
    (
        "router-attachment-zones",
        kinds.ROUTER_ATTACHMENT,
        {"zoneMappings": [{"zoneId": "a"}, {"zoneId": "b"}]},
    ),
    ("provider-keys", kinds.PROVIDER, {"region": "cn-shanghai"}),
)
UNKNOWNS: tuple[Case, ...] = (
    ("deletion-protection", kinds.NAT_GATEWAY, {"deletionProtection": UNKNOWN}),
    ("nat-enhanced", kinds.NAT_GATEWAY, {"natType": UNKNOWN}),
    ("nat-pay-as-you-go", kinds.NAT_GATEWAY, {"paymentType": UNKNOWN}),
    ("prepaid-package-protected", kinds.CEN_PACKAGE, {"paymentType": UNKNOWN}),
    ("link-bandwidth", kinds.ROUTER_LINK, {"bandwidth": UNKNOWN}),
    ("router-attachment-zones", kinds.ROUTER_ATTACHMENT, {"zoneMappings": UNKNOWN}),
)


@pytest.mark.parametrize(("rule", "kind", "inputs"), FOUND)
def test_a_fault_is_found_once_with_its_remedy(
    rule: str, kind: str, inputs: dict[str, Any]
) -> None:
    (told,) = judged(rule, resource(kind, inputs))
    assert told.startswith("it ")
    assert "Remedy: " in told


@pytest.mark.parametrize(("rule", "kind", "inputs"), PASSES)
def test_what_is_as_it_should_be_passes(rule: str, kind: str, inputs: dict[str, Any]) -> None:
    assert judged(rule, resource(kind, inputs)) == []


@pytest.mark.parametrize(("rule", "kind", "inputs"), UNKNOWNS)
def test_what_hangs_on_an_unknown_value_neither_passes_nor_fails(
    rule: str, kind: str, inputs: dict[str, Any]
) -> None:
    with pytest.raises(UnknownValueError) as told:
        judged(rule, resource(kind, inputs))
    assert next(iter(inputs)) in told.value.message


@pytest.mark.parametrize("rule", [rule for rule in RULES if isinstance(rule, ResourceRule)])
def test_a_rule_has_nothing_to_say_of_other_types_nor_of_what_is_exempt(rule: ResourceRule) -> None:
    assert judged(rule.id, resource("alicloud:vpc/network:Network", {})) == []
    found = next((case for case in FOUND if case[0] == rule.id), None)
    if found:
        assert judged(rule.id, resource(found[1], found[2], config={"exempt": ["*"]})) == []


@pytest.mark.parametrize(
    ("rule", "kind"),
    [("pulumi-protect", EIP), ("prepaid-package-protected", kinds.CEN_PACKAGE)],
)
def test_what_pulumi_protects_passes(rule: str, kind: str) -> None:
    assert judged(rule, resource(kind, {}, protect=True)) == []
    assert judged(rule, resource(kind, {}))


def test_the_limits_of_a_link_can_be_set() -> None:
    def told(**config: Any) -> list[str]:
        return judged(
            "link-bandwidth", resource(kinds.CEN_LINK, {"bandwidthLimit": 50}, config=config)
        )

    assert told() == []
    assert "more than 20" in told(maximum=20)[0]
    assert "less than 100" in told(minimum=100)[0]


def test_an_api_group_without_a_log_is_found_and_one_log_is_enough() -> None:
    groups = [stack_resource(kinds.API_GROUP, name, {}) for name in ("shop", "office")]
    assert [name for name, _ in judged_stack("api-log", groups)] == ["shop", "office"]
    log = stack_resource(kinds.API_LOG, "log", {"logType": "PROVIDER"})
    assert judged_stack("api-log", [*groups, log]) == []


def test_a_region_that_joins_a_cen_without_bandwidth_is_found() -> None:
    cen = stack_resource(kinds.CEN, "cen", {})

    def joined(name: str, region: str) -> Any:
        inputs = {"instanceId": UNKNOWN, "childInstanceRegionId": region}
        return stack_resource(kinds.CEN_ATTACHMENT, name, inputs, instanceId=cen)

    def link(*regions: str) -> Any:
        inputs = {"instanceId": UNKNOWN, "regionIds": [*regions], "bandwidthLimit": 10}
        return stack_resource(kinds.CEN_LINK, "link", inputs, instanceId=cen)

    home, away, far = joined("a", "cn-a"), joined("b", "cn-b"), joined("c", "cn-c")
    rule = "regions-linked"
    assert [name for name, _ in judged_stack(rule, [cen, home, away])] == ["a", "b"]
    stack = [cen, home, away, far, link("cn-b", "cn-a")]
    assert [name for name, _ in judged_stack(rule, stack)] == ["c"]
    assert judged_stack(rule, [cen, home, away, link("cn-a", "cn-b")]) == []
    assert judged_stack(rule, [cen, home, joined("d", "cn-a")]) == []
    package_place = stack_resource(
        kinds.CEN_PACKAGE_ATTACHMENT, "package", {"instanceId": UNKNOWN}, instanceId=cen
    )
    by_package = stack_resource(
        kinds.CEN_LINK,
        "link",
        {"instanceId": UNKNOWN, "regionIds": ["cn-a", "cn-b"], "bandwidthLimit": 10},
        instanceId=package_place,
    )
    assert judged_stack(rule, [cen, home, away, package_place, by_package]) == []
    with pytest.raises(UnknownValueError) as told:
        judged_stack(rule, [cen, home, joined("d", UNKNOWN)])
    assert "childInstanceRegionId" in told.value.message


@pytest.mark.parametrize(
    ("said", "told", "found"),
    [
        ("production", "production", False),
        ("production", "staging", True),
        ("production", "development", True),
        ("staging", "development", True),
        ("staging", "production", False),
        ("development", "production", False),
        (None, "development", False),
    ],
)
def test_a_stack_that_is_judged_as_less_than_it_is_is_found(
    said: str | None, told: str, *, found: bool
) -> None:
    outputs = {"tier": said} if said else {}
    stack = [stack_resource(kinds.STACK, "alicloud-gateways-shop", outputs)]
    assert bool(judged_stack("stack-tier", stack, {"tier": told})) is found


@pytest.mark.parametrize(
    ("stack", "told", "found"),
    [
        ("prod", "development", "is a production stack by tiers.yaml, and was judged as a develop"),
        ("prod", "staging", "is a production stack by tiers.yaml, and was judged as a staging one"),
        ("prod", "production", ""),
        ("dev", "development", ""),
        ("another", "development", ""),
    ],
)
def test_a_stack_that_calls_itself_less_than_the_table_does_is_found(
    stack: str, told: str, found: str
) -> None:
    root = stack_resource(kinds.STACK, f"alicloud-gateways-{stack}", {"tier": "development"})
    root.urn = root.urn.replace(":shop::", f":{stack}::")
    messages = judged_stack("stack-tier", [root], {"tier": told})
    assert [found in message for _, message in messages] == [True] * bool(found)


def test_a_pack_that_is_told_nothing_judges_by_production() -> None:
    stack = [stack_resource(kinds.STACK, "alicloud-gateways-shop", {"tier": "production"})]
    assert judged_stack("stack-tier", stack) == []


def test_keys_of_a_provider_are_named_and_never_shown() -> None:
    keys = {"accessKey": "LTAI5t", "secretKey": "hush", "securityToken": "token"}
    (told,) = judged("provider-keys", resource(kinds.PROVIDER, keys))
    assert "accessKey, secretKey, securityToken" in told
    assert not any(key in told for key in keys.values())


def _api(protocol: object, *, inside: bool | None = None) -> list[PolicyResource]:
    group = stack_resource(kinds.API_GROUP, "shop", {"vpcIntranetEnable": inside})
    inputs = {"requestConfig": protocol if protocol == UNKNOWN else {"protocol": protocol}}
    return [group, stack_resource(kinds.API, "orders", inputs, groupId=group)]


@pytest.mark.parametrize("protocol", ["HTTP", "HTTP,HTTPS"])
def test_an_api_without_https_is_found_unless_its_group_has_a_domain_inside(protocol: str) -> None:
    ((name, told),) = judged_stack("api-https", _api(protocol))
    assert (name, "takes calls by http" in told) == ("orders", True)
    assert judged_stack("api-https", _api(protocol, inside=True)) == []
    assert judged_stack("api-https", _api("HTTPS")) == []


def test_an_api_whose_protocol_isnt_known_neither_passes_nor_fails() -> None:
    with pytest.raises(UnknownValueError) as told:
        judged_stack("api-https", _api(UNKNOWN))
    assert "requestConfig" in told.value.message
