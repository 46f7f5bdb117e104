"""A second network interface: the interface, its attachment and what its security group lets in."""

from components import EniAttachment, EniAttachmentArgs
from tests.components.test_every_component import (
    built,
    eni_attachment,
    eni_attachment_with_given_security_groups,
)
from tests.mocked_cloud import Registered, run, value_of

PLAIN: EniAttachmentArgs = {
    "instance_id": "i-1",
    "vpc_id": "vpc-1",
    "vswitch_id": "vsw-1",
    "private_ip": "10.0.1.11",
}


def attached() -> tuple[EniAttachment, Registered]:
    """A plain attachment, and what was registered together with something that uses its id."""
    made: list[EniAttachment] = []

    def program() -> None:
        made.append(EniAttachment("web", PLAIN))
        EniAttachment("next", {**PLAIN, "instance_id": made[0].eni_id})

    registered = run(program)
    return made[0], registered


def test_that_there_are_no_secondary_addresses_is_said() -> None:
    """Left out, the last one that is taken away would stay."""
    empty: EniAttachmentArgs = {**PLAIN, "secondary_private_ips": []}
    for args in (PLAIN, empty):
        made = run(lambda args=args: EniAttachment("web", args))
        assert made["web-eni"].inputs["privateIpAddresses"] == []


def test_its_own_security_group_lets_in_what_it_is_told_and_nothing_else() -> None:
    made = built(eni_attachment)
    assert made["web-security-group"].inputs["vpcId"] == "vpc-1"
    assert made["web-security-group"].inputs["securityGroupName"] == "shop-web"
    assert made.names("SecurityGroupRule") == ["web-allow-https", "web-allow-ssh"]
    ssh, https = made["web-allow-ssh"].inputs, made["web-allow-https"].inputs
    assert ssh == {
        "securityGroupId": "web-security-group-id",
        "type": "ingress",
        "ipProtocol": "tcp",
        "portRange": "22/22",
        "cidrIp": "203.0.113.0/24",
        "description": "ssh",
    }
    assert https["cidrIp"] == "0.0.0.0/0"


def test_without_ingress_its_own_group_lets_in_nothing() -> None:
    made = run(lambda: EniAttachment("web", PLAIN))
    assert made.names("SecurityGroup") == ["web-security-group"]
    assert made.names("SecurityGroupRule") == []


def test_given_security_groups_are_used_and_none_is_created() -> None:
    made = built(eni_attachment_with_given_security_groups)
    assert made.names("SecurityGroup") == []
    assert made.names("SecurityGroupRule") == []
    assert made["web-eni"].inputs["securityGroupIds"] == ["sg-1", "sg-2"]


def test_it_says_whether_it_made_a_security_group() -> None:
    given: EniAttachmentArgs = {**PLAIN, "security_group_ids": ["sg-1"]}
    made: list[EniAttachment] = []
    run(lambda: made.extend([EniAttachment("web", PLAIN), EniAttachment("other", given)]))
    group = made[0].security_group_id
    assert group is not None
    assert value_of(group) == "web-security-group-id"
    assert made[1].security_group_id is None


def test_interface_and_attachment_are_undone_before_they_are_made_anew() -> None:
    """An address has one interface, an interface one instance, and an instance only so many."""
    made = built(eni_attachment)
    for name in ("web-eni", "web-attachment", "web-allow-ssh"):
        assert made[name].request.deleteBeforeReplace, name
    assert not made["web-security-group"].request.deleteBeforeReplace


def test_an_instance_has_time_to_take_and_to_give_back_an_interface() -> None:
    made = built(eni_attachment)
    for name in ("web-eni", "web-attachment"):
        timeouts = made[name].request.customTimeouts
        assert timeouts.create == timeouts.delete == "10m", name


def test_its_id_and_mac_address_are_known_once_it_is_attached() -> None:
    attachment, made = attached()
    assert value_of(attachment.eni_id) == "web-eni-id"
    assert value_of(attachment.mac_address).count(":") == 5
    assert "web-attachment" in made["next-attachment"].after
