"""The viewer in a real browser: keyboard alone, hostile text as text, no request leaves, two raters rate blind."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from runs import called, large, many, run

from builders import altered, dialogue, saying
from millstream.conversations import Conversation, Utterance
from millstream.viewer import blind, decisions, detail, rating, server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "\u202eevil\u202d مرحبا بالعالم",
    "long " + "x" * 1_000_000,
)

pytestmark = pytest.mark.browser


class Serving:
    """An application in a thread of its own, at a free port of this machine."""

    def __init__(self, app: web.Application) -> None:
        self._loop, self._runner = asyncio.new_event_loop(), web.AppRunner(app)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._runner.setup())
        self._do(web.TCPSite(self._runner, "127.0.0.1", 0).start())
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    def _do(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)  # type: ignore[arg-type]

    def stop(self) -> None:
        self._do(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def serving() -> Iterator[Callable[[web.Application], str]]:
    started: list[Serving] = []

    def start(app: web.Application) -> str:
        started.append(Serving(app))
        return started[-1].url

    yield start
    for each in started:
        each.stop()


def opened(context: BrowserContext, url: str, heard: list[str]) -> Page:
    """A page that notes what it logged, asked of strangers or opened."""
    tab = context.new_page()
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda request: None if request.url.startswith(url) else heard.append(request.url))
    tab.goto(url)
    return tab


def test_a_review_with_the_keyboard_alone(
    browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path
) -> None:
    folder = run(tmp_path / "r", many(60), [dialogue(number=99)])
    called(folder, dialogue(number=1).id, dialogue(number=1).turns[3].text)
    heard: list[str] = []
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    tab = opened(context, serving(server.opened(folder)), heard)
    tab.get_by_text("1 to 50 of 61").wait_for()
    tab.get_by_placeholder("your name").fill("ann")
    tab.keyboard.press("Escape")
    for key in ("j", "Enter"):
        tab.keyboard.press(key)
    tab.locator("#turns li").first.wait_for()
    assert tab.locator("h1").inner_text().startswith("云帆E5")
    tab.get_by_text("Model calls (1), 340 tokens, 2.5 s").wait_for()
    tab.keyboard.press("a")
    tab.get_by_text("Accepted.").wait_for()
    for _ in range(4):
        tab.keyboard.press("ArrowDown")
    assert "price = 15万" in tab.locator("#labels").inner_text()
    tab.keyboard.press("e")
    tab.locator("textarea").fill("十五万以内。")
    tab.keyboard.press("Escape")
    tab.locator("#reason").fill("too long")
    tab.get_by_text("Keep the edit").click()
    tab.get_by_text("Edit kept.").wait_for()
    assert "十五万以内。" in tab.locator("#turns li").nth(4).inner_text()
    tab.keyboard.press("r")
    tab.keyboard.type("not natural")
    tab.keyboard.press("Enter")
    tab.get_by_text("Rejected.").wait_for()
    tab.keyboard.press("]")
    tab.get_by_text("51 to 61 of 61").wait_for()
    tab.locator("#status").select_option("rejected")
    tab.get_by_text("1 to 1 of 1").wait_for()
    tab.keyboard.press("Escape")
    tab.locator("#status").select_option("")
    tab.keyboard.press("/")
    tab.keyboard.type("no such words")
    tab.get_by_text("None passes these filters.").wait_for()
    rows = decisions.all_of(folder)
    assert [(row["decision"], row["reason"]) for row in rows] == [
        ("accept", ""), ("edit", "too long"), ("reject", "not natural"),
    ]  # fmt: skip
    assert rows[1]["turn"] == 4 and {row["rater"] for row in rows} == {"ann"}
    assert heard == []
    context.close()


def test_hostile_text_is_text(browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path) -> None:
    bad = saying(list(HOSTILE))
    bad = altered(bad, scenario=altered(bad.scenario, aim="<b>aim</b>", number=7))
    heard: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 800})
    tab = opened(context, serving(server.opened(run(tmp_path / "r", [bad, *many(2)]))), heard)
    tab.locator("#rows button").first.click()
    tab.locator("#turns li").first.wait_for()
    assert "<b>aim</b>" in tab.locator("h1").inner_text()
    for n, text in enumerate(HOSTILE[:3]):
        assert tab.locator("#turns .said").nth(n).inner_text() == text
    assert len(tab.locator("#turns .said").nth(3).inner_text()) < 5000
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.get_by_text("show all 1,000,005 characters").click()
    assert len(tab.locator("#turns .said").nth(3).inner_text()) >= 1_000_005
    assert tab.locator("#dialogue script, #dialogue img").count() == 0
    assert heard == []
    context.close()


def test_two_browsers_that_edit_at_once_are_told(
    browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path
) -> None:
    folder, heard = run(tmp_path / "r", many(3)), list[str]()
    url = serving(server.opened(folder))
    contexts = [browser.new_context() for _ in range(2)]
    tabs = [opened(each, url, heard) for each in contexts]
    for tab, rater in zip(tabs, ("ann", "bo"), strict=True):
        tab.get_by_placeholder("your name").fill(rater)
        tab.locator("#rows button").first.click()
        tab.locator("#reason").fill(f"{rater}'s reason")
    for tab, words in zip(tabs, ("多少钱？", "什么价？"), strict=True):
        tab.locator("#edit").click()
        tab.locator("textarea").fill(words)
        tab.get_by_text("Keep the edit").click()
        tab.get_by_text("Edit kept.").wait_for()
    assert "meanwhile" not in tabs[0].locator("#toast").inner_text()
    assert "Others decided on it meanwhile (1)" in tabs[1].locator("#toast").inner_text()
    assert "什么价？" in tabs[1].locator("#turns li").first.inner_text()
    assert tabs[1].get_by_text("Reviews (2)").is_visible()
    kept = [(row["rater"], row["text"]) for row in decisions.all_of(folder)]
    assert kept == [("ann", "多少钱？"), ("bo", "什么价？")]
    assert heard == []
    for each in contexts:
        each.close()


def test_ten_thousand_dialogues_are_read_with_the_keyboard(
    browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path
) -> None:
    """The time is that of this process, which opens and serves: the machine may be busy."""
    folder, heard = large(tmp_path / "r", 10_000), list[str]()
    begun = time.process_time()
    context = browser.new_context()
    tab = opened(context, serving(server.opened(folder)), heard)
    tab.get_by_text("1 to 50 of 10,000").wait_for()
    assert time.process_time() - begun < 2
    tab.get_by_placeholder("your name").fill("ann")
    tab.keyboard.press("Escape")
    for first in (51, 101, 151):
        tab.keyboard.press("]")
        tab.get_by_text(f"{first} to {first + 49} of 10,000").wait_for()
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.locator("#turns li").first.wait_for()
    tab.keyboard.press("a")
    tab.get_by_text("Accepted.").wait_for()
    tab.locator("#decision").select_option("accept")
    tab.get_by_text("1 to 1 of 1").wait_for()
    tab.locator("#decision").select_option("")
    tab.locator("#text").fill("0000000000009999")
    tab.get_by_text("1 to 1 of 1").wait_for()
    (row,) = decisions.all_of(folder)
    assert row["dialogue"] in {each.id for each in many(200)[150:]} and heard == []
    context.close()


def test_a_page_of_a_stranger_is_refused_by_the_browser_too(
    browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path
) -> None:
    """Another origin of this machine can neither read the run, nor write a decision, nor put it into a frame."""
    folder = run(tmp_path / "r", many(1))
    ours = serving(server.opened(folder))

    async def lure(request: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html><iframe src='{ours}'></iframe>", content_type="text/html")

    stranger = web.Application()
    stranger.router.add_get("/", lure)
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(serving(stranger))
    body = {"dialogue": dialogue(number=0).id, "decision": "accept", "rater": "eve"}
    asked = "([path, how]) => fetch(path, how).then((reply) => `answered ${reply.status}`, () => 'refused')"
    post = {"method": "POST", "body": json.dumps(body), "headers": {"Content-Type": "application/json"}}
    for path, how in (("api/run", {}), ("api/review", post), ("api/review", post | {"mode": "no-cors", "headers": {}})):
        told = tab.evaluate(asked, [ours + path, how])
        assert told in ("refused", "answered 0"), (path, told)
    assert not (folder / "review.jsonl").exists()
    frame = tab.frames[1]
    assert frame.url != ours and "millstream" not in frame.content()
    context.close()


def test_dark_light_and_print(browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path) -> None:
    context, heard = browser.new_context(), list[str]()
    tab = opened(context, serving(server.opened(run(tmp_path / "r", many(2)))), heard)
    colours = set()
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        colours.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2
    tab.emulate_media(media="print")
    assert not tab.locator(".list").is_visible() and heard == []
    context.close()


def test_two_raters_rate_blind(browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path) -> None:
    sides = [[Conversation(corpus=corpus, key=str(n), lang="en", turns=(Utterance(role="user", text=f"{corpus} {n}"),))
              for n in range(6)] for corpus in ("good", "poor")]  # fmt: skip
    blind.write(blind.made(*sides, 4, 0), tmp_path / "p")
    package, heard = blind.Package(tmp_path / "p"), list[str]()
    told = {"raters": 2, "alpha": {"overall": {"value": 0.5, "items": 2, "why": ""}}}
    url = serving(rating.application(package, lambda answers: told))
    for rater in ("ann", "bo"):
        context = browser.new_context()
        tab = opened(context, url, heard)
        tab.locator("#rater").fill(rater)
        tab.keyboard.press("Enter")
        for n in range(4):
            tab.get_by_text(f"{n} of 4 done").wait_for()
            if tab.locator(".choice").count():
                tab.keyboard.press("1" if tab.locator(".side").first.inner_text().count("good") else "2")
            else:
                for _ in range(5):
                    tab.keyboard.press("4")
                tab.keyboard.press("Enter")
            if n == 1:  # leaves, and comes back under the same name
                tab.get_by_text("2 of 4 done").wait_for()
                tab.reload()
                tab.locator("#rater").fill(rater)
                tab.keyboard.press("Enter")
        tab.get_by_text("All done, thank you.").wait_for()
        context.close()
    key = {item.id: item for item in package.items.values()}
    assert len(package.answers()) == 8 and heard == []
    for (_, item), row in package.answers().items():
        if row["kind"] == "pair":
            assert getattr(key[item], row["choice"])[0][1].startswith("good")
        else:
            assert set(row["scores"].values()) == {4}


def test_the_recording_is_heard_from_the_second_a_turn_rests_on(
    browser: Browser, serving: Callable[[web.Application], str], tmp_path: Path
) -> None:
    made = dialogue(number=1)
    proof = next(detail.clock(made))
    first = proof["start"]
    recorded = tmp_path / "stream.wav"
    with wave.open(str(recorded), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * (int(first) + 10)))
    heard: list[str] = []
    folder = run(tmp_path / "r", [made])
    tab = opened(browser.new_context(), serving(server.opened(folder, {proof["source"]: recorded})), heard)
    tab.get_by_text("1 to 1 of 1").wait_for()
    tab.keyboard.press("Enter")
    tab.locator(".play").first.click()
    wait = "async (player) => { while (!player.currentTime) await new Promise((on) => setTimeout(on, 20));"
    wait += " return player.currentTime; }"
    assert first - 1 <= tab.locator("#player").evaluate(wait) < first + 3
    assert heard == []
