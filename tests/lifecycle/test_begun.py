"""What `make init` writes is built as it stands, and stays as it is."""

from ipaddress import IPv4Network

import pytest

from stack.tiers import Tier
from tests.lifecycle.conftest import Stack
from tools.init.drafting import TOPOLOGIES, Wanted, drafted


@pytest.mark.engine
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_a_stack_file_that_is_begun_with_is_built_stays_unchanged_and_is_destroyed(
    stack: Stack, topology: str
) -> None:
    range_ = IPv4Network("192.168.0.0/16")
    stack.write(drafted(Wanted(topology, "cn-shanghai", Tier.STAGING, range_), stack.file))
    stack.succeed("up")
    assert len(stack.kinds()) > 3
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == []
