"""Where states are kept: Pulumi's backend by the form of its address, and the sandbox's folders."""

from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

from stack.target import Target
from tools.doctor.json_files import as_mapping, mapping_in
from tools.doctor.machine import Backend, Sandbox

__all__ = ["SCHEMES", "backend_of", "sandbox_of"]

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
    return Sandbox(target.stack, owner, locked=bool(locks), pending=pending)


def _pending(file: Path) -> int:
    """How many operations a state never saw the end of."""
    latest = mapping_in(file).get("checkpoint", {})
    operations = as_mapping(as_mapping(latest).get("latest")).get("pending_operations")
    return len(cast("list[object]", operations)) if isinstance(operations, list) else 0
