"""What the cloud would answer, for unit tests' mocks: made by the same code, without a store.

No rule is asked: a mock stands for a cloud that agrees. So outputs can't drift from the sandbox.
"""

from collections.abc import Mapping
from typing import Any

from facts.contract import contract_of
from sandbox.cloud import DEFAULT_REGION, KINDS
from sandbox.cloud.core.ids import Making, draw_id, public_address

__all__ = ["mock_outputs"]

_NOW = 1_700_000_000.0


def mock_outputs(
    token: str, inputs: Mapping[str, Any], index: int = 0, *, region: str = DEFAULT_REGION
) -> dict[str, Any]:
    """All outputs of one resource, in Pulumi's `camelCase`, the stated inputs among them.

    Args:
        token: Pulumi's type token, such as `alicloud:vpc/natGateway:NatGateway`.
        inputs: what the program states, in `camelCase`.
        index: gives each resource ids and addresses of its own; the same index, the same answer.
        region: where it is.

    Raises:
        LookupError: the type isn't simulated; the message says how to add it.
    """
    contract = contract_of(token)
    kind = KINDS[contract.kind]
    drawn = 0

    def new_id(prefix: str) -> str:
        nonlocal drawn
        drawn += 1
        return draw_id(prefix, f"{token}:{index}", drawn)

    making = Making(
        id=kind.shaped(new_id(kind.prefix)),
        region=region,
        now=_NOW,
        new_id=new_id,
        new_public_address=lambda: public_address(index % 762) or "",
        found={},
    )
    made = kind.make(contract.to_snake(inputs), making)
    return {**inputs, **contract.to_camel(made)}
