"""`python -m tools COMMAND …`: each command by its name. `make` lists them, with what each does."""

import gc
import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Final

_SANDBOX: Final = "tools.sandbox.__main__"

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "init": ("tools.init.__main__",),
    "explain": ("tools.explain.__main__",),
    "plan": ("tools.plan.__main__",),
    **{
        name: (_SANDBOX, name)
        for name in ("preview", "up", "rehearse", "refresh", "destroy", "recover")
    },
    "outputs": ("tools.outputs",),
    "cloud": ("tools.cloud",),
    "native-life": ("tools.native_life",),
    "doctor": ("tools.doctor.__main__",),
    "route": ("tools.route",),
    "guard": ("tools.guard",),
    "review": ("tools.pipeline.review",),
    "deploy": ("tools.pipeline.deploy",),
    "drift": ("tools.pipeline.drift",),
    "preflight": ("tools.preflight.__main__",),
    "inventory": ("tools.inventory.__main__",),
    "promote": ("tools.promote.__main__",),
    "stacks": ("tools.stacks",),
    "setup-pipelines": ("tools.setup_pipelines.__main__",),
    "ram-policy": ("tools.ram_policy.__main__",),
    "assume-role": ("tools.assume_role",),
    "forge": ("tools.forge",),
    "settle": ("tools.settle",),
    "import": (_SANDBOX, "import"),
    "adopt": ("tools.adopt.__main__",),
    "adopt-eip": ("tools.adopt.eip",),
    "fetch-openapi": ("tools.fetch_openapi",),
    "schema": ("tools.schema",),
    "reference": ("tools.reference",),
    "release": ("tools.release",),
}
"""Of each the module whose `main` does it, imported only then, and the words that it begins with
where several share one command line."""


def main(arguments: Sequence[str]) -> int:
    """Do one command; returns its exit code."""
    name, *rest = arguments or [""]
    if name not in COMMANDS:
        sys.stderr.write(f"python -m tools COMMAND …; COMMAND is one of {', '.join(COMMANDS)}\n")
        return 1
    module, *words = COMMANDS[name]
    code: int = importlib.import_module(module).main([*words, *rest])
    return code


if __name__ == "__main__":
    # A command keeps nearly all that it makes, and then it ends. Python's search for what nobody
    # has any more costs an up of 400 mappings 0.7 s, and 0.1 s where it is as seldom as this; what
    # is there at the end is left out of it, 0.4 s more.
    gc.set_threshold(50_000)
    exit_code = main(sys.argv[1:])
    gc.freeze()
    sys.exit(exit_code)
