"""`make adopt-eip`: the `pulumi import` file for an EIP that is still bound to its server.

A server's fixed public address, converted to an EIP, stays bound to the server. Imported under the
names that our components use, its binding is one that Pulumi knows, so that the next `up` replaces
it: unbound from the server and bound to the network interface, at the very end and in one go.

Prints JSON to standard output and asks no cloud. Exit codes: 0 printed, 2 the stack file was
refused, 1 anything else.
"""

import argparse
import json
import sys
from typing import Any

from facts import kinds
from stack.command_line import DONE, REFUSED, ROOT, add_stack_options, command, tell
from stack.problems import NotDoneError, choose_from
from stack.target import target
from tools.adopt.adopting import import_file
from tools.plan.plan import Plan, make_plan
from topologies.names import UNIFIED_ADDRESSES
from topologies.unified_egress.settings import UnifiedEgressSettings

TOPOLOGY = "unified-egress"


def _options(parser: argparse.ArgumentParser) -> None:
    add_stack_options(parser)
    parser.add_argument("--address", required=True, help="its name in unifiedEgress.publicIps")
    parser.add_argument("--eip", required=True, metavar="ID", help="its allocation id, eip-…")
    parser.add_argument(
        "--instance", required=True, metavar="ID", help="the server that it is bound to, i-…"
    )


@command("adopt-eip", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print the import file that the command line asks for; returns the exit code."""
    plan = make_plan(target(options.stack, options.config, ROOT))
    if plan.report:
        tell(plan.report)
        return REFUSED
    document = moved_file(plan, options.address, options.eip, options.instance)
    print(json.dumps(document, indent=2))
    return DONE


def moved_file(plan: Plan, address: str, eip: str, instance: str) -> dict[str, Any]:
    """What `pulumi import --file` reads.

    Args:
        plan: of the stack that takes the EIP over.
        address: its name among `unifiedEgress.publicIps`.
        eip: its allocation id.
        instance: the id of the server that it is bound to today.

    Raises:
        NotDoneError: the stack has no such address, or has it otherwise.
    """
    section = _section(plan)
    owner = _owner(plan, section, address, eip, instance)
    places = section.servers[owner].places
    place = next(place for place, name in places.items() if name == address)
    exists = {
        (kinds.EIP, f"{UNIFIED_ADDRESSES}-{address}"): eip,
        (kinds.EIP_ASSOCIATION, f"server-{owner}-addresses-{place}"): f"{eip}:{instance}",
    }
    return import_file(plan.resources, exists)


def _section(plan: Plan) -> UnifiedEgressSettings:
    section = plan.settings.sections.get(TOPOLOGY) if plan.settings is not None else None
    if not isinstance(section, UnifiedEgressSettings):
        message = f"{plan.file} doesn't choose the topology {TOPOLOGY}: no server is reached by EIP"
        raise NotDoneError(message)
    return section


def _owner(
    plan: Plan, section: UnifiedEgressSettings, address: str, eip: str, instance: str
) -> str:
    """The server that is to have the address; refuses what doesn't fit."""
    owner = section.server_ips.get(address)
    if owner is None:
        message = f"{plan.file} gives no server the public address {address}: " + choose_from(
            address, section.server_ips, "server's public address"
        )
        raise NotDoneError(message)
    known = section.public_ips[address].id
    if known is not None and known != eip:
        where = f"unifiedEgress.publicIps.{address}.id"
        message = f"{where} is {known} in {plan.file}, and EIP={eip} was given: which is it?"
        raise NotDoneError(message)
    for text, prefix, what in ((eip, "eip-", "EIP"), (instance, "i-", "INSTANCE")):
        if not text.startswith(prefix):
            raise NotDoneError(f"{what}={text} isn't an id: it starts with {prefix}")
    return owner


if __name__ == "__main__":
    sys.exit(main())
