"""Nonsense in every parameter of every action: a refusal of the cloud's kind, never a mistake."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.api.vpc import ACTIONS
from tests.sandbox.api.api_lab import Api, lab_api, signed

ODD = st.sampled_from(
    (
        *("", " ", "0", "-1", "1.5", "true", "TRUE", "maybe", "null", "[]", "{}", "any", "80"),
        *("9/1", "1e9", "9" * 400, "٣", "²", "'", '"', "<a>", "\x00", "😀", "a" * 5000, "%00"),
        *("10.0.0.0/8", "1.2.3.4", "::1", "cn-shanghai-a", "Nat", "EIP", "PayByTraffic"),
    )
)


def a_lab() -> tuple[dict[str, str], Api]:
    """Parameters that are right, by their names, and the API that they are right for."""
    lab, api = lab_api()
    eip, package = lab.new_eip(), lab.new_package()
    lab.bind(eip)
    lab.pack(eip, package)
    return {
        "VpcId": lab.vpc.id,
        "VSwitchId": lab.vswitch.id,
        "SourceVSwitchId": lab.vswitch.id,
        "NatGatewayId": lab.gateway.id,
        "ForwardTableId": lab.gateway["forward_table_ids"],
        "SnatTableId": lab.gateway["snat_table_ids"],
        "AllocationId": eip.id,
        "IpInstanceId": eip.id,
        "BandwidthPackageId": package.id,
        "InstanceId": lab.gateway.id,
        "ExternalIp": eip["ip_address"],
        "SnatIp": eip["ip_address"],
        "InternalIp": "192.168.1.1",
        "ExternalPort": "80",
        "InternalPort": "80",
        "IpProtocol": "tcp",
        "Bandwidth": "10",
        "CidrBlock": "192.168.7.0/24",
        "ZoneId": "cn-shanghai-a",
        "ForwardEntryId": lab.forward(eip["ip_address"], "22").id,
        "SnatEntryId": lab.snat(eip["ip_address"]).id,
        "ResourceType": "VPC",
        "ResourceId.1": lab.vpc.id,
        "Tag.1.Key": "a",
    }, api


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A call that is right but for one or two parameters."""
    action = ACTIONS[draw(st.sampled_from(sorted(ACTIONS)))]
    right = {
        name: value for name, value in RIGHT.items() if name.partition(".")[0] in {*action.needs}
    }
    ending = st.sampled_from(["", "", "", ".1", ".1.Key", ".0", ".x", ".99999999999"])
    odd = st.sampled_from(sorted(action.known))
    wrong = draw(st.dictionaries(odd, st.tuples(ending, ODD), min_size=1, max_size=2))
    return action.name, {**right, **{k + end: value for k, (end, value) in wrong.items()}}


RIGHT, API = a_lab()


@settings(max_examples=700, deadline=None)
@given(calls())
def test_odd_parameters_are_refused_as_the_cloud_refuses(call: tuple[str, dict[str, Any]]) -> None:
    name, said = call
    answered = API.send(signed(name, **said))
    assert answered.status in {200, 400, 404}, (call, API.lines[-1])
