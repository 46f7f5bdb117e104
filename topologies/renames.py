"""`was` in Pulumi's words: an alias that carries a component's resources over a rename."""

from collections.abc import Sequence

import pulumi


def renamed(
    was: str | None, prefix: str, suffix: str = "", *, after: Sequence[pulumi.Resource] = ()
) -> pulumi.ResourceOptions:
    """Options of a component that is called `<prefix>-<key><suffix>`, and whose key was `was`."""
    aliases = [pulumi.Alias(name=f"{prefix}-{was}{suffix}")] if was is not None else None
    return pulumi.ResourceOptions(aliases=aliases, depends_on=after)
