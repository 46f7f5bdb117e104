"""Stack files that the documents build, and that no other test here builds as they stand."""

import pytest

from tests.lifecycle.conftest import ROOT, Stack

LIVES: dict[str, tuple[str, ...]] = {
    "Pulumi.prod.yaml": ("up",),
    "Pulumi.staging.yaml": ("up",),
    "examples/shared-bandwidth/Pulumi.created-hosts.yaml": ("up",),
    "examples/shared-bandwidth/Pulumi.egress.yaml": ("up", "destroy"),
    "examples/shared-bandwidth/Pulumi.watched.yaml": ("up", "destroy"),
    "examples/unified-egress/Pulumi.own-gateway.yaml": ("up",),
}
"""What is done with each. `tests/docs/test_doc_commands.py` tells what the documents do besides."""


@pytest.mark.engine
@pytest.mark.parametrize("file", LIVES)
def test_a_stack_file_lives_through_what_the_documents_do_with_it(stack: Stack, file: str) -> None:
    stack.write((ROOT / file).read_text(encoding="utf-8"))
    for command in LIVES[file]:
        told = stack.succeed(command)
        if command == "up":
            assert len(stack.kinds()) == len(stack.changes()) > 10
            assert "reachable from where" in told.out or "reached on their own" in told.out
    assert ("destroy" in LIVES[file]) is (stack.kinds() == [])
