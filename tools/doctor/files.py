"""What files say of this machine and its stacks: where states are kept, credentials, stack files.

Of a key nothing is told, only a profile's mode and when its token ends. What isn't as expected is
as if it weren't there.
"""

import base64
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from stack.target import Target, shown_path
from tools.doctor.machine import Backend, Profile, Sandbox, StackFacts, Token

if TYPE_CHECKING:  # these need packages that may be missing
    from stack.settings import StackSettings


def mapping_in(file: Path) -> Mapping[str, Any]:
    """The mapping that a file holds; an empty one where it holds none, or can't be read."""
    try:
        return as_mapping(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def as_mapping(value: object) -> Mapping[str, Any]:
    """A value as a mapping; an empty one where it is something else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


SCHEMES = ("s3", "azblob", "gs", "file", "https", "http")
_VARIABLE = "PULUMI_BACKEND_URL"


def backend_of(address: str | None, credentials: Path) -> Backend:
    """The backend that a variable names, else the one that `pulumi login` left in its file."""
    if address:
        return _described(address, _VARIABLE)
    current = mapping_in(credentials).get("current")
    return _described(str(current), "pulumi login") if current else Backend("", "")


def _described(address: str, asked_by: str) -> Backend:
    try:
        parts = urlsplit(address)
        return Backend(
            asked_by,
            # Only a known one is shown: what isn't an address might be a secret in its place.
            parts.scheme if parts.scheme in SCHEMES else "",
            has_password=bool(parts.password),
            forces_path_style=parse_qs(parts.query).get("s3ForcePathStyle") == ["true"],
        )
    except ValueError:
        return Backend(asked_by, "")


def sandbox_of(target: Target, root: Path) -> Sandbox | None:
    """The sandbox of a stack; None where there is none yet."""
    try:
        from sandbox.accounts import paths_of  # noqa: PLC0415 - as below
        from sandbox.recovery import lock_owners  # noqa: PLC0415 - brings in Pulumi
    except ImportError:
        return None  # another line tells of the package that is missing
    paths = paths_of(root, target)
    if not paths.state.is_dir():
        return None
    locks = list(paths.locks.rglob("*.json"))
    pending = sum(_pending(file) for file in (paths.state / ".pulumi" / "stacks").rglob("*.json"))
    owner = next(lock_owners(paths.locks), None) if locks else None
    return Sandbox(target.stack, paths.said, owner, locked=bool(locks), pending=pending)


def _pending(file: Path) -> int:
    """How many operations a state never saw the end of."""
    latest = mapping_in(file).get("checkpoint", {})
    operations = as_mapping(as_mapping(latest).get("latest")).get("pending_operations")
    return len(cast("list[object]", operations)) if isinstance(operations, list) else 0


_ENDS = ("sts_expiration", "access_token_expire", "oauth_access_token_expire")
"""The CLI writes when tokens end under these names, in seconds since 1970."""

_MODES = {
    *("AK", "StsToken", "RamRoleArn", "EcsRamRole", "RamRoleArnWithEcs", "ChainableRamRoleArn"),
    *("CredentialsURI", "OIDC", "CloudSSO", "External", "OAuth"),
}


def profile_of(name: str, asked_by: str, file: Path) -> Profile:
    """A profile of the Alibaba Cloud CLI."""
    listed = mapping_in(file).get("profiles")
    if not isinstance(listed, list):
        return Profile(name, asked_by, file, readable=False)
    profiles = [as_mapping(one) for one in cast("list[object]", listed)]
    found = next((profile for profile in profiles if profile.get("name") == name), None)
    if found is None:
        return Profile(name, asked_by, file, readable=True)
    # A token of a sign-on ends earlier than the keys that it is traded for; those are renewed.
    ends = [float(found[key]) for key in _ENDS if isinstance(found.get(key), int) and found[key]]
    mode = str(found.get("mode"))
    return Profile(
        name,
        asked_by,
        file,
        readable=True,
        mode=mode if mode in _MODES else "of an unknown mode",
        has_keys=bool(found.get("access_key_id") and found.get("access_key_secret")),
        expires=max(ends, default=None),
    )


def token_of(file: str | None) -> Token | None:
    """The file of an OIDC token; None where no variable names one."""
    if not file:
        return None
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return Token(there=False)
    return Token(there=bool(text), expires=_end_of(text))


def _end_of(token: str) -> float | None:
    """When a JWT ends: its second part is JSON, in base64 without padding."""
    parts = token.split(".")
    if len(parts) < 2:  # noqa: PLR2004 - head and body
        return None
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        end = as_mapping(json.loads(body)).get("exp")
    except ValueError:
        return None
    known = isinstance(end, int | float) and not isinstance(end, bool) and math.isfinite(end)
    return float(cast("float", end)) if known else None


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
        regions=tuple(sorted(str(region) for region in regions)),
        router_regions=_router_regions(settings, sorted(str(region) for region in regions)),
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
