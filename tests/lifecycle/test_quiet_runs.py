"""How much a run says: what changes, and not what stays, however much that is."""

import pytest

from stack.command_line import REHEARSE_VARIABLE
from tests.lifecycle.conftest import DEV, Run, Stack

pytestmark = pytest.mark.engine

OPEN = (22, 23, 3389, 3306, 5432, 6379, 27017)
"""Ports that a warning each is about."""

ONE_MORE = "      one-more: {publicIp: ip4, port: 30000, host: ecs5}\n"
WAY = "tcp 30000 of 198.51.100."


def with_mappings(count: int) -> str:
    """The dev stack with so many mappings."""
    start = DEV.index("      jump-host: {publicIp: ip4, port: 22,")
    end = DEV.index("\n", start) + 1
    head, tail = DEV[:end], DEV[end:]
    risky = [f"      open-{port}: {{publicIp: ip3, port: {port}, host: ecs3}}\n" for port in OPEN]
    already = head.count("{publicIp: ip") + len(risky)
    more = [
        f"      m{number}: {{publicIp: ip4, port: {20_000 + number}, host: ecs5}}\n"
        for number in range(count - already)
    ]
    return "".join([head, *risky, *more, tail])


RAISED = "  alicloud-gateways:quotas: {dnatEntriesPerGateway: 200}\n"


def lines(run: Run) -> list[str]:
    return [*run.err.splitlines(), *run.out.splitlines()]


def test_a_run_says_what_changes_however_much_stays(stack: Stack) -> None:
    stack.stand(with_mappings(101) + RAISED)
    for command in ("preview", "up"):
        said = lines(stack.succeed(command))
        assert len(said) <= 12, "\n".join(said)
        assert "8 warnings, as before: make plan shows what." in said
        assert said[-1] == "It opens, closes, replaces and deletes nothing."

    stack.edit("\n      m1:", f"\n{ONE_MORE}      m1:")
    for command in ("preview", "up"):
        said = lines(stack.succeed(command))
        assert len(said) <= 20, "\n".join(said)
        for port in OPEN:
            assert len([one for one in said if f"open-{port} opens {port} " in one]) == 1
        assert said[-2] == "It opens"
        assert WAY in said[-1]

    gone, address = stack.all("forward_entry")[0], stack.all("eip_address")[0]
    stack.cloud.delete_behind(gone.id)
    stack.cloud.change_behind(address.id, address_name="by-hand")
    said = lines(stack.succeed("refresh"))
    assert len(said) <= 14, "\n".join(said)  # where it works, what it did, what drifted
    assert said[-3] == "It drifted"
    drifted = sorted(line.split(maxsplit=2)[2] for line in said[-2:])
    assert drifted == [
        f'addressName: "{address.attributes["address_name"]}" → "by-hand"',
        "is gone",
    ]


def test_quotas_that_the_stack_file_has_raised_are_raised_in_the_sandbox(stack: Stack) -> None:
    stack.stand(with_mappings(101) + RAISED)
    assert len(stack.all("forward_entry")) == 101
    stack.edit("\n      m1:", f"\n{ONE_MORE}      m1:")
    stack.environment.pop(REHEARSE_VARIABLE)
    done = stack.succeed("up")
    assert "the change ends well" in done.err
    assert stack.changes() == ["create forward_entry port-mappings-one-more"]
