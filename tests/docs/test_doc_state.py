"""The page on states: what it calls secret is, and what it says the CLI has, it has."""

import re

import pytest

from stack.file.schema import models_of
from stack.file.secret_places import takes_secret
from tests.docs.cli_pages import command_page, flags_of
from tests.docs.pages import PAGES, ROOT, commands, tables
from topologies import TOPOLOGIES

PAGE = ROOT / "docs" / "state.md"
MODELS = models_of({topology.section: {} for topology in TOPOLOGIES}, TOPOLOGIES)
SET = re.compile(r"pulumi config set .*--secret .*'alicloud-gateways:(?P<path>[^']+)'")


def set_secretly() -> list[str]:
    """Paths that some page tells people to set as a secret."""
    told = (SET.match(command) for page in PAGES for command in commands(page))
    return sorted({found["path"] for found in told if found})


@pytest.mark.parametrize("path", set_secretly())
def test_what_a_page_sets_as_a_secret_may_hold_one(path: str) -> None:
    assert takes_secret(MODELS, tuple(path.split(".")))


@pytest.mark.engine
def test_the_secrets_providers_are_those_that_the_cli_has() -> None:
    (table,) = (table for table in tables(PAGE) if table[0][0] == "Secrets provider")
    told = {name for row in table[1:] for name in re.findall("`([a-z]+)`", row[0])}
    page = command_page("stack", "change-secrets-provider")
    (named,) = re.findall(r"Valid secret providers types are (.*?)\.\n", page, re.DOTALL)
    assert told == set(re.findall("`([a-z]+)`", named))


@pytest.mark.engine
def test_the_flags_about_pending_creates_are_the_clis() -> None:
    (table,) = (table for table in tables(PAGE) if table[0][0] == "Command")
    told = {flag for row in table[1:] for flag in re.findall(r"--[a-z]+-pending-creates", row[0])}
    known = {flag for flag in flags_of(command_page("refresh")) if "pending-creates" in flag}
    # What is left out of the table is about answering questions at a terminal.
    assert known - told == {"--skip-pending-creates"}
    assert told < known
