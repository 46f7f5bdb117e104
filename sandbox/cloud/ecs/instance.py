"""Instances: servers in a vSwitch. Their further network cards are in `eni`."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent
from sandbox.cloud.core.name_checks import check_description, check_name
from sandbox.cloud.ecs.eni import release_cards
from sandbox.cloud.ecs.security import check_groups
from sandbox.cloud.vpc.addresses import check_private_address, free_private_address
from sandbox.cloud.vpc.route_entry import ROUTED

__all__ = ["Instance"]


class Instance(Kind):
    name = "instance"
    prefix = "i-"
    not_found = "InvalidInstanceId.NotFound"
    twins: ClassVar = {"private_ip": "primary_ip_address"}
    texts: ClassVar = {"instance_name": check_name, "description": check_description}
    indexed = ("vpc_id", "vswitch_id", "private_ip")
    parents = (Parent("vswitch", "vswitch_id"),)
    dependents = (
        Dependent(
            "eip_association",
            "instance_id",
            # The code is ours; the cloud unbinds it, and then leaves it idle.
            "DependencyViolation.Eip",
            "{it.id} still has {user[allocation_id]}; unbind it first.",
        ),
        ROUTED,
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        vswitch = self.parent(session, wanted, "vswitch_id")
        _check_groups(session, vswitch.text("vpc_id"), wanted)
        address = wanted.get("private_ip")
        if address:
            check_private_address(session, vswitch, address)
        return {
            "private_ip": address or free_private_address(session, vswitch),
            "vpc_id": vswitch.text("vpc_id"),
            "availability_zone": vswitch.text("zone_id"),
        }

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        address = making.found.get("private_ip") or wanted.get("private_ip", "")
        return {
            "availability_zone": f"{making.region}-a",
            "cpu": 2,
            "create_time": making.time,
            "credit_specification": "",
            "deployment_set_group_no": "",
            "description": "",
            "enable_jumbo_frame": False,
            "expired_time": "2099-12-31T15:59Z",
            "host_name": making.id.replace("-", "") + "Z",
            "http_endpoint": "enabled",
            "http_tokens": "optional",
            "image_id": "",
            "instance_charge_type": "PostPaid",
            "instance_name": "",
            "instance_type": "",
            "internet_charge_type": "PayByTraffic",
            "internet_max_bandwidth_in": -1,
            "internet_max_bandwidth_out": 0,
            "ipv6_addresses": [],
            "key_name": "",
            "maintenance_action": "AutoRecover",
            "memory": 4096,
            "network_interface_id": making.new_id("eni-"),
            "network_interface_traffic_mode": "Standard",
            "os_name": "Alibaba Cloud Linux 3",
            "os_type": "linux",
            "private_ip": address,
            "private_pool_options_match_criteria": "Open",
            "public_ip": self._public_address(wanted, making),
            "queue_pair_number": 1,
            "resource_group_id": "",
            "role_name": "",
            "secondary_private_ips": [],
            "spot_strategy": "NoSpot",
            "start_time": making.time,
            "status": "Running",
            "stopped_mode": "Not-applicable",
            "system_disk_category": "cloud_essd",
            "system_disk_id": making.new_id("d-"),
            "system_disk_performance_level": "PL1",
            "system_disk_size": 40,
            "vpc_id": "",
            **wanted,
            **making.found,
        }

    def _public_address(self, wanted: Attributes, making: Making) -> str:
        return making.new_public_address() if wanted.get("internet_max_bandwidth_out") else ""

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if "security_groups" in changes:
            _check_groups(session, resource.text("vpc_id"), changes)
        _check_move(session, resource, changes)

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        release_cards(session, resource)
        super().deleted(session, resource)


def _check_move(session: Session, instance: Resource, changes: Attributes) -> None:
    """A server keeps its zone and its VPC (ModifyInstanceVpcAttribute)."""
    before = instance["vswitch_id"], instance["private_ip"]
    after = changes.get("vswitch_id", before[0]), changes.get("private_ip", before[1])
    if after == before:
        return
    vswitch = session.need("vswitch", after[0])
    if vswitch["vpc_id"] != instance["vpc_id"]:
        raise CloudError(  # The code is ours.
            "InvalidVSwitchId.VpcMismatch", f"{vswitch.id} isn't in the VPC {instance['vpc_id']}."
        )
    zone = instance["availability_zone"]
    if vswitch["zone_id"] != zone:
        raise CloudError(
            "InvalidVSwitchId.Mismatch",
            f"{instance.id} is in {zone}, and {vswitch.id} in {vswitch['zone_id']}.",
        )
    check_private_address(session, vswitch, str(after[1]))


def _check_groups(session: Session, vpc: str, wanted: Attributes) -> None:
    groups: list[str] = wanted.get("security_groups") or []
    # The code is ours.
    check_groups(session, vpc, groups, mismatch="InvalidSecurityGroupId.VpcMismatch")
