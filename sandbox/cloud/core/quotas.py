"""The account's quotas: how many of each thing the cloud allows before it says no.

Figures are the published defaults of a new account. Where none was found the figure is ours and
the comment says so. What a stack file has raised is raised here (`Store.raise_quotas`); tests and
users override any of them: `Store.set_quota`.
"""

from collections.abc import Mapping
from typing import Final

from sandbox.cloud.core.database import Database

__all__ = ["DEFAULTS", "OF_PRODUCTS", "OVERRIDDEN", "RAISED", "known"]

OVERRIDDEN: Final = "quotas"
RAISED: Final = "raised_quotas"
"""Where a store keeps quotas that differ: what was set by hand goes before what was raised."""


def known(database: Database) -> Mapping[str, int]:
    """The quotas that differ from a new account's."""
    return {**database.setting(RAISED, {}), **database.setting(OVERRIDDEN, {})}


OF_PRODUCTS: Mapping[str, Mapping[str, int]] = {
    "vpc": {
        "vpcs_per_region": 10,
        "vswitches_per_vpc": 150,
        "flow_logs_per_region": 10,
        "route_entries_per_table": 200,
        "vpn_connections_per_gateway": 10,
        "bandwidth_packages_per_region": 5,
        "eips_per_bandwidth_package": 100,
        "multi_binded_eips_per_eni": 10,
    },
    "nat": {
        "nat_gateways_per_vpc": 5,
        "eips_per_nat_gateway": 20,
        "forward_entries_per_table": 100,
        "snat_entries_per_table": 40,  # not confirmed: the published page is cut there
    },
    "eip": {
        "eips_per_region": 20,  # published for the account as a whole
    },
    "ecs": {
        "security_groups_per_region": 100,  # ours
        "rules_per_security_group": 200,
        "security_groups_per_instance": 5,  # of a further network card too
        "instances_per_security_group": 2000,  # network cards count as well
        # The primary one included. By instance type in the cloud: two for the smallest, more for
        # larger ones; raise it for those.
        "enis_per_instance": 2,
        "secondary_addresses_per_eni": 10,
        "commands_per_region": 500,
    },
    "apigateway": {
        "api_groups_per_region": 200,  # the operation's own page says 100
        # 20 once one has a domain of its own, which no group of the sandbox has.
        "api_groups_without_domain": 5,
        "apis_per_group": 1000,
        "api_apps_per_region": 1000,  # published for the account as a whole
        "api_plugins_per_region": 1000,
    },
    "cbn": {
        "cens": 5,  # ours
        "route_syncs_per_transit_router": 50,
    },
    "ram": {
        "access_keys_per_user": 2,
    },
}
"""By the product that the Quota Center has them under."""

DEFAULTS: Mapping[str, int] = {
    name: allowed for of in OF_PRODUCTS.values() for name, allowed in of.items()
}
