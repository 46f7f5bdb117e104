"""`was` in Pulumi's words: an alias that carries a component's resources over a rename."""

import pulumi


def renamed(was: str | None, prefix: str, suffix: str = "") -> pulumi.ResourceOptions | None:
    """Options of a component that is called `<prefix>-<key><suffix>`, and whose key was `was`."""
    if was is None:
        return None
    return pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"{prefix}-{was}{suffix}")])
