"""Quotas as the Quota Center has them: the product that each is listed under, its name, its id.

Ids are drawn by the cloud and say nothing; of most only the name is published, and of some of the
products' limits neither. Figures aren't here: an account's own are asked for.

Source: the quota pages of Virtual Private Cloud, NAT Gateway, Elastic IP Address and Elastic
Compute Service; ids where public tools of the cloud's own name them (read in 2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["PUBLISHED", "PublishedQuota"]


@dataclass(frozen=True)
class PublishedQuota:
    """What the Quota Center calls a quota."""

    product: str
    name: str
    """With a place for the region, where its name has one; empty where only the id is known."""

    id: str = ""


PUBLISHED: Final[Mapping[str, PublishedQuota]] = {
    "vpcs_per_region": PublishedQuota("vpc", "vpc_quota_instances_num_{region}"),
    "vswitches_per_vpc": PublishedQuota("vpc", "vpc_quota_vswitches_num", "q_b7klmn"),
    "route_entries_per_table": PublishedQuota("vpc", "vpc_quota_route_entrys_num"),
    "nat_gateways_per_vpc": PublishedQuota("nat", "natgw_quota_nat_num_per_vpc"),
    "eips_per_nat_gateway": PublishedQuota("nat", "natgw_quota_eip_num_per_nat", "q_gh61qw"),
    "forward_entries_per_table": PublishedQuota("nat", "natgw_quota_dnat_entry_num"),
    "snat_entries_per_table": PublishedQuota("nat", "natgw_quota_snat_entry_num", "q_fwiygs"),
    "eips_per_region": PublishedQuota("eip", "eip_quota_instances_num"),
    "security_groups_per_region": PublishedQuota("ecs", "", "q_security-groups"),
}
"""By the names that they have here."""
