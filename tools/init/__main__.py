"""`make init`: write the stack file of a new stack, to begin from.

    make init                                             asks five questions
    make init TOPOLOGY=shared-bandwidth STACK=shop        asks what is missing, at a terminal

The file builds as it stands, with one server or one API, and its comments say what to put in the
place of what. It passes the program's own rules before it is written, and never replaces a file.
Where there is no terminal, REGION, TIER and CIDR have defaults.

Exit codes: 0 written; 2 what was asked for breaks a rule; 1 anything else. Unless 0, nothing is
written.
"""

import argparse
import os
import sys
from ipaddress import IPv4Network
from typing import Final

from facts.zones import REGIONS
from stack.command_line import DONE, ROOT, add_stack_options, command, one_of, tell
from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.listing import TABLE, tier_in_table
from stack.naming import stack_name_problems
from stack.network_rules import VPC_MASKS, cidr_problem
from stack.problems import describe_in_a_line
from stack.stack_file import StackFile
from stack.target import new_target, said_to_make, shown_path
from stack.tiers import Tier
from tools.init.asking import Question, answered
from tools.init.drafting import TOPOLOGIES, WITHOUT_NETWORK, Wanted, drafted
from topologies import TOPOLOGIES as KNOWN


def _vpc(given: str) -> IPv4Network:
    problem = cidr_problem((), given, VPC_MASKS)
    if problem is not None:
        raise argparse.ArgumentTypeError(f"{given!r}: {problem.rule}; {problem.remedy}")
    return IPv4Network(given)


def _stack(given: str) -> str:
    for problem in stack_name_problems(given):
        raise argparse.ArgumentTypeError(f"{given!r}: {problem.rule}")
    return given


def _tier(given: str) -> Tier:
    return Tier(_TIER(given))


_TOPOLOGY: Final = one_of(tuple(TOPOLOGIES), "topology")
_REGION: Final = one_of(REGIONS, "region")
_TIER: Final = one_of(tuple(Tier), "tier")
_NEAR: Final = "cn-shanghai"
_RANGE: Final = "192.168.0.0/16"
_CHOICES: Final = "".join(f"  {name:<17} {what}\n" for name, what in TOPOLOGIES.items())


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--topology", type=_TOPOLOGY, help=f"one of {', '.join(TOPOLOGIES)}")
    parser.add_argument("--region", type=_REGION, help="where, such as cn-shanghai")
    parser.add_argument("--tier", type=_tier, help=f"one of {', '.join(Tier)}")
    parser.add_argument("--cidr", type=_vpc, help=f"its network's range, such as {_RANGE}")
    add_stack_options(parser)


@command("init", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Write the stack file that the command line and the answers ask for; returns the exit code."""
    if options.stack or options.config:
        new_target(options.stack, options.config, ROOT)  # before anything is asked
    topology = options.topology or answered(
        Question("TOPOLOGY", "what to build", _TOPOLOGY, _CHOICES)
    )
    if not options.stack and not options.config:
        options.stack = answered(Question("STACK", "its name, such as shop", _stack))
    new = new_target(options.stack, options.config, ROOT)
    here = os.environ.get("ALICLOUD_REGION", "")
    region = options.region or answered(
        Question("REGION", "its region", _REGION, otherwise=here if here in REGIONS else _NEAR)
    )
    listed = tier_in_table(ROOT, new.stack)
    words = f"its tier, one of {', '.join(Tier)}"
    tier = options.tier or answered(
        Question("TIER", words, _tier, otherwise=listed or Tier.DEVELOPMENT)
    )
    vpc = options.cidr or _vpc(_RANGE)
    if topology not in WITHOUT_NETWORK and not options.cidr:
        vpc = answered(Question("CIDR", "its network's range", _vpc, otherwise=_RANGE))
    text = drafted(Wanted(topology, region, tier, vpc), new.file)
    settings = StackFile(Source.of(YamlFile(new.file, text)), new.stack, KNOWN).settings
    with new.file.open("x", encoding="utf-8") as file:
        file.write(text)
    for warning in settings.warnings:
        tell(describe_in_a_line(shown_path(new.file), warning))
    again = said_to_make(new, ROOT)
    print(f"Written: {shown_path(new.file)}", end="\n\n")
    print(f"  make plan {again}   what it opens, at once")
    print(f"  make up {again}     build it in the sandbox")
    if listed is None and not options.config:
        print(f"\nPipelines build it once {TABLE} has it: {new.stack}: {tier}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
