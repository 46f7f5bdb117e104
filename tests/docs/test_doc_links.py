"""Links between the documents lead somewhere, and every page can be reached."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, README, ROOT, anchors, links

RUNS = "../../actions/workflows/"
"""Where the forge shows a workflow's runs, beside the pages of this repository's files."""


def _targets(page: Path) -> list[tuple[Path, str]]:
    """The page's links inside the project: file and anchor."""
    found: list[tuple[Path, str]] = []
    for link in links(page):
        if link.startswith(RUNS):
            name = link.removeprefix(RUNS).partition("/")[0]
            found.append((ROOT / ".github" / "workflows" / name, ""))
        elif "://" not in link:
            path, _, anchor = link.partition("#")
            found.append(((page.parent / path).resolve() if path else page, anchor))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_every_anchor_to_a_heading(page: Path) -> None:
    for target, anchor in _targets(page):
        assert target.exists(), f"{page.name} links to {target.name}, which isn't there"
        assert ROOT in target.parents, f"{page.name} links out of the project: {target}"
        assert not anchor or anchor in anchors(target), f"{target.name} has no heading #{anchor}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [README]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            waiting += [target for target, _ in _targets(page)]
    assert {page.relative_to(ROOT) for page in PAGES if page not in reached} == set()


@pytest.mark.parametrize("language", ["", ".zh-CN"], ids=["en", "zh"])
def test_the_list_of_every_page_has_each_page_of_docs(language: str) -> None:
    docs = ROOT / "docs"
    listed = {target for target, _ in _targets(docs / f"which{language}.md")}
    pages = {page for page in PAGES if page.parent == docs and not page.stem.endswith(".zh-CN")}
    for page in pages - {docs / "which.md"}:
        own = page.with_name(f"{page.stem}{language}.md")
        expected = own if own in PAGES else page
        assert expected in listed, f"which{language}.md has no link to {expected.name}"
