"""A folder of code as Function Compute takes it: one ZIP file, the same on every machine.

`Function` is made of this. The same files give the same bytes, and so no update, whoever deploys:
nothing of the machine goes in (times, owners, permissions, the order of a folder, the version of a
compression library).

Source: Function Compute 3.0, "Limits" and "CreateFunction".
"""

import base64
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastcrc import crc64

# What is sent with the request is Base64, and the cloud takes 100 MB of it.
MAX_ENCODED: Final = 100 * 1024 * 1024
LEFT_OUT: Final = frozenset({"__pycache__", ".git", ".DS_Store"})
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP file can say
# Readable, and executable for runtimes that start a program.
PERMISSIONS: Final = 0o100755 << 16
UNIX: Final = 3


@dataclass(frozen=True)
class FunctionCode:
    """Code, and how the provider notices that it is another one."""

    zip_file: str
    """The ZIP file, in Base64."""

    checksum: str
    """Its CRC-64, ECMA polynomial, as a decimal number; the cloud checks it."""


def function_code(folder: Path) -> FunctionCode:
    """The code in a folder, without byte code and Git's own files.

    Raises:
        ValueError: there is no such folder, it is empty, has a symbolic link or is too large; the
            message says which and what to do.
    """
    data = _zipped(folder, _files(folder))
    encoded = base64.b64encode(data).decode("ascii")
    if len(encoded) > MAX_ENCODED:
        size, limit = len(encoded) / 1024**2, MAX_ENCODED // 1024**2
        message = (
            f"{folder}: {size:.0f} MB when sent, and the cloud takes {limit} MB; move libraries to "
            "a layer"
        )
        raise ValueError(message)
    return FunctionCode(encoded, str(crc64.xz(data)))


def _files(folder: Path) -> list[str]:
    """The paths of the files, with slashes, in one order everywhere."""
    if not folder.is_dir():
        message = f"{folder}: there is no such folder; give the folder that holds the code"
        raise ValueError(message)
    found: list[str] = []
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if LEFT_OUT.intersection(inside.parts) or path.suffix == ".pyc":
            continue
        if path.is_symlink():
            message = f"{folder}: {inside.as_posix()} is a symbolic link; put the file itself there"
            raise ValueError(message)
        if path.is_file():
            found.append(inside.as_posix())
    if not found:
        message = f"{folder}: the folder is empty; put the code there"
        raise ValueError(message)
    return sorted(found)


def _zipped(folder: Path, files: list[str]) -> bytes:
    buffer = io.BytesIO()
    # Stored: compressed bytes differ from one build of the compression library to the next.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = UNIX
            entry.external_attr = PERMISSIONS
            archive.writestr(entry, (folder / name).read_bytes())
    return buffer.getvalue()
