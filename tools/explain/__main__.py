"""`make explain`: say what a key of the stack file means, or a message of a report.

    make explain KEY=sharedBandwidth.natGateway.lanes     meaning, default, rules, example, page
    make explain KEY=lanes                                by its end, where that tells it
    make explain PROBLEM='a rule, or a whole report'      what is worth knowing, and the page

A key comes from the schema that editors use; a message from the tables of the pages in docs/, where
a test keeps every rule of the program. Asks nothing of any cloud.

Exit codes: 0 it is told; 1 there is no such key, or no page tells of such a message.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from typing import Final

import yaml

from stack.command_line import DONE, command
from stack.problems import NotDoneError, did_you_mean
from tools.explain.keys import Key, Keys
from tools.explain.pages import Message, messages, page_of_key

_WIDTH: Final = 1_000


def _options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--key", metavar="PATH", help="a key, as reports write it")
    which.add_argument("--problem", metavar="TEXT", help="a message, or the report it is in")


@command("explain", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Tell what the command line asks for; returns the exit code."""
    told = key_told(options.key) if options.key is not None else message_told(options.problem)
    print("\n".join(told))
    return DONE


def key_told(said: str) -> Iterator[str]:
    """All that is known of a key.

    Raises:
        NotDoneError: there is no such key; says which are near.
    """
    keys = Keys.read()
    key = keys.at(said)
    schema = key.schema
    yield key.dotted
    yield from _field("meaning", schema.get("description", ""))
    yield from _field("type", keys.kinds(schema))
    yield from _field("default", _default(key))
    for rule in keys.rules(schema):
        yield from _field("rule", rule)
    for example in schema.get("examples", ())[:1]:
        yield from _field("example", _flow(example))
    below = keys.below(key)
    if below:
        yield from _field("below it", ", ".join(map(_named, below.values())))
    yield from _field("page", page_of_key(key.path) or "")


def _default(key: Key) -> str:
    if key.required:
        return "none: it is required"
    default = key.schema.get("default")
    return "" if default is None or default in ({}, []) else _flow(default)


def _named(key: Key) -> str:
    return f"{key.path[-1]} (required)" if key.required else key.path[-1]


def _field(name: str, value: object) -> Iterator[str]:
    if value:
        yield f"  {f'{name}: ':<10}{value}"


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=_WIDTH)
    return text.removesuffix("\n").removesuffix("\n...")


_RULE = re.compile(r"^\s*rule:\s*(.+)$", re.MULTILINE)


def message_told(said: str) -> Iterator[str]:
    """What the pages say of a message, or of each rule of a report.

    Raises:
        NotDoneError: no page has it; says which message is near.
    """
    wanted = [*dict.fromkeys(_RULE.findall(said))] or [" ".join(said.split())]
    for one in wanted:
        for message in _meant(one):
            yield message.text
            for header, cell in message.row.cells:
                if message.text not in cell:
                    yield from _field(header.lower(), cell)
            yield from _field("page", message.row.where)


def _meant(said: str) -> list[Message]:
    fitting = [one for one in messages() if one.fits(said)]
    if fitting:
        longest = max(one.length for one in fitting)
        return [one for one in fitting if one.length == longest]
    near = did_you_mean(said, {one.text for one in messages()})
    remedy = f"did you mean this?\n  {near}" if near else "give more of it, as it was printed"
    raise NotDoneError(f"No page tells of this message: {said}\n{remedy}")


if __name__ == "__main__":
    sys.exit(main())
