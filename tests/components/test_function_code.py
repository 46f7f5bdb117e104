"""A folder of code as one ZIP file, the same wherever it is made."""

import base64
import io
import os
import zipfile
from pathlib import Path

import pytest

from components.function import function as module
from components.function.function import function_code


def folder(at: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return at


def archive(of: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(base64.b64decode(str(function_code(of).zip_file))))


def test_the_files_are_in_it_by_their_paths(tmp_path: Path) -> None:
    made = archive(
        folder(tmp_path, {"index.py": "a = 1", "shop/__init__.py": "", "shop/b.py": "b"})
    )
    assert made.namelist() == ["index.py", "shop/__init__.py", "shop/b.py"]
    assert made.read("index.py") == b"a = 1"
    assert made.testzip() is None


def test_the_same_files_give_the_same_bytes_whenever_and_wherever(tmp_path: Path) -> None:
    files = {"index.py": "a = 1", "lib/b.py": "b = 2"}
    one = folder(tmp_path / "one", files)
    other = folder(tmp_path / "other", dict(reversed(files.items())))
    os.utime(other / "index.py", (0, 0))
    (other / "lib" / "b.py").chmod(0o600)
    assert function_code(one) == function_code(other)


def test_its_bytes_are_what_they_have_always_been(tmp_path: Path) -> None:
    """Otherwise every function would be updated with the next release of this program."""
    code = function_code(folder(tmp_path, {"index.py": "a = 1\n"}))
    assert code.checksum == "5570014254665797916"


def test_another_text_or_another_name_is_another_code(tmp_path: Path) -> None:
    first = function_code(folder(tmp_path / "1", {"index.py": "a = 1"}))
    text = function_code(folder(tmp_path / "2", {"index.py": "a = 2"}))
    name = function_code(folder(tmp_path / "3", {"main.py": "a = 1"}))
    assert len({first.checksum, text.checksum, name.checksum}) == 3


def test_the_checksum_is_the_crc_64_of_the_zip_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0x995DC9BBDF1939FA is what the ECMA polynomial, reflected, makes of 123456789."""

    def zipped(_folder: Path, _files: list[str]) -> bytes:
        return b"123456789"

    monkeypatch.setattr(module, "_zipped", zipped)
    assert function_code(folder(tmp_path, {"a": ""})).checksum == str(0x995DC9BBDF1939FA)


def test_programs_can_be_started_and_everything_can_be_read(tmp_path: Path) -> None:
    made = archive(folder(tmp_path, {"bootstrap": "#!/bin/sh"}))
    (entry,) = made.infolist()
    assert entry.external_attr >> 16 == 0o100755


def test_byte_code_and_git_s_own_files_stay_out(tmp_path: Path) -> None:
    leftovers = {"__pycache__/index.cpython-312.pyc": "", "old.pyc": "", ".git/config": ""}
    made = archive(folder(tmp_path, {"index.py": "", "lib/.DS_Store": "", **leftovers}))
    assert made.namelist() == ["index.py"]


def test_a_folder_that_isn_t_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nowhere: there is no such folder"):
        function_code(tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the folder is empty"):
        function_code(tmp_path)


def test_a_symbolic_link_is_refused_rather_than_left_out(tmp_path: Path) -> None:
    (folder(tmp_path, {"index.py": ""}) / "lib").symlink_to(tmp_path.parent)
    with pytest.raises(ValueError, match="lib is a symbolic link"):
        function_code(tmp_path)


def test_code_that_is_too_large_says_how_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_ENCODED", 1024**2)
    folder(tmp_path, {"big": "x" * 2 * 1024**2})
    with pytest.raises(ValueError, match=r"3 MB when sent, and the cloud takes 1 MB"):
        function_code(tmp_path)
