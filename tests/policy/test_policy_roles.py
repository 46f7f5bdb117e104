"""In production a stack writes nothing of RAM, with our components or without."""

import re
from pathlib import Path

import pulumi_alicloud
import pytest

from facts import kinds
from policy.stacks import WRITTEN
from tests.policy.resources import judged, resource

PROVIDER = Path(pulumi_alicloud.__file__).parent
TOKEN = re.compile(r"'(alicloud:(?:ram|ims)/\w+:[A-Z]\w+)'")
# What says how people sign in, and gives nobody a right.
HARMLESS = {
    "alicloud:ram/accountAlias:AccountAlias",
    "alicloud:ram/accountPasswordPolicy:AccountPasswordPolicy",
    "alicloud:ram/alias:Alias",
    "alicloud:ram/passwordPolicy:PasswordPolicy",
    "alicloud:ram/securityPreference:SecurityPreference",
}


@pytest.mark.parametrize("kind", sorted(WRITTEN))
def test_what_writes_who_may_do_what_is_found(kind: str) -> None:
    (told,) = judged("own-roles", resource(kind, {}))
    assert told.startswith("it writes ")
    assert "Remedy: make them apart" in told


def test_nothing_of_the_provider_that_writes_ram_is_left_out() -> None:
    folders = (PROVIDER.joinpath(module) for module in ("ram", "ims"))
    files = [file for folder in folders for file in folder.iterdir() if file.suffix == ".py"]
    there = {token for file in files for token in TOKEN.findall(file.read_text("utf-8"))}
    assert there == HARMLESS | {one for one in WRITTEN if "resourcemanager" not in one}


def test_what_acts_by_a_role_that_was_made_apart_passes() -> None:
    role = "acs:ram::123456789012:role/lookup"
    assert judged("own-roles", resource(kinds.FUNCTION, {"role": role})) == []
