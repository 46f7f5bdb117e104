"""The commands of docs/state.md, as its readers would run them."""

import re
from pathlib import Path

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "state.md"
_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def script(heading: str, *replaced: tuple[str, str], page: Path = PAGE) -> str:
    """The commands below a heading of the page, each of `replaced` put in another's place.

    Variables aren't exported: a test's account has values for them that aren't told on a page.
    """
    text = page.read_text(encoding="utf-8")
    _, _, below = text.partition(f"\n{heading}\n")
    assert below, f"{page.name} has no heading {heading!r}"
    below = re.split(r"^#{1,3} ", below, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line.strip() for block in _BLOCK.findall(below) for line in block.splitlines()]
    made = "\n".join(line for line in lines if not line.startswith("export "))
    assert made, f"{heading!r} tells no commands"
    for old, new in replaced:
        assert old in made, f"{old!r} isn't in the commands of {heading!r}"
        made = made.replace(old, new)
    return made


LOCAL = script("## A local file")
OSS = script("## A bucket in OSS")
