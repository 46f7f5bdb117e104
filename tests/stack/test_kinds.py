"""The resource types that the program tells apart."""

from importlib.util import find_spec
from pathlib import Path

from facts import kinds


def test_each_type_that_the_program_names_is_one_of_the_provider() -> None:
    spec = find_spec("pulumi_alicloud")
    assert spec is not None
    assert spec.origin is not None
    registry = Path(spec.origin).read_text("utf-8")
    named = {one for one in vars(kinds).values() if str(one).startswith("alicloud:")}
    assert named
    assert {one for one in named if f'"{one}"' not in registry} == set()
