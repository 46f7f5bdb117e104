"""What is said of what the engine says: what changes and what failed, and no row of what stays."""

import pytest

from sandbox.news import News

ROW = "alicloud:vpc:ForwardEntry port-mappings-web"


def said(*lines: str) -> list[str]:
    found: list[str] = []
    news = News(found.append)
    for line in lines:
        news(line)
    return found


@pytest.mark.parametrize(
    "row",
    [
        f" +  {ROW} creating (0s)",
        f" ~  {ROW} updated (0.05s) [diff: ~externalPort]",
        f" -  {ROW} deleted (0.02s)",
        f" ~  {ROW} refreshing (0s) error: it is busy",
        f"    {ROW} **failed** 1 error",
        "    pulumi:pulumi:Stack shop running error: the stack file is refused",
        "Resources:",
        "    28 unchanged",
    ],
)
def test_what_changes_and_what_fails_is_said(row: str) -> None:
    assert said(row) == [row]


@pytest.mark.parametrize(
    "row",
    [
        f"    {ROW}",
        f" ~  {ROW} refreshing (0s)",
        f" ~  {ROW} refreshing (12.5s)",
        f" ~  {ROW} refreshing",
        f"    \x1b[1m{ROW}\x1b[0m ",
        "    pulumi:pulumi:Stack shop running",
        "",
    ],
)
def test_what_stays_is_left_out(row: str) -> None:
    assert said("Updating (shop):", row) == ["Updating (shop):"]


@pytest.mark.parametrize(
    "heading", ["Diagnostics:", "\x1b[38;5;13mDiagnostics:\x1b[0m", "Policies:"]
)
def test_reasons_are_said_whole(heading: str) -> None:
    lines = [heading, f"    {ROW}", "", "      remedy: this"]
    assert said(*lines) == lines
