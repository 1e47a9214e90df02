"""The page in a real browser: a turn opens by mouse and by keyboard, and nothing complains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from summaries import summary

from builders import RECORDING, altered, dialogue, saying
from millstream.report import counts, page
from millstream.report.counts import Heard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Locator, Page


pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The report in a phone's width; fails the test if the page logged, asked or opened anything."""
    attack = saying(["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>"])
    made = summary(recordings=(Heard(RECORDING, "<script>alert(3)</script>", "vtt", 722.0, 9),))
    kept = [dialogue(), altered(attack, scenario=altered(attack.scenario, number=9))]
    path = page.write(made, *counts.read(kept, page.SAMPLE), tmp_path / "r.html")
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    heard: list[str] = []

    def alerted(dialog: Dialog) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.on("dialog", alerted)
    tab.on("request", lambda request: heard.append(request.url))
    tab.goto(path.as_uri())
    yield tab
    assert [each for each in heard if each != path.as_uri()] == []
    tab.close()


def offer(tab: Page) -> Locator:
    return tab.locator("details.turn", has_text="那您看看云帆E5").first


def test_a_click_on_a_turn_shows_the_time_of_its_cue(opened: Page) -> None:
    time = offer(opened).get_by_text("cues 5 and 6, 4:05–4:12")
    assert not time.is_visible()
    offer(opened).locator("summary").click()
    assert time.is_visible()
    assert offer(opened).get_by_text("price = 14.98万").is_visible()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_a_turn(opened: Page, key: str) -> None:
    offer(opened).locator("summary").focus()
    opened.keyboard.press(key)
    assert offer(opened).get_by_text("cues 5 and 6, 4:05–4:12").is_visible()


def test_the_page_fits_a_phone(opened: Page) -> None:
    for each in opened.locator("details").all():
        each.evaluate("element => element.open = true")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_and_light_differ(opened: Page) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        colours.add(opened.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2
