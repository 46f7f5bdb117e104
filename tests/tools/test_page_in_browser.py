"""The plan's page in a browser: arrows, folding, search, switches, widths; and its colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stackfiles import dev_stack
from tests.tools.browser import CHROMIUM, NAMES, Browser, browser
from tests.tools.test_plan_page import many, printed
from tools.plan.graphs import MANY
from tools.plan.page.page import LOOK

in_browser = pytest.mark.skipif(CHROMIUM is None, reason=f"needs one of {', '.join(NAMES)}")

SEEN = "[...document.querySelectorAll('g')].filter((g) => !g.hasAttribute('hidden'))"
NAMES_SEEN = """[...document.querySelectorAll('.node')].filter((one) => one.checkVisibility())
  .map((one) => one.querySelector('.line').innerText)"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def dev(chromium: Browser, tmp_path: Path) -> Iterator[Browser]:
    file = tmp_path / "page.html"
    file.write_text(printed(dev_stack()), encoding="utf-8")
    chromium.opened(file)
    yield chromium
    assert chromium.complaints == []


@pytest.fixture
def large(chromium: Browser, tmp_path: Path) -> Iterator[Browser]:
    file = tmp_path / "page.html"
    file.write_text(printed(dev_stack(many(MANY))), encoding="utf-8")
    chromium.opened(file)
    yield chromium
    assert chromium.complaints == []


@in_browser
def test_each_arrow_goes_from_one_name_to_the_other(dev: Browser) -> None:
    off = dev.said(
        f"""{SEEN}.filter((g) => {{
          const area = g.ownerSVGElement.getBoundingClientRect();
          const [from, to] = [g.dataset.from, g.dataset.to]
            .map((id) => document.getElementById(id).getBoundingClientRect());
          const path = g.querySelector('path');
          const start = path.getPointAtLength(0);
          const end = /C.* (\\S+) (\\S+)M/.exec(path.getAttribute('d'));
          return Math.abs(start.x + area.x - from.right) > 1 || +end[1] + area.x - to.left > 1
            || from.right > to.left;
        }}).map((g) => `${{g.dataset.from}} ${{g.dataset.to}}`)"""
    )
    assert off == []
    assert dev.said(f"{SEEN}.length") == 12


@in_browser
def test_a_folded_box_is_what_arrows_go_to(dev: Browser) -> None:
    dev.said("document.getElementById('gateway').open = false")
    dev.drawn()
    assert dev.said(f"{SEEN}.length") == 12 - 1  # the two of ip3 are one
    assert "web" not in dev.said(NAMES_SEEN)


@in_browser
def test_many_mappings_begin_folded_and_unfold(large: Browser) -> None:
    assert "map0" not in large.said(NAMES_SEEN)
    large.said("document.querySelector('[data-does=unfold]').click()")
    assert "map0" in large.said(NAMES_SEEN)
    large.said("document.querySelector('[data-does=fold]').click()")
    assert "map0" not in large.said(NAMES_SEEN)


@in_browser
def test_the_search_keeps_the_ways_through_what_it_finds(large: Browser) -> None:
    search = "document.querySelector('input')"
    large.said(f"{search}.value = 'Map7'; {search}.dispatchEvent(new Event('input'))")
    large.until("document.querySelector('output').value !== ''")
    assert large.said(NAMES_SEEN) == ["Internet", "ip3", "map7", "ecs3"]
    rows = "[...document.querySelectorAll('tbody tr')].filter((one) => one.checkVisibility())"
    assert large.said(f"{rows}.length") == 1
    large.said(f"{search}.value = ''; {search}.dispatchEvent(new Event('input'))")
    large.until("document.querySelector('output').value === ''")
    assert "ip1" in large.said(NAMES_SEEN)
    assert "map7" not in large.said(NAMES_SEEN)


@in_browser
def test_a_name_shows_what_leads_to_it_and_what_it_leads_to(dev: Browser) -> None:
    dev.said("document.getElementById('map_web').focus()")
    on = dev.said("[...document.querySelectorAll('.node.on')].map((one) => one.id)")
    assert set(on) == {"internet", "ip_ip3", "map_web", "host_ecs3"}
    dev.said("document.activeElement.blur()")
    assert dev.said("document.querySelectorAll('.node.on').length") == 0


@in_browser
def test_the_switches_change_language_and_light(dev: Browser) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dev.said("document.documentElement.lang = 'zh-CN'")
    dev.said("document.querySelector('[data-does=language]').click()")
    assert dev.said("document.querySelector('h2').innerText") == "Ports"
    dev.said("document.querySelector('[data-does=language]').click()")
    assert dev.said("document.querySelector('h2').innerText") == "端口"
    before = dev.said(ground)
    dev.said("document.querySelector('[data-does=theme]').click()")
    assert dev.said(ground) != before


@in_browser
def test_a_phone_shows_all_without_scrolling_sideways(dev: Browser) -> None:
    dev.sized(390)
    dev.drawn()
    wide = "[...document.querySelectorAll('main *')].filter((one) => one.checkVisibility())"
    past = (
        f"{wide}.filter((one) => one.getBoundingClientRect().right > 391).map((x) => x.outerHTML)"
    )
    assert dev.said(past) == []
    leads = "document.querySelector('#map_web .to').getBoundingClientRect().height"
    assert dev.said(leads) > 10


# Colours, as WCAG 2 counts contrast.


def test_text_is_told_from_its_ground_in_light_and_dark() -> None:
    for colours in _palettes():
        grounds = [colours["ground"], colours["raised"]]
        for _ in range(5):  # boxes in boxes, each a little darker
            grounds.append(_over(colours["box"], grounds[-1] if len(grounds) > 2 else grounds[0]))
        for name, least in {"text": 7, "quiet": 4.5, "way": 3, "accent": 3, "bad": 3}.items():
            for ground in grounds:
                assert _contrast(colours[name], ground) >= least, (name, ground)


Colour = tuple[float, ...]


def _palettes() -> list[dict[str, Colour]]:
    pairs = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", LOOK.read_text(encoding="utf-8"))
    return [{name: _colour(both[at]) for name, *both in pairs} for at in (0, 1)]


def _colour(text: str) -> Colour:
    digits = text[1:] if len(text) > 4 else "".join(one * 2 for one in text[1:])
    return tuple(int(digits[at : at + 2], 16) / 255 for at in range(0, len(digits), 2))


def _over(colour: Colour, ground: Colour) -> Colour:
    *solid, share = colour
    return tuple(
        share * one + (1 - share) * under for one, under in zip(solid, ground, strict=True)
    )


def _contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: Colour) -> float:
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in colour]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
