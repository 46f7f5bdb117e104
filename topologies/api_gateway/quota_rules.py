"""How many groups, APIs, apps and plugins the cloud lets an account have.

What one stack file alone exceeds is refused; what depends on domains, which are bound elsewhere, is
only warned about. The cloud documents no number for VPC authorizations and for what a list of
addresses holds, and a file has one list of the five that a region may have.

Source: API Gateway, "Limits" and "Plug-ins: overview".
"""

from collections.abc import Iterator

from stack.problems import Problem
from stack.quotas import Quotas, over_quota
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings


def quota_problems(quotas: Quotas, section: ApiGatewaySettings) -> Iterator[Problem]:
    """More than the account may have."""
    for field, used, key in (
        ("api_groups_per_region", section.groups, "groups"),
        ("api_apps_per_account", section.apps, "apps"),
        ("api_plugins_per_region", section.plugins, "plugins"),
    ):
        yield from over_quota(quotas, field, used, (SECTION, key))
    members: dict[str, list[str]] = {}
    for name, api in section.apis.items():
        members.setdefault(api.group, []).append(name)
        yield from over_quota(quotas, "apps_per_api", api.apps, (SECTION, "apis", name, "apps"))
    for group, names in members.items():
        if group in section.groups:
            yield from over_quota(quotas, "apis_per_group", names, (SECTION, "groups", group))


def quota_warnings(quotas: Quotas, section: ApiGatewaySettings) -> Iterator[Problem]:
    """More than an account may have that binds no domains."""
    limit, used = quotas.api_groups_without_domain, len(section.groups)
    if used > limit and used <= quotas.api_groups_per_region:
        rule = f"a new account has {limit} groups to which no domain of their own is bound"
        remedy = (
            "bind domains to some before the others are made, or have the quota raised and say "
            f"so: quotas: {{apiGroupsWithoutDomain: {used}}}"
        )
        yield Problem((SECTION, "groups"), f"{used} groups", rule, remedy)
