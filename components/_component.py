"""What every component has: the name of its type, and resources that its children wait for."""

import copy
from collections.abc import Sequence

import pulumi


class Component(pulumi.ComponentResource):
    """A component of this library.

    Pulumi doesn't hand a component's `depends_on` down to its children. Here they have it, but for
    those that say what they wait for: so the component itself is registered without.
    """

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None) -> None:
        """Register the component.

        Raises:
            TypeError: what it depends on isn't known by now.
        """
        own = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
        awaited = own.depends_on
        own.depends_on = None
        if awaited is None:
            awaited = ()
        elif isinstance(awaited, pulumi.Resource):
            awaited = (awaited,)
        elif not isinstance(awaited, Sequence):
            message = f"{type(self).__name__} {name}: depends_on has to be a list of resources"
            raise TypeError(message)
        self.awaited: Sequence[pulumi.Input[pulumi.Resource]] = awaited
        """What children wait for that don't say so themselves."""
        super().__init__(f"alicloud-gateways:index:{type(self).__name__}", name, {}, own)
