"""A file of one model that is no stack file: read, judged, and refused with its lines."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from stack.file.read import read
from stack.file.yaml_file import YamlFile
from stack.problems import Problem, StackFileError

M = TypeVar("M", bound=BaseModel)


def read_file(model: type[M], path: Path, judge: Callable[[M], Iterable[Problem]]) -> M:
    """What a file says.

    Args:
        model: what it should be.
        path: the file.
        judge: the rules; asked once everything in it is what it should be.

    Raises:
        StackFileError: with everything that is wrong with it.
    """
    file = YamlFile.read(path)
    values = file.values if isinstance(file.values, dict) else {}
    reading = read(model, values, ())
    problems = [*(file.problems or reading.problems)]
    if not problems and reading.settings is not None:
        problems += judge(reading.settings)
    if problems or reading.settings is None:
        raise _refused(file, problems)
    return reading.settings


def refusal(path: Path, problems: Iterable[Problem]) -> StackFileError:
    """The report of what is wrong with a file, with its lines."""
    return _refused(YamlFile.read(path), problems)


def _refused(file: YamlFile, problems: Iterable[Problem]) -> StackFileError:
    placed = [replace(one, line=one.line or file.line(one.path)) for one in problems]
    return StackFileError(file.path, sorted(placed, key=lambda one: one.line or 0))
