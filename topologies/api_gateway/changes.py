"""Changes of the section that no single update can carry out, whoever holds what."""

from collections.abc import Iterator

from facts import kinds
from stack.problems import Problem
from stack.settings import StackSettings
from stack.state import StackState
from topologies.api_gateway.holdings import held_group
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings


def api_gateway_changes(
    _settings: StackSettings, section: ApiGatewaySettings, state: StackState
) -> Iterator[Problem]:
    """A created instance that goes while its groups stay.

    Without an instance the provider leaves a group where it is, and the cloud keeps an instance
    that has groups.
    """
    instance = state.id_of(kinds.API_INSTANCE, "api-gateway-instance")
    if instance is None or section.instance is not None:
        return
    for key in section.groups:
        held = held_group(section, key, state)
        if held is not None and held.text("instanceId") == instance:
            yield Problem(
                (SECTION, "groups", key),
                key,
                f"the group is on the instance {instance}, which the stack file no longer has; "
                "a group that is kept stays there, and an instance with groups can't be deleted",
                "give the group another name, without was: it is made anew on the shared instance, "
                "with another domain; or keep apiGateway.instance",
            )
