"""The official SDK's models are the contract: each parameter, each field, its name, its shape."""

from typing import Any

import pytest

from facts.contract import contract_of_kind
from sandbox.api.actions import Create, Describe, Get, Modify
from sandbox.api.vpc import ACTIONS, RETIRED
from tests.sandbox.api.api_lab import MODELS, Api, lab_api
from tests.sandbox.api.official import differences, request_of

STATING = [action for action in ACTIONS.values() if isinstance(action, Create | Modify)]
EACH = pytest.mark.parametrize("name", sorted(ACTIONS))


@EACH
def test_each_parameter_is_the_official_sdks(name: str) -> None:
    ours = ACTIONS[name].known
    theirs = {*request_of(name), "RegionId", "ClientToken", "DryRun"}
    assert not ours - theirs


@pytest.mark.parametrize("action", STATING, ids=lambda action: action.name)
def test_each_parameter_that_states_something_states_an_input_of_its_kind(
    action: Create | Modify,
) -> None:
    inputs = contract_of_kind(action.subject.kind).inputs
    stating = {*action.needs, *action.takes}
    if isinstance(action, Modify):
        stating -= {*action.subject.id}
    assert not {action.subject.attribute(one) for one in stating} - inputs.keys()


@pytest.mark.parametrize("name", sorted(RETIRED))
def test_what_is_gone_is_gone_from_the_official_sdk_too(name: str) -> None:
    assert not hasattr(MODELS, f"{name}Request")
    for today in RETIRED[name]:
        assert today in ACTIONS


def judged(api: Api, action: str, **parameters: str) -> dict[str, Any]:
    answer = api.call(action, **parameters)
    assert not differences(answer, f"{action}ResponseBody")
    return answer


def test_each_answer_about_a_whole_network_has_the_official_sdks_names_and_types() -> None:
    lab, api = lab_api()
    eip, package = lab.new_eip(tags={"team": "shop"}), lab.new_package()
    lab.bind(eip)
    lab.pack(eip, package)
    lab.forward(eip["ip_address"])
    lab.snat(eip["ip_address"])
    for one in (lab.vpc, lab.vswitch, lab.gateway, package):
        lab.store.update(one.kind, one.id, {"tags": {"team": "shop"}})
    table = {
        "ForwardTableId": lab.gateway["forward_table_ids"],
        "SnatTableId": lab.gateway["snat_table_ids"],
        "VSwitchId": lab.vswitch.id,
        "VpcId": lab.vpc.id,
    }
    looked: set[str] = set()
    for name, action in ACTIONS.items():
        if isinstance(action, Get):
            answer = judged(api, name, **{one: table[one] for one in action.needs})
            assert answer.keys() == {"RequestId", *action.fields}
        elif isinstance(action, Describe):
            answer = judged(api, name, **{one: table[one] for one in action.one_of[:1]})
            outer, inner = action.inside
            (row,) = answer[outer][inner]
            assert row.keys() == {*action.fields}
        else:
            continue
        looked.add(name)
    assert len(looked) == 9


def test_what_is_made_is_told_under_the_official_sdks_names() -> None:
    lab, api = lab_api()
    judged(api, "CreateVpc", CidrBlock="10.0.0.0/8")
    judged(
        api, "CreateVSwitch", VpcId=lab.vpc.id, CidrBlock="192.168.9.0/24", ZoneId="cn-shanghai-b"
    )
    judged(api, "CreateNatGateway", VpcId=lab.vpc.id, VSwitchId=lab.vswitch.id)
    eip = judged(api, "AllocateEipAddress", Bandwidth="10")
    package = judged(api, "CreateCommonBandwidthPackage", Bandwidth="50")
    judged(
        api,
        "AddCommonBandwidthPackageIp",
        BandwidthPackageId=package["BandwidthPackageId"],
        IpInstanceId=eip["AllocationId"],
    )
    judged(
        api,
        "AssociateEipAddress",
        AllocationId=eip["AllocationId"],
        InstanceId=lab.gateway.id,
        InstanceType="Nat",
    )
    judged(
        api,
        "CreateSnatEntry",
        SnatTableId=lab.gateway["snat_table_ids"],
        SnatIp=eip["EipAddress"],
        SourceVSwitchId=lab.vswitch.id,
    )
    judged(
        api,
        "CreateForwardEntry",
        ForwardTableId=lab.gateway["forward_table_ids"],
        ExternalIp=eip["EipAddress"],
        ExternalPort="80",
        InternalIp="192.168.1.1",
        InternalPort="80",
        IpProtocol="tcp",
    )
    what = {"ResourceType": "EIP", "ResourceId.1": eip["AllocationId"]}
    judged(api, "TagResources", **what, **{"Tag.1.Key": "team", "Tag.1.Value": "shop"})
    assert judged(api, "ListTagResources", **what)["TagResources"]["TagResource"]
