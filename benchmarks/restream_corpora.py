"""The talks and the background of Re-stream: SGD, MultiWOZ, CrossWOZ and ABCD with their states, real chat.

The corpora are read in place (MILLSTREAM_DATA) and never copied. Knows no streams.
"""

import csv
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from restreaming import Talk, Turn

from millstream.records import Lang

Pairs = tuple[tuple[str, str], ...]


def sgd(folder: Path, most: int) -> list[Talk]:
    """Schema-Guided Dialogue, the first `most` of a part, by file."""
    talks: list[Talk] = []
    for path in sorted(folder.glob("dialogues_*.json")):
        for each in json.loads(path.read_text(encoding="utf-8")):
            talks += _talk(f"sgd {each['dialogue_id']}", "en", _sgd_turns(each["turns"]))
        if len(talks) >= most:
            break
    return talks[:most]


def _sgd_turns(turns: list[dict[str, Any]]) -> Iterator[Turn]:
    state: dict[str, str] = {}
    for turn in turns:
        facts: list[tuple[str, str]] = []
        for frame in turn["frames"]:
            held = frame.get("state", {}).get("slot_values", {})
            state |= {f"{frame['service']}-{slot}": values[0] for slot, values in held.items()}
            told = [act for act in frame["actions"] if act["act"] in ("INFORM", "OFFER") and act["values"]]
            facts += [(f"{frame['service']}-{act['slot']}", act["values"][0]) for act in told]
        user = turn["speaker"] == "USER"
        yield Turn("user" if user else "agent", turn["utterance"], _pairs(state), () if user else tuple(facts))


def multiwoz(path: Path, lang: Lang = "en") -> list[Talk]:
    """MultiWOZ 2.1 as ConvLab-2 packs it, or its translation."""
    return [
        talk
        for name, each in _unzipped(path).items()
        for talk in _talk(f"multiwoz {name}", lang, _multiwoz_turns(each["log"]))
    ]


def _multiwoz_turns(log: list[dict[str, Any]]) -> Iterator[Turn]:
    for n, turn in enumerate(log):
        held = {
            f"{domain}-{slot}": value
            for domain, parts in turn["metadata"].items()
            for part in parts.values()
            for slot, value in part.items()
            if isinstance(value, str) and value not in ("", "not mentioned", "未提及")
        }
        acts = turn["dialog_act"]
        told = [(f"{name}-{slot}", value) for name, rows in acts.items() for slot, value in rows if value not in "?"]
        facts = tuple((name, value) for name, value in told if value != "none") if n % 2 else ()
        yield Turn("agent" if n % 2 else "user", turn["text"], _pairs(held), facts)


def crosswoz(path: Path) -> list[Talk]:
    return [
        talk
        for name, each in _unzipped(path).items()
        for talk in _talk(f"crosswoz {name}", "zh", _crosswoz_turns(each["messages"]))
    ]


def _crosswoz_turns(messages: list[dict[str, Any]]) -> Iterator[Turn]:
    for turn in messages:
        held = {
            f"{domain}-{slot}": value
            for domain, slots in turn.get("sys_state_init", {}).items()
            for slot, value in slots.items()
            if isinstance(value, str) and value
        }
        user = turn["role"] == "usr"
        acts = [] if user else [act for act in turn["dialog_act"] if act[0] in ("Inform", "Recommend")]
        facts = tuple((f"{domain}-{slot}", str(value)) for _, domain, slot, value in acts)
        yield Turn("user" if user else "agent", turn["content"], _pairs(held), facts)


def abcd(path: Path) -> list[Talk]:
    """The sample of Action-Based Conversations: no states."""
    return [
        talk
        for each in json.loads(path.read_text(encoding="utf-8"))
        for talk in _talk(f"abcd {each['convo_id']}", "en", _abcd_turns(each["original"]))
    ]


def _abcd_turns(original: list[list[str]]) -> Iterator[Turn]:
    roles = {"customer": "user", "agent": "agent"}
    yield from (Turn(roles[speaker], text) for speaker, text in original if speaker in roles)


def _pairs(held: dict[str, str]) -> Pairs:
    return tuple(sorted(held.items()))


def _talk(name: str, lang: Lang, turns: Iterable[Turn]) -> list[Talk]:
    """A talk of turns that take turns, the user first; lines of one side in a row are one. None where too short."""
    told: list[Turn] = []
    for turn in turns:
        if told and told[-1].role == turn.role:
            last = told.pop()
            turn = Turn(turn.role, f"{last.text} {turn.text}", turn.state or last.state, last.facts + turn.facts)
        if told or turn.role == "user":
            told.append(turn)
    told = told[: len(told) // 2 * 2]
    return [Talk(name, lang, tuple(told))] if len(told) >= 4 else []


def _unzipped(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as packed:
        found: dict[str, Any] = json.loads(packed.read(packed.namelist()[0]))
    return found


def background(data: Path, lang: Lang) -> list[str]:
    """Lines of real chat: YouTube and Twitch for English, danmaku for Chinese."""
    if lang == "zh":
        text = (data / "bilibili_danmaku" / "danmaku01.xml").read_text(encoding="utf-8")
        return [line for line in re.findall(r"<d p=[^>]*>([^<]+)</d>", text) if line.strip()]
    lines: list[str] = []
    for path in sorted((data / "yt_livechat_chatdownloader").glob("yt_*live*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            lines += [row["message"] for row in csv.DictReader(rows) if row.get("message")]
    for path in sorted((data / "twitch_vod_comments").glob("*.json")):
        lines += [json.loads(path.read_text(encoding="utf-8"))["message"]["body"]]
    return lines
