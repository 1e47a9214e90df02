"""The server: what it answers, what it writes, and whom it refuses."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from runs import called, many, run

from builders import dialogue
from millstream.viewer import guard, server

GOOD = {"dialogue": "", "decision": "accept", "rater": "ann"}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[tuple[Path, str, ClientSession]]:
    folder = run(tmp_path / "r", many(60), [dialogue(number=99)])
    runner = web.AppRunner(server.opened(folder))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        yield folder, f"http://127.0.0.1:{runner.addresses[0][1]}", session
    await runner.cleanup()


async def test_the_list_has_pages_and_filters(site: tuple[Path, str, ClientSession]) -> None:
    _, url, session = site
    about = await (await session.get(f"{url}/api/run")).json()
    assert about["dialogues"] == 61 and about["choices"]["status"] == ["accepted", "rejected"]
    first = await (await session.get(f"{url}/api/dialogues")).json()
    assert (first["of"], len(first["rows"])) == (61, 50) and first["rows"][0]["opening"] == "主播在吗，想问问车。"
    second = await (await session.get(f"{url}/api/dialogues?start=50")).json()
    assert len(second["rows"]) == 11 and second["rows"][-1]["status"] == "rejected"
    assert (await (await session.get(f"{url}/api/dialogues?text=zzz")).json())["of"] == 0
    assert (await session.get(f"{url}/api/dialogues?start=x")).status == 404


async def test_a_dialogue_with_its_evidence_and_calls(site: tuple[Path, str, ClientSession]) -> None:
    folder, url, session = site
    made = dialogue(number=3)
    called(folder, made.id, f"  {made.turns[5].text}")
    found = await (await session.get(f"{url}/api/dialogue/{made.id}")).json()
    assert [each["taken"] for each in found["stages"]] == [True] * 6
    starts = [each["start"] for each in found["clock"] if each["start"] is not None]
    assert starts == sorted(starts) and any(each["turns"] for each in found["clock"])
    (call,) = found["calls"]
    assert (call["turn"], call["tokens_in"], call["seconds"]) == (5, 300, 2.5)
    assert (await session.get(f"{url}/api/dialogue/none")).status == 404


async def test_a_decision_is_written_and_read_back(site: tuple[Path, str, ClientSession]) -> None:
    folder, url, session = site
    name = dialogue(number=0).id
    reply = await session.post(f"{url}/api/review", json=GOOD | {"dialogue": name}, headers={"Origin": url})
    assert reply.status == 200
    (row,) = [json.loads(line) for line in (folder / "review.jsonl").read_text(encoding="utf-8").splitlines()]
    assert row["dialogue"] == name and row["decision"] == "accept" and row["at"]
    accepted = await (await session.get(f"{url}/api/dialogues?decision=accept")).json()
    assert [each["id"] for each in accepted["rows"]] == [name]


@pytest.mark.parametrize(("body", "status"), [
    ({"decision": "reject"}, 400),
    ({"dialogue": "none"}, 400),
    ({"decision": "edit", "reason": "x", "turn": 99, "text": "x"}, 400),
    ({"extra": 1}, 400),
])  # fmt: skip
async def test_a_wrong_decision_is_refused(
    site: tuple[Path, str, ClientSession], body: dict[str, object], status: int
) -> None:
    folder, url, session = site
    whole = GOOD | {"dialogue": dialogue(number=0).id} | body
    reply = await session.post(f"{url}/api/review", json=whole, headers={"Origin": url})
    assert reply.status == status and (await reply.json())["error"]
    assert not (folder / "review.jsonl").exists()


@pytest.mark.parametrize("headers", [
    {"Host": "evil.example"},
    {"Host": "evil.example:80"},
    {"Host": "127.0.0.1"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
])  # fmt: skip
async def test_other_hosts_and_pages_are_refused(
    site: tuple[Path, str, ClientSession], headers: dict[str, str]
) -> None:
    folder, url, session = site
    assert (await session.get(f"{url}/api/run", headers=headers)).status == 403
    whole = GOOD | {"dialogue": dialogue(number=0).id}
    assert (await session.post(f"{url}/api/review", json=whole, headers={"Origin": url} | headers)).status == 403
    assert not (folder / "review.jsonl").exists()


async def test_a_form_of_a_stranger_writes_nothing(site: tuple[Path, str, ClientSession]) -> None:
    folder, url, session = site
    body = json.dumps(GOOD | {"dialogue": dialogue(number=0).id})
    plain = await session.post(f"{url}/api/review", data=body, headers={"Content-Type": "text/plain", "Origin": url})
    nowhere = await session.post(f"{url}/api/review", json=GOOD)
    assert plain.status == nowhere.status == 403 and not (folder / "review.jsonl").exists()


async def test_every_answer_forbids_strangers(site: tuple[Path, str, ClientSession]) -> None:
    _, url, session = site
    for path in ("/", "/app.js", "/api/run", "/none", "/../secret"):
        reply = await session.get(f"{url}{path}")
        assert reply.headers["Content-Security-Policy"] == guard.POLICY, path
        assert "unsafe" not in guard.POLICY and "*" not in guard.POLICY
    big = await session.post(f"{url}/api/review", data=b"1" * (server.LARGEST + 1), headers={
        "Content-Type": "application/json", "Origin": url,
    })  # fmt: skip
    assert big.status == 413
