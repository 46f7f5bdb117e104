"""What every run of the tests goes by: how examples are searched for, and which test goes first."""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.suite import noticing

# Compiled modules are kept, whatever the environment says: tests start hundreds of processes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# No verdict by the clock: machines are busy, and how long an example takes proves nothing. What
# fails is told so that it can be repeated anywhere (`print_blob`). Under CI, Hypothesis stands on
# its own profile of that name, whose examples are the same at every run: a pull request fails for
# what it changed. Elsewhere each run searches anew.
settings.register_profile(
    "here", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("here")


def pytest_configure(config: pytest.Config) -> None:
    if noticing.wanted(config):
        config.pluginmanager.register(noticing.Noticing(config))


@pytest.fixture(scope="session", autouse=True)
def _nobody_asks_where_a_resource_is_registered() -> Iterator[None]:
    """Pulumi notes the stack with each resource: fifty frames here, a quarter of the time."""
    with pytest.MonkeyPatch.context() as patched:
        if "pulumi" in sys.modules:
            from pulumi.runtime import resource  # noqa: PLC0415 - tests that don't need it are many
            from pulumi.runtime.proto import source_pb2  # noqa: PLC0415 - as above

            patched.setattr(resource, "_get_stack_trace", source_pb2.StackTrace, raising=False)
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest first: tests with an engine take seconds each, all others together a minute."""
    items[:] = dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """An order in which no worker is left with a long test at the end.

    By `--dist worksteal` each worker begins with an equal stretch of it, and steals from the end of
    another's when it is done: so each stretch has its share of the long ones at its beginning.
    """
    long = [item for item in items if item.get_closest_marker("engine")]
    short = [item for item in items if not item.get_closest_marker("engine")]
    shares = [long[worker::workers] for worker in range(workers)]
    ends = [len(items) * (worker + 1) // workers for worker in range(workers)]
    order: list[pytest.Item] = []
    for share, end in zip(shares, ends, strict=True):
        room = max(0, end - len(order) - len(share))
        order += share + short[:room]
        del short[:room]
    return order + short
