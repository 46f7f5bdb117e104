"""The section made whole: where the code is, and whether the handler is in it.

The one place of the topology that reads files.
"""

import symtable
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from stack.files import is_file, named_problems, remedy_for_missing
from stack.problems import KeyPath, Problem, choose_from
from stack.topology import Expanded
from topologies.functions.settings import SECTION, Functions, FunctionSettings, FunctionsSettings

# By the runtime's name without its version.
_ENDINGS: Final = {"python": ".py", "nodejs": ".js", "php": ".php"}
_DIGITS: Final = "0123456789."


def with_code(section: FunctionsSettings, folder: Path) -> Expanded[FunctionsSettings]:
    """The section with the paths of the code's folders.

    Args:
        section: as the stack file has it.
        folder: the stack file's.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    functions: Functions = {}
    for key, function in section.root.items():
        code = folder / function.code
        functions[key] = function.model_copy(update={"code": str(code)})
        path: KeyPath = (SECTION, key)
        broken = [*named_problems((*path, "code"), folder, function.code)] or [
            *_code_problems(path, function, folder)
        ]
        problems += broken
        if not broken:
            for problem in _handler_problems(path, function, code):
                (warnings if problem.path[-1] == "code" else problems).append(problem)
    return Expanded(FunctionsSettings(functions), tuple(problems), tuple(warnings))


def _code_problems(path: KeyPath, function: FunctionSettings, folder: Path) -> Iterator[Problem]:
    # Brings in Pulumi, which APIs that only name a function are judged without.
    from components.function.function import function_code  # noqa: PLC0415

    code = folder / function.code
    try:
        function_code(code)
    except (ValueError, OSError) as error:
        rule, _, remedy = str(error).rpartition("; ")
        if not code.is_dir():
            remedy = remedy_for_missing(folder, function.code, remedy)
        yield Problem((*path, "code"), function.code, rule or remedy, remedy)


def _handler_problems(path: KeyPath, function: FunctionSettings, code: Path) -> Iterator[Problem]:
    module, _, name = function.handler.rpartition(".")
    language = function.runtime.value.rstrip(_DIGITS)
    file = f"{module}{_ENDINGS[language]}"
    where = (*path, "handler")
    if refused := [*named_problems(where, code, file)]:
        yield from refused
        return
    if not is_file(code / file):
        endings = (f for f in code.rglob(f"*{_ENDINGS[language]}") if "__pycache__" not in f.parts)
        modules = [f.relative_to(code).with_suffix("").as_posix() for f in endings]
        rule = f"the handler's file is {file}, and {function.code} has none"
        remedy = choose_from(function.handler, [f"{one}.{name}" for one in modules], "handler")
        yield Problem(where, function.handler, rule, remedy)
        return
    if language != "python":
        return
    try:
        with tokenize.open(code / file) as source:
            table = symtable.symtable(source.read(), file, "exec")
    except (SyntaxError, ValueError, OSError) as error:
        # The runtime's Python may be newer than this one, so that it only is a warning.
        rule = f"{function.code} can't be read as Python here: {error}"
        yield Problem((*path, "code"), function.code, rule, "correct the code")
        return
    # The compiler's table and not its tree: Python before 3.11.8 fails where two threads of a
    # process make trees at once (python/cpython#106905), as an update's program and driver may.
    symbols = table.get_symbols()
    defined = {
        symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()
    }
    if name not in defined:
        rule = f"the handler is {name} in {file}, which defines none"
        known = [f"{module}.{one}" for one in defined if not one.startswith("_")]
        yield Problem(
            where, function.handler, rule, choose_from(function.handler, known, "handler")
        )
