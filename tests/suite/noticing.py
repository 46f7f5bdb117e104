"""What a whole run of the tests reads is held against what `uses` tells of it.

A test module that opens a file of the repository, or has a module imported, without `uses` knowing
that it does, fails the run: `make test-changed` would leave it out. Runs of a part aren't checked,
nor are tests with an engine, nor what other processes read.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Generator, Mapping
from typing import Any

import pytest

_KEY = "noticed"


class Noticing:
    """A plugin of pytest, and of xdist where that is: hears of each file that a test opens."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = config.rootpath
        self._worker = hasattr(config, "workerinput")
        self._module: str | None = None
        self._opened: dict[str, set[str]] = defaultdict(set)
        self._missed: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, values: tuple[Any, ...]) -> None:
        if event == "open" and self._module is not None and isinstance(values[0], str):
            path = os.path.abspath(values[0])  # noqa: PTH100 - hundreds of thousands of times
            if path.startswith(f"{self._root}/"):
                self._opened[path.removeprefix(f"{self._root}/")].add(self._module)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        self._module = collector.nodeid if isinstance(collector, pytest.Module) else None
        try:
            return (yield)
        finally:
            self._module = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        # With an engine, a test has a copy of the whole project, and isn't chosen by what it reads.
        engine = item.get_closest_marker("engine") is not None
        self._module = None if engine else item.nodeid.partition("::")[0]
        try:
            return (yield)
        finally:
            self._module = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[_KEY] = True

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output: Mapping[str, Mapping[str, list[str]]] = getattr(node, "workeroutput", {})
        for file, modules in output.get(_KEY, {}).items():
            self._opened[file].update(modules)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._worker:
            output: dict[str, Any] = getattr(session.config, "workeroutput")  # noqa: B009 - xdist's
            output[_KEY] = {file: sorted(modules) for file, modules in self._opened.items()}
            return
        from tests.suite.changed import files_of  # noqa: PLC0415 - where nothing is checked,
        from tests.suite.uses import Uses  # noqa: PLC0415 - this is loaded, too

        self._missed = Uses(self._root, files_of(self._root)).missed(self._opened)
        if self._missed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._missed:
            terminalreporter.section("uses that make test-changed doesn't know of", red=True)
            terminalreporter.write_line("\n".join(self._missed))
            terminalreporter.write_line(
                "Name the file in the test module, as a path or as a module; "
                "or have tests/suite/saying.py see how it is named."
            )


def wanted(config: pytest.Config) -> bool:
    """Whether this is a run of everything, or a worker of one."""
    given: Mapping[str, object] = getattr(config, "workerinput", {})
    return _KEY in given or config.args_source is pytest.Config.ArgsSource.TESTPATHS
