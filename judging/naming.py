"""How a preview's resources name an address, a group or a server: by what it is, and where from.

An id or an address that isn't known yet hides whether it stays. The resource that it comes from
tells: the same EIP has the same address. Where that one is replaced, its own finding says so, and
what stands on it isn't told again.
"""

from collections.abc import Mapping
from types import MappingProxyType

from judging.preview import Preview, State
from judging.ways import Naming, Place
from stack.pulumi_wire import name_of, type_of


def naming(preview: Preview) -> Naming:
    """Names that stay the same over a rename in this preview."""
    return by_source(preview.present_urns())


def by_source(present: Mapping[str, str] = MappingProxyType({})) -> Naming:
    """Names by value and by the resource that the value comes from.

    Args:
        present: for each URN that a renamed resource had, the one that it has now.
    """

    def named(state: State, key: str, types: frozenset[str]) -> Place:
        return _named(state, key, types, present)

    return named


def _named(state: State, key: str, types: frozenset[str], present: Mapping[str, str]) -> Place:
    value = state.text(key)
    sources = sorted(
        present.get(urn, urn) for urn in state.comes_from(key) if not types or type_of(urn) in types
    )
    names = frozenset({*sources, value} - {""}) or frozenset({f"{state.urn} {key}"})
    source = name_of(sources[0]) if sources else ""
    if value and source:
        return Place(f"{value} ({source})", names)
    return Place(value or source or "what isn't known yet", names)
