"""Resource options that several components give their children.

`pulumi.ResourceOptions.merge` isn't among them: merged into a child's options, the caller's parent
and aliases would become the child's own.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from pulumi import (
    Alias,
    ComponentResource,
    CustomResource,
    Input,
    Output,
    ProviderResource,
    Resource,
    ResourceOptions,
)
from pulumi.resource import DependencyResource

from ._busy_cloud import when_busy
from ._component import Component

LANES: Final = 3
"""In how many chains entries are dealt unless told. Measured with the provider's waits, 20 entries
that are pending for a second each: half the time of one chain, and less than with more of them, as
the gateway takes one change at a time (docs/adr/0022)."""


def child(  # noqa: PLR0913 - each is an option of its own
    parent: Component,
    *,
    was: str | None = None,
    formerly: Sequence[str | None] = (),
    after: Sequence[Input[Resource]] | None = None,
    replaced_with: Sequence[Input[str]] = (),
    protect: bool = False,
    retain: bool = False,
    delete_before_replace: bool = False,
    provider: ProviderResource | None = None,
) -> ResourceOptions:
    """Options of a child of `parent`; what the cloud is too busy for is tried again.

    Args:
        parent: the component.
        was: the child's former name, where an entry was renamed: the resource is kept.
        formerly: names that earlier releases gave the child, where a component renames it: states
            made by those are carried on. None among them is nothing.
        after: what has to exist before it, and outlives it; and everything else that it may have
            stood on before. While that is being replaced, a child that has been moved off it must
            not be registered: the engine would replace it twice (docs/adr/0020). Unless given, what
            the component depends on.
        replaced_with: URNs of what it is replaced together with, since the cloud lets go of that
            only when this is gone. Not for what holds data.
        protect: refuse to delete or replace it.
        retain: leave it in the cloud when it leaves the state.
        delete_before_replace: for what the cloud never holds twice, so that creating the new one
            first can't work.
        provider: of the region that it lies in; the component's own unless given.
    """
    return ResourceOptions(
        parent=parent,
        aliases=[Alias(name=name) for name in (was, *formerly) if name is not None] or None,
        depends_on=[_dependency(one) for one in (parent.awaited if after is None else after)]
        or None,
        replace_with=[resource_at(urn) for urn in replaced_with] or None,
        # Unset where not wanted, so that a component's own `protect` still reaches its children.
        protect=True if protect else None,
        retain_on_delete=True if retain else None,
        delete_before_replace=True if delete_before_replace else None,
        provider=provider,
        hooks=when_busy(parent),
    )


def resource_at(urn: Input[str]) -> Resource:
    """What a URN names, for `depends_on`: components put out URNs, which reach every language."""
    found = DependencyResource("")
    vars(found)["urn"] = Output.from_input(urn)
    return found


def _dependency(resource: Input[Resource]) -> Input[Resource]:
    """A resource to depend on, without the SDK's search for a cycle behind it.

    The search follows the dependencies of each resource that it is given, one Python frame deep for
    each. Entries wait for each other in one long chain, so that at a thousand of them it takes
    minutes or ends in a RecursionError. A chain has no cycle. A component stands for its children,
    which only the SDK can tell, so it is left as it is.
    """
    if isinstance(resource, ComponentResource) or not isinstance(resource, Resource):
        return resource
    return asyncio.ensure_future(_known_by_urn(resource))


async def _known_by_urn(resource: Resource) -> Resource:
    return DependencyResource(await resource.urn.future() or "")


def former(prefix: str, was: str | None, suffix: str = "") -> str | None:
    """The name that a child had when its entry was still called `was`."""
    return f"{prefix}-{was}{suffix}" if was is not None else None


def once(done: CustomResource, value: Output[str]) -> Output[str]:
    """A value that is known once something is done.

    What takes it comes after that, and goes before it. For what is plain text to the provider, so
    that nothing else says so.
    """
    return Output.all(value, done.id).apply(lambda known: str(known[0]))


def in_lanes(names: Sequence[str], lanes: int) -> dict[str, str | None]:
    """For each name, in creation order, the name that it comes after.

    The cloud adds one entry to a gateway at a time; a second one meanwhile meets
    `OperationConflict`. So entries wait for each other in as many chains as there are lanes, dealt
    out by name: adding or removing an entry changes who waits for whom, and no resource.
    """
    ordered = sorted(names)
    return {
        name: ordered[index - lanes] if index >= lanes else None
        for index, name in enumerate(ordered)
    }


Entry = TypeVar("Entry", bound=Resource)


def last_in_lanes(entries: Mapping[str, Entry], lanes: int) -> list[Entry]:
    """The entry that each lane ends with."""
    return [entries[name] for name in sorted(entries)[-lanes:]]
