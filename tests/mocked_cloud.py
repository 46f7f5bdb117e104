"""The library's mocks, answering as the sandbox's cloud would.

The answers come from the sandbox's own kinds, so that a mock can't drift from it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pulumi.runtime.mocks import MockResourceArgs, Mocks
from typing_extensions import override

from components import testing
from components.testing import Registered, Registration, last, value_of
from tests.mock_outputs import mock_outputs

__all__ = ["Cloud", "Registered", "Registration", "last", "run", "value_of"]

PROJECT, STACK = "alicloud-gateways", "dev"
ORGANIZATION = "organization"  # what backends without any call theirs


class Cloud(testing.Cloud):
    """The sandbox's kinds, without its rules."""

    @override
    def answers(self, args: MockResourceArgs, inputs: Mapping[str, Any]) -> dict[str, Any]:
        return mock_outputs(args.typ, inputs, self.number(args.name))


def run(
    program: Callable[[], object],
    config: Mapping[str, str] | None = None,
    *,
    preview: bool = False,
    cloud: Mocks | None = None,
) -> Registered:
    """Run a program to its end, as a stack of this project."""
    return testing.run(
        program,
        config,
        preview=preview,
        cloud=cloud or Cloud(),
        project=PROJECT,
        stack=STACK,
        organization=ORGANIZATION,
    )
