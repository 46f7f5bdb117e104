"""What a stack file names lies in its project, whatever its path or a link says."""

from pathlib import Path

import pytest

from stack.files import is_file, leads_out, named_problems


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a stack file in a folder of its own, and things around it."""
    folder = tmp_path / "project"
    for name in ("examples/shop/code/a.py", "caller/a.py", "../secrets/key", "../project-b/a.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "Pulumi.yaml").touch()
    (folder / "examples" / "shop" / "out").symlink_to(tmp_path / "secrets")
    (folder / "examples" / "shop" / "in").symlink_to(folder / "caller")
    (folder / "examples" / "shop" / "circle").symlink_to("circle")
    return folder


@pytest.mark.parametrize(
    ("named", "out"),
    [
        ("code", False),
        ("code/a.py", False),
        ("../../caller", False),
        ("not-there", False),
        ("in", False),
        ("../../../secrets", True),
        ("../../../project-b", True),
        ("code/../../../../secrets/key", True),
        ("out", True),
        ("out/key", True),
        ("in/../../secrets", True),
        ("/etc/passwd", True),
        ("/dev/zero", True),
        ("/proc/self/environ", True),
        ("/", True),
        ("circle", True),
        ("a\0b", True),
    ],
)
def test_what_leads_out_of_the_project_is_known(project: Path, named: str, *, out: bool) -> None:
    assert leads_out(project / "examples" / "shop", named) is out


def test_a_stack_file_without_a_project_has_its_own_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert not leads_out(tmp_path / "a", "code")
    assert leads_out(tmp_path / "a", "../code")


@pytest.mark.parametrize("named", ["a" * 300, "x/" * 3000 + "y"])
def test_what_is_too_long_for_a_path_is_a_problem_at_its_place(tmp_path: Path, named: str) -> None:
    (problem,) = named_problems(("functions", "f", "code"), tmp_path, named)
    assert problem.rule == "it can't be looked at: File name too long"
    assert problem.path == ("functions", "f", "code")
    assert not is_file(tmp_path / named)


def test_what_isnt_there_is_looked_for_and_what_is_there_found(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for named in ("file", "not-there", "file/below"):
        assert not [*named_problems((), tmp_path, named)]
    assert is_file(tmp_path / "file")
    assert not is_file(tmp_path / "not-there")
