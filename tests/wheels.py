"""The library as others have it: built, and put where Python finds it by its own name.

Built by what its `pyproject.toml` names, with nothing fetched, from a copy: building leaves traces.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "components"
PROJECT = tomllib.loads((LIBRARY / "pyproject.toml").read_text("utf-8"))["project"]


def built(folder: Path) -> tuple[Path, Path]:
    """The sources and the wheel that is made of them, in a folder."""
    sources = shutil.copytree(
        LIBRARY, folder / "sources", ignore=shutil.ignore_patterns("__pycache__")
    )
    made = folder / "dist"
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "build", "--quiet", "--offline", "--no-build-isolation"),
            *("--python", sys.executable, "--out-dir", str(made), str(sources)),
        ],
        check=True,
    )
    (source,), (wheel,) = made.glob("*.tar.gz"), made.glob("*.whl")
    return source, wheel


def installed(folder: Path) -> Path:
    """A folder in which the library lies as its wheel installs it."""
    _, wheel = built(folder)
    place = folder / "installed"
    with ZipFile(wheel) as packed:
        packed.extractall(place)
    return place
