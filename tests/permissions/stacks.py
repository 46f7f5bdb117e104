"""What tests of permissions share: the resources of a stack file, and what its policies say."""

from functools import cache
from pathlib import Path

from stack.stack_file import StackFile
from tools.ram_policy.policies import Policy, Role, Scope, Used, policies, used_by
from topologies import TOPOLOGIES

ACCOUNT = "1000000000000001"


@cache
def used_in(file: Path) -> list[Used]:
    """The resources of a stack file's stack."""
    return used_by(StackFile(file, "shop", TOPOLOGIES).settings)


def made_for(file: Path, *roles: Role, account: str = ACCOUNT) -> list[Policy]:
    """The policies of some roles for a stack file."""
    return policies(used_in(file), Scope("shop", account), roles)
