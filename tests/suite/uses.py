"""Which tests use which files of the repository: read from what stands in the files, never run.

A test module uses what it imports, what that imports, and so on (`grimp`, which import-linter
stands on), and the `conftest.py`s beside and above it. Beyond that, whatever it reaches uses

- a module that it names by its dotted name, or after `-m`: who names `tools.route` may start it;
- a file to which a path in it leads: `ROOT / "docs" / "state.md"`, or one to its folder, or a
  pattern: `(ROOT / "docs").rglob("*.md")`; and what that says in turn: a page the commands that it
  tells people to type, a stack file the code of its functions.

So more may be told than is so. That less isn't is what `noticing` looks after in every whole run.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.util import source_from_cache
from itertools import accumulate
from pathlib import Path, PurePosixPath

import grimp

from tests.suite.saying import PACKAGES, leads, said

OF_ALL = "tests/suite/"
"""Where tests look at every file, and name some as examples: they run whatever has changed."""

_TEST = re.compile(r"(tests|examples)/(.*/)?test_[^/]*\.py")


def is_test(file: str) -> bool:
    """Whether pytest finds tests in it."""
    return _TEST.fullmatch(file) is not None


class Uses:
    """The files of a repository, and what each one uses of the others."""

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        """Look at `files`, paths from `root`; some may be gone by now."""
        self.root = root
        self.files = frozenset(files)
        self._users: dict[str, set[str]] = defaultdict(set)
        """By file, those that import it, name its module, or have it as their `conftest.py`."""
        self._led: dict[str, set[str]] = defaultdict(set)
        """By path or pattern, the files that it stands in."""
        graph = grimp.build_graph(*PACKAGES, cache_dir=None)
        for module in graph.modules:
            for user in self._of_module(module)[-1:]:
                for imported in graph.find_modules_directly_imported_by(module):
                    self._use(user, imported)
        for file in self.files:
            if (root / file).is_file() and not file.startswith(OF_ALL):
                self._look_at(file, (root / file).read_text("utf-8", errors="replace"))

    def tests_of(self, file: str) -> set[str]:
        """The test modules that use a file, by whatever way; itself, if it is one."""
        reached: set[str] = set()
        left = {file, *self._led_to(file)}
        while left:
            reached |= left
            users = {user for one in left for user in self._users[one]}
            data = (one for one in left if not one.endswith(".py"))
            readers = set[str]().union(*map(self._led_to, data))
            left = (users | {one for one in readers if one.startswith("tests/")}) - reached
        return {one for one in reached if is_test(one)}

    def missed(self, opened: Mapping[str, set[str]]) -> list[str]:
        """What test modules have opened, by file, without its being told above."""
        found: list[str] = []
        for path, modules in sorted(opened.items()):
            file = _source(path)
            if file in self.files:
                unknown = sorted(modules - self.tests_of(file))
                found += [f"{one} uses {file}" for one in unknown if not one.startswith(OF_ALL)]
        return found

    def _led_to(self, file: str) -> set[str]:
        """The files with a path that leads to a file."""
        paths = (path for path in self._led if leads(path).fullmatch(file))
        return set[str]().union(*(self._led[path] for path in paths))

    def _look_at(self, file: str, text: str) -> None:
        path = PurePosixPath(file)
        found = said(file, text)
        for one in found.paths:
            self._led[one].add(file)
        for module in found.modules:
            self._use(file, module)
            self._users[f"{module.replace('.', '/')}/__main__.py"].add(file)
        for module in found.beside:
            self._users[f"{path.parent}/{module}.py"].add(file)
        if is_test(file):
            for folder in path.parents:
                self._users[str(folder / "conftest.py")].add(file)
            if "syrupy" in text:
                self._led[f"{path.parent}/__snapshots__"].add(file)

    def _use(self, user: str, module: str) -> None:
        for file in self._of_module(module):
            self._users[file].add(user)

    def _of_module(self, name: str) -> list[str]:
        """What runs where a module is imported, itself last; for `tools.`, all that there is."""
        if name.endswith("."):
            return [file for file in self.files if file.startswith(name.replace(".", "/"))]
        ways = accumulate(name.split("."), lambda above, part: f"{above}/{part}")
        tried = (file for way in ways for file in (f"{way}/__init__.py", f"{way}.py"))
        return [file for file in tried if file in self.files]


def _source(path: str) -> str:
    """The file that was read, or of which the compiled form was."""
    if "__pycache__" not in path:
        return path
    try:
        return source_from_cache(path)
    except ValueError:  # a form of pytest's own
        return ""
