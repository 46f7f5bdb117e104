"""Resource types that the guard treats alike."""

from typing import Final

from facts import kinds
from judging.stakes import LASTING

LOAD_BALANCERS: Final = frozenset({kinds.LOAD_BALANCER, kinds.OLDER_LOAD_BALANCER})
EIPS: Final = frozenset({kinds.EIP, kinds.OLDER_EIP})

FOUNDATIONS: Final = frozenset(
    {
        *LASTING,
        kinds.SECURITY_GROUP,
        kinds.INSTANCE,
        *LOAD_BALANCERS,
        kinds.EIP_ASSOCIATION,
        kinds.VPC,
        kinds.VSWITCH,
        kinds.ENI,
        kinds.ENI_ATTACHMENT,
    }
)
"""What ways in depend on: replaced, it takes them along."""
