"""What the Pulumi CLI says of its own commands: all its pages, from one start of it."""

import re
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from sandbox.engine import find_engine


def command_page(*words: str) -> str:
    """The page of the command that a line's words before its flags begin with.

    Raises:
        LookupError: the CLI has no such command.
    """
    pages = _pages()
    name = ""
    for word in words:
        longer = f"{name} {word}".strip()
        if longer in pages:
            name = longer
        elif any(page.startswith(f"{name} ".lstrip()) for page in pages):
            name = _other_name(longer)
        else:
            break  # the command's argument
    return pages[name]


def flags_of(page: str) -> set[str]:
    """The flags that a page lists, the global ones included."""
    return set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", page, re.MULTILINE))


@cache
def _pages() -> dict[str, str]:
    """Each command's page, by its words: `stack export`."""
    with tempfile.TemporaryDirectory() as folder:
        _say("gen-markdown", folder)
        return {
            file.stem.removeprefix("pulumi").replace("_", " ").strip(): file.read_text("utf-8")
            for file in Path(folder).glob("pulumi*.md")
        }


@cache
def _other_name(words: str) -> str:
    """What the CLI calls the command that it also knows by these words: `stack remove`."""
    usage = re.search(
        r"^Usage:\n +pulumi ([a-z -]+[a-z])", _say(*words.split(), "--help"), re.MULTILINE
    )
    if usage is None or usage[1] not in _pages() or words.startswith(usage[1]):
        raise LookupError(f"the engine has no command {words}")
    return usage[1]


def _say(*words: str) -> str:
    asked = [str(find_engine(print)), *words]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout
