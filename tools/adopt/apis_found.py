"""What an account has in an API group, as a list, and what of it no stack of ours could have."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from judging.account.apis import GROUPS, Apis, BackendKind, apis_of
from judging.account.functions import Function, functions_of
from judging.account.holding import regions_of
from judging.account.reading import Reader, side_by_side, text_of
from tools.adopt.part import Finding, Left, Sought

START: Final = "group"


def group_found(reader: Reader, sought: Sought) -> Finding:
    """A group with its APIs, and all that is on them."""
    region = _region(reader, sought) if sought.key == START else ""
    if not region:
        return Finding()
    apis = apis_of(reader, region, sought.id)
    called = {one.backend.target for one in apis.apis if one.backend.kind is BackendKind.FUNCTION}
    functions = [one for one in functions_of(reader, region) if one.name in called]
    listed = {**_listed(apis), "functions": sorted(one.name for one in functions if not one.vpc)}
    return Finding(region, listed, (*_left(apis), *_unowned(called, functions)))


def _region(reader: Reader, sought: Sought) -> str:
    """Where the group lies; empty where there is none that may be seen."""

    def look(region: str) -> list[str]:
        groups = reader.listed(GROUPS, region)
        return [region for one in groups if text_of(one, "GroupId") == sought.id]

    regions = regions_of(reader, sought.regions)
    return next((one for each in side_by_side(regions, look) for one in each), "")


def _listed(found: Apis) -> dict[str, Any]:
    group_of = {one.id: one.group for one in found.apis}
    used = _accesses(found)
    return {
        "apiGroups": sorted(one.id for one in found.groups),
        "apis": sorted(f"{one.group}:{one.id}" for one in found.apis),
        "vpcAccess": sorted(one.id for one in found.authorizations if one.name in used),
        "apiApps": sorted(one.id for one in found.apps),
        "apiPlugins": sorted(one.id for one in found.plugins),
        **{
            key: sorted(
                f"{group_of[api]}:{api}:{one.id}:{stage}"
                for one in many
                for api, stage in one.apis
                if api in group_of
            )
            for key, many in (("apiCallers", found.apps), ("apiBindings", found.plugins))
        },
    }


def _accesses(found: Apis) -> set[str]:
    """The authorizations that APIs go through; those of plugins are the plugins' text."""
    return {one.backend.target for one in found.apis if one.backend.kind is BackendKind.VPC}


def _unowned(called: Iterable[str], functions: Iterable[Function]) -> Iterator[Left]:
    """The functions that APIs call and a stack of theirs wouldn't have."""
    networks = {one.name: one.vpc for one in functions}
    for name in sorted(called):
        if name not in networks:
            yield Left(name, "a function", "it isn't there, or may not be seen")
        elif networks[name]:
            why = f"it is in the network {networks[name]}: it is used by its name"
            yield Left(name, "a function", why)


def _left(found: Apis) -> Iterator[Left]:
    for group in found.groups:
        for domain in group.domains[1:]:  # after the cloud's own
            yield Left(domain, "a domain of the group", "no resource has one: it stays as it is")
    for instance in found.instances:
        yield Left(instance.id, "an instance of API Gateway", "it is used by its id")
    for one in found.access_lists:
        yield Left(one.id, "an access control list", "the instance that heeds it is only used")
