"""A chat that grows is followed: soon, and whatever stops it, every question is told once."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from millstream import domain
from millstream.errors import InputError
from millstream.follow import Follower, begun
from millstream.prepare import Start
from millstream.records import Signal

ASKED = [f"how much is the set {n} tonight" for n in range(40)]


def row(n: int, said: str, author: str = "") -> bytes:
    runs = {"message": {"runs": [{"text": said}]}, "authorName": {"simpleText": author or f"viewer{n}"}}
    action = {"addChatItemAction": {"item": {"liveChatTextMessageRenderer": runs}}}
    replay = {"replayChatItemAction": {"actions": [action], "videoOffsetTimeMsec": str(n * 1000)}}
    return json.dumps(replay).encode() + b"\n"


def chat(folder: Path, whole: bytes = b"") -> Path:
    path = folder / "room.live_chat.json"
    path.write_bytes(whole)
    return path


def follower(path: Path) -> Follower:
    with begun(path, []) as taken:
        start = Start(domain.read("restaurant"), "en", (), ())
        return Follower(path, taken.readings[0], start, path.with_name("signals.jsonl"))


def told(path: Path) -> list[Signal]:
    rows = path.with_name("signals.jsonl").read_text(encoding="utf-8").splitlines()
    return [Signal.model_validate_json(each) for each in rows]


def test_what_a_writer_adds_is_told_soon_and_once(tmp_path: Path) -> None:
    path = chat(tmp_path, row(0, "hello"))
    written: dict[str, float] = {}

    def write() -> None:
        for n, said in enumerate(ASKED[:12], 1):
            whole = row(n, said)
            with path.open("ab") as out:
                out.write(whole[:30])
                out.flush()
                time.sleep(0.02)
                out.write(whole[30:])
            written[said] = time.monotonic()

    writer, delays = threading.Thread(target=write), {}
    following = follower(path)
    writer.start()
    until = time.monotonic() + 60
    while len(delays) < 12 and time.monotonic() < until:
        following.step()
        now = time.monotonic()
        for signal in told(path):
            delays.setdefault(signal.text, now - written.get(signal.text, now))
        time.sleep(0.05)
    writer.join()
    following.step()
    assert [signal.text for signal in told(path)] == ASKED[:12] and max(delays.values()) < 5
    assert [signal.evidence[0].at for signal in told(path)] == [(n,) for n in range(1, 13)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=12))
def test_stopped_anywhere_nothing_is_lost_and_nothing_doubled(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[int, bool]]
) -> None:
    whole = b"".join(row(n, said) for n, said in enumerate(["hi", *ASKED[:8], ASKED[0]]))
    path = chat(tmp_path_factory.mktemp("follow"), whole[: len(row(0, "hi"))])
    following, at = follower(path), len(row(0, "hi"))
    for size, stop in [*parts, (len(whole), True)]:
        with path.open("ab") as out:
            out.write(whole[at : at + size])
        at += size
        following = follower(path) if stop else following
        following.step()
    texts = [signal.text for signal in told(path)]
    assert texts == [*ASKED[:8], ASKED[0]]
    assert [signal.demand for signal in told(path)] == [1] * 8 + [2]


def test_rows_that_were_written_and_not_noted_are_taken_back(tmp_path: Path) -> None:
    path = chat(tmp_path, row(0, "hi") + row(1, ASKED[1]))
    follower(path).step()
    with path.with_name("signals.jsonl").open("ab") as out:
        out.write(b'{"kind": "user_question", "torn')
    with path.open("ab") as out:
        out.write(row(2, ASKED[2]) + row(3, ASKED[2], "viewer1") + row(4, ASKED[2], "viewer2"))
    follower(path).step()
    assert [(signal.text, signal.demand) for signal in told(path)] == [
        (ASKED[1], 1),
        (ASKED[2], 1),
        (ASKED[2], 2),
    ]


def test_times_of_day_count_from_the_first_message_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    events = [{"author": "a", "message": ASKED[n], "timestamp": 1_700_000_000 + 10 * n} for n in range(4)]
    rows = [json.dumps(each).encode() + b"\n" for each in events]
    path.write_bytes(rows[0])
    following = follower(path)
    for each in [b"", *rows[1:]]:
        with path.open("ab") as out:
            out.write(each)
        following.step()
    assert [signal.evidence[0].start for signal in told(path)] == [0, 10, 20, 30]


def test_what_cannot_be_followed_is_one_line(tmp_path: Path) -> None:
    listed = tmp_path / "room.chat.json"
    listed.write_text('[{"message": "hi", "author": "a", "time_in_seconds": 1}]')
    with pytest.raises(InputError, match="cannot be followed"):
        follower(listed)
    (tmp_path / "rights.yaml").write_text("opted_out: true")
    path = chat(tmp_path, row(0, "hi") + row(1, ASKED[1]))
    with pytest.raises(InputError, match="opted out"):
        follower(path)
    (tmp_path / "rights.yaml").unlink()
    following = follower(path)
    following.step()
    path.write_bytes(b"")
    with pytest.raises(InputError, match="became shorter"):
        following.step()


def test_the_command_follows_and_ends_when_nothing_comes(tmp_path: Path) -> None:
    path = chat(tmp_path, row(0, "hi") + row(1, ASKED[1]))
    out = tmp_path / "signals.jsonl"
    command = [sys.executable, "-m", "millstream", "mine", str(path), "--domain", "restaurant", "--out", str(out)]
    done = subprocess.run([*command, "--follow", "--idle", "0.2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and [each.text for each in told(path)] == [ASKED[1]]
    sample = Path(__file__).parents[1] / "samples" / "restaurant_en"
    command = [sys.executable, "-m", "millstream", "mine", str(sample), "--out", str(tmp_path / "all.jsonl")]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0
    kinds = {json.loads(line)["kind"] for line in (tmp_path / "all.jsonl").read_text().splitlines()}
    assert {"user_question", "exchange", "fact"} <= kinds
