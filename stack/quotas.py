"""The cloud's quotas: how many of each thing an account, a VPC, a gateway or a package may have.

The numbers are the defaults of a new account. Users get them raised in the Quota Center; a stack
file then says so under `quotas`, and the rules go by that.
"""

from collections.abc import Iterator, Sized
from typing import Annotated

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem, dotted

Limit = Annotated[int, Field(ge=1)]


class Quotas(Model):
    """Quotas that differ from a new account's. Leave out what was never raised."""

    dnat_entries_per_gateway: Limit = 100
    """Port mappings of one NAT gateway (NAT Gateway, "Limits and quotas")."""

    snat_entries_per_gateway: Limit = 40
    """SNAT entries of one NAT gateway (NAT Gateway, "SNAT FAQ")."""

    eips_per_snat_entry: Limit = 64
    """Public addresses that one SNAT entry may leave by (NAT Gateway, "SNAT FAQ")."""

    eips_per_gateway: Limit = 20
    """Public addresses bound to one NAT gateway (NAT Gateway, "Limits and quotas")."""

    eips_per_bandwidth_package: Limit = 100
    """Public addresses in one Internet Shared Bandwidth instance (its "Limits")."""

    eips_per_account: Limit = 20
    """Pay-as-you-go EIPs of one account (Elastic IP Address, "Limits"). Only this stack's count
    here: the rules don't see the account's others."""

    bandwidth_per_package: Limit = 1000
    """Mbit/s of one Internet Shared Bandwidth instance."""

    vswitches_per_vpc: Limit = 150
    """vSwitches of one VPC (Virtual Private Cloud, "Limits and quotas")."""

    rules_per_security_group: Limit = 200
    """Rules of one security group (Elastic Compute Service, "Limits")."""

    api_groups_per_region: Limit = 200
    """API groups of one account in a region (API Gateway, "Limits"). Only this stack's count, here
    and for the account's apps and plugins: the rules don't see the account's others."""

    api_groups_without_domain: Limit = 5
    """API groups to which no domain of their own is bound (API Gateway, "Limits"); 20 once the
    account has one that is bound. More are only warned about: domains are bound elsewhere."""

    apis_per_group: Limit = 1000
    """APIs of one group (API Gateway, "Limits")."""

    api_apps_per_account: Limit = 1000
    """Apps of one account (API Gateway, "Limits")."""

    apps_per_api: Limit = 1000
    """Apps that may call one API (API Gateway, "Limits")."""

    api_plugins_per_region: Limit = 1000
    """Plugins of one account in a region, those of releases included (API Gateway, "Plug-ins:
    overview")."""


def over_quota(quotas: Quotas, field: str, used: Sized, path: KeyPath) -> Iterator[Problem]:
    """A problem when more is used than the quota named `field` allows."""
    limit: int = getattr(quotas, field)
    key = Quotas.model_fields[field].alias or field
    if len(used) > limit:
        rule = f"the quota {key} allows {limit}"
        remedy = (
            f"remove some of {dotted(path)}, or have the quota raised in the Quota Center "
            f"and say so: quotas: {{{key}: {len(used)}}}"
        )
        yield Problem(path, f"{len(used)} entries", rule, remedy)
