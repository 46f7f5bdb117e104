"""`make outputs`: what a stack of the sandbox puts out, read from its state. No engine is started.

In an account it is `pulumi stack output --json`; the document is the same, with "[secret]" for what
is encrypted.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import cast

import yaml

from judging.preview import SECRET
from sandbox.accounts import EngineRefusedError, Held, paths_of
from stack.command_line import (
    DONE,
    ROOT,
    add_format_option,
    add_stack_options,
    command,
    tell_sandbox,
)
from stack.problems import NotDoneError
from stack.pulumi_wire import SECRET_SIGNATURE, SIGNATURE
from stack.target import said_to_make, target

_TABLE, _JSON = "table", "json"


def _options(parser: argparse.ArgumentParser) -> None:
    add_stack_options(parser)
    add_format_option(parser, (_TABLE, _JSON))


@command("outputs", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print the outputs of the stack that the command line names; returns the exit code."""
    found = target(options.stack, options.config, ROOT)
    tell_sandbox(found.stack)
    which = said_to_make(found, ROOT)
    try:
        outputs = Held(paths_of(ROOT, found)).outputs()
    except EngineRefusedError as refusal:
        raise NotDoneError(f"{refusal}\nmake recover {which} goes back to one that is.") from None
    if not outputs:
        raise NotDoneError(f"{found.stack} isn't up, so it puts nothing out: make up {which}")
    shown = _shown(outputs)
    if options.format == _JSON:
        print(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        print(yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=100), end="")
    return DONE


def _shown(value: object) -> object:
    """A value of the state with its secrets hidden."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        if entries.get(SIGNATURE) == SECRET_SIGNATURE:
            return SECRET
        return {key: _shown(one) for key, one in entries.items()}
    if isinstance(value, list):
        return [_shown(one) for one in cast("list[object]", value)]
    return value


if __name__ == "__main__":
    sys.exit(main())
