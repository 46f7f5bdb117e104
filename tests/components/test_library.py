"""The library as others have it: what is in it, what it needs, and that it runs by itself."""

import ast
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
from email import message_from_string
from importlib.metadata import PathDistribution, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.docs.pages import blocks
from tests.suite.changed import files_of
from tests.wheels import LIBRARY, PROJECT, ROOT, built, installed

NOT_CODE = {"LICENSE", "PulumiPlugin.yaml", "README.md", "pyproject.toml", "requirements.txt"}
OWN = {
    file.removeprefix("components/") for file in files_of(ROOT) if file.startswith("components/")
}
PROGRAM = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("library"))


def test_the_wheel_has_all_of_the_code_and_nothing_else(place: Path) -> None:
    package = place / "alicloud_gateways"
    files = (file for file in package.rglob("*") if file.is_file())
    inside = {file.relative_to(package).as_posix() for file in files}
    assert inside == OWN - NOT_CODE
    (notes,) = place.glob("*.dist-info")
    assert {file.name for file in place.iterdir()} == {package.name, notes.name}
    assert [file.name for file in (notes / "licenses").iterdir()] == ["LICENSE"]


def test_the_sources_that_are_published_have_all_that_the_wheel_is_made_of(tmp_path: Path) -> None:
    source, _ = built(tmp_path)
    with tarfile.open(source) as packed:
        inside = {name.partition("/")[2] for name in packed.getnames()}
    # A plugin is a checkout of the folder.
    assert inside >= OWN - {"PulumiPlugin.yaml", "requirements.txt"}


def test_the_licence_is_the_project_s() -> None:
    assert (LIBRARY / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert PROJECT["license"] == PROGRAM["license"]


def test_what_it_says_of_itself_is_what_its_project_says(place: Path) -> None:
    (notes,) = place.glob("*.dist-info")
    told = message_from_string((notes / "METADATA").read_text("utf-8"))
    assert (told["Name"], told["Version"]) == (PROJECT["name"], PROJECT["version"])
    assert told["License-Expression"] == "Apache-2.0"
    assert told["Description-Content-Type"] == "text/markdown"
    needs = {str(Requirement(one)) for one in PathDistribution(notes).requires or []}
    assert needs == {str(Requirement(one)) for one in PROJECT["dependencies"]}


def test_it_needs_what_it_imports_in_the_versions_that_the_program_has() -> None:
    imported = {
        (node.module or "").partition(".")[0]
        if isinstance(node, ast.ImportFrom)
        else node.names[0].name.partition(".")[0]
        for file in (ROOT / "components").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
    } - sys.stdlib_module_names
    known = packages_distributions()
    used = {_named(name) for module in imported for name in known[module]}
    said = {Requirement(one).name for one in PROJECT["dependencies"]}
    theirs = {_named(Requirement(text).name) for one in said for text in requires(one) or []}
    assert said <= used
    assert used & (said | theirs) >= {_named(known[module][0]) for module in imported}
    assert set(PROJECT["dependencies"]) <= set(PROGRAM["dependencies"])


def _named(distribution: str) -> str:
    return distribution.replace("_", "-").lower()


def test_it_runs_in_an_environment_of_its_own(place: Path, tmp_path: Path) -> None:
    """With the packages that it needs, and nothing of this repository on the path."""
    venv.create(tmp_path / "venv", symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = tmp_path / "venv" / "lib" / version / "site-packages"
    paths = (sysconfig.get_path("purelib"), str(place))
    (packages / "needed.pth").write_text("\n".join(paths), encoding="utf-8")
    (example,) = blocks(LIBRARY / "README.md", "python")
    (tmp_path / "__main__.py").write_text(example.text, encoding="utf-8")
    test = """
import sys
import alicloud_gateways
from alicloud_gateways.testing import run

print(*(one.kind for one in run("__main__.py").all))
print(alicloud_gateways.__file__)
print([one for one in sys.modules if one.partition(".")[0] == "components"])
"""
    done = subprocess.run(
        [tmp_path / "venv" / "bin" / "python", "-I", "-c", test],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kinds, file, ours = done.stdout.splitlines()
    assert {"SnatEgress", "SnatEntry", "EipAddress"} <= set(kinds.split())
    assert Path(file).parent == place / "alicloud_gateways"
    assert ours == "[]"
