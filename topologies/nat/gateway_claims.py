"""What stacks take of a NAT gateway, told so that several stacks' can be compared.

Two stacks can have entries on one gateway, by references to the stack that has it. What is the same
thing then has the same text: an output of that stack, or an id.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stack.claims import Claim, Holder
from stack.settings import CommonSettings
from topologies.nat.egress_rules import source_of
from topologies.nat.settings import EgressSettings


def egress_claims(
    common: CommonSettings, section: str, egress: Mapping[str, EgressSettings], table: str
) -> Iterator[Holder]:
    """Each egress entry of a section, with the source that it takes on a SNAT table."""
    for name, entry in egress.items():
        source = source_of(common, entry)
        claim = Claim(("source", str(source)), f"the source {source}")
        yield Holder((section, "egress", name), (on_table(table, claim),))


def on_table(table: str, claim: Claim) -> Claim:
    """The same claim, which holds on one table alone."""
    return replace(claim, group=(table, *claim.group))
