"""A stack file as the rules judge it, and where what it asks for would lie."""

from typing import TYPE_CHECKING

from stack.target import Target, shown_path
from tools.doctor.machine import StackFacts

if TYPE_CHECKING:  # these need packages that may be missing
    from stack.settings import StackSettings

__all__ = ["stack_file_of"]

_PROVIDER = "alicloud:"
_ENCRYPTED = ("encryptionsalt", "secretsprovider")


def stack_file_of(target: Target) -> StackFacts:
    """The facts of one stack file."""
    file = shown_path(target.file)
    try:
        from stack.problems import StackFileError  # noqa: PLC0415 - as above
        from stack.stack_file import StackFile  # noqa: PLC0415 - as above
        from topologies import TOPOLOGIES  # noqa: PLC0415 - as above
    except ImportError as error:
        return StackFacts(target.stack, file, unreadable=f"{error.name} isn't installed")
    encrypted, settings_names = _top_of(target)
    try:
        settings = StackFile(file, target.stack, TOPOLOGIES).settings
    except StackFileError as refusal:
        return StackFacts(
            target.stack,
            file,
            problems=len(refusal.problems),
            warnings=len(refusal.warnings),
            encrypted=encrypted,
            provider_settings=settings_names,
        )
    except OSError as error:
        return StackFacts(target.stack, file, unreadable=error.strerror or "it can't be read")
    networks = ("", *settings.common.networks)
    regions = {settings.region_of(name or None) for name in networks} - {None}
    return StackFacts(
        target.stack,
        file,
        warnings=len(settings.warnings),
        region=settings.region,
        regions=tuple(sorted(str(one) for one in regions)),
        router_regions=_router_regions(settings, sorted(str(one) for one in regions)),
        function_regions=_function_regions(settings),
        production=settings.protected,
        encrypted=encrypted,
        provider_settings=settings_names,
    )


def _top_of(target: Target) -> tuple[str, frozenset[str]]:
    """What it says of encryption, and the names of what it tells the provider."""
    from stack.file.yaml_file import YamlFile  # noqa: PLC0415 - needs PyYAML

    values = YamlFile.read(target.file).values
    if not isinstance(values, dict):
        return "", frozenset()
    config = values.get("config")
    keys = list(config) if isinstance(config, dict) else []
    told = frozenset(key.removeprefix(_PROVIDER) for key in keys if key.startswith(_PROVIDER))
    return next((key for key in _ENCRYPTED if key in values), ""), told - {"region"}


def _router_regions(settings: "StackSettings", regions: list[str]) -> tuple[str, ...]:
    from topologies.cross_region.settings import (  # noqa: PLC0415 - needs pydantic
        CrossRegionSettings,
        Edition,
    )

    section = settings.sections.get("cross-region")
    routers = isinstance(section, CrossRegionSettings) and section.edition is Edition.TRANSIT_ROUTER
    return tuple(regions) if routers else ()


def _function_regions(settings: "StackSettings") -> tuple[str, ...]:
    """Where functions have a network: in the regions of their vSwitches."""
    from topologies.functions.settings import FunctionsSettings  # noqa: PLC0415 - needs pydantic

    section = settings.sections.get("functions")
    if not isinstance(section, FunctionsSettings):
        return ()
    found: set[str] = set()
    for one in section.root.values():
        for vswitch in one.network.vswitches if one.network is not None else ():
            place = settings.common.network_of_vswitch(vswitch)
            region = settings.region_of(place[0]) if place is not None else None
            found |= {region} if region else set()
    return tuple(sorted(found))
