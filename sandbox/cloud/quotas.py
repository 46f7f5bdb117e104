"""The account's quotas: how many of each thing the cloud allows before it says no.

Figures are the published defaults of a new account. Where none was found the figure is ours and
the comment says so. Tests and users override any of them: `Store.set_quota`.
"""

from collections.abc import Mapping

__all__ = ["DEFAULTS"]

DEFAULTS: Mapping[str, int] = {
    "vpcs_per_region": 10,  # ours
    "vswitches_per_vpc": 150,  # ours
    "nat_gateways_per_vpc": 5,
    "eips_per_region": 20,  # published for the account as a whole
    "eips_per_nat_gateway": 20,
    "forward_entries_per_table": 100,
    "snat_entries_per_table": 40,  # not confirmed: the published page is cut there
    "bandwidth_packages_per_region": 5,
    "eips_per_bandwidth_package": 100,
    "security_groups_per_region": 100,  # ours
    "rules_per_security_group": 200,
    "security_groups_per_instance": 5,
    "instances_per_security_group": 2000,
}
