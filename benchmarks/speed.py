"""How fast is a long chat read, cleaned and merged? python benchmarks/speed.py DATA --messages 1000000 3000000

DATA is the folder of the data sets. Real chats of YouTube, Twitch and Bilibili are multiplied: each copy has new
authors and later times, and in 60% of its messages one word is another. What is timed is what `inspect` does: files to
lines on one clock, by a process of its own where the files are long, lines to verdicts, kept lines to groups that say
the same. Each size is measured apart; on two free cores it takes about as long as the busier process. Beside it stands
the floor: the same bytes parsed by the standard library, and lines counted as they are.
"""

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from millstream import ahead, intake
from millstream.mine.clean import sift
from millstream.mine.merge import merged
from millstream.shapes import Line

YOUTUBE = ("yt_wXspodtIxYU_live_0-100s", "yt_wXspodtIxYU_top_0-100s", "yt_JIB3JbIIbPU_nasa_300-400s")
PAID = "yt_97w16cYskVI_superchat_0-100s"
WORD = re.compile("[\u3400-\u9fff]{2}|[a-z']{2,}|[0-9]{2,}", re.I)
CHANGED, SECONDS, SEED = 0.6, 100.0, 11


@dataclass
class Words:
    """The words of one chat, to put one in the place of another."""

    texts: list[str]
    rng: random.Random

    def __post_init__(self) -> None:
        self.pool = [word for text in self.texts for word in WORD.findall(text)]
        self.spans = {text: [found.span() for found in WORD.finditer(text)] for text in self.texts}

    def of_a_copy(self, text: str) -> str:
        if not self.spans[text] or self.rng.random() >= CHANGED:
            return text
        start, end = self.rng.choice(self.spans[text])
        return f"{text[:start]}{self.rng.choice(self.pool)}{text[end:]}"


# --- the files ---------------------------------------------------------------------------------------------


def written(data: Path, messages: int, folder: Path) -> int:
    """The three files; returns how many messages are in them."""
    youtube = [each for name in (*YOUTUBE, PAID) for each in _json(data / f"yt_livechat_chatdownloader/{name}.json")]
    danmaku = list(ET.parse(data / "bilibili_danmaku/danmaku01.xml").getroot().iter("d"))
    twitch = [_json(file) for file in sorted((data / "twitch_vod_comments").glob("*.json"))]
    copies = -(-messages // (len(youtube) + len(danmaku) + len(twitch)))
    rng = random.Random(SEED)
    with (folder / "room.chat.json").open("w", encoding="utf-8") as out:
        out.writelines(_listed("[", _chat(youtube, copies, rng), "\n]\n"))
    with (folder / "room.danmaku.xml").open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?><i><chatid>1</chatid>')
        out.writelines(_danmaku(danmaku, copies, rng))
        out.write("</i>")
    with (folder / "side.json").open("w", encoding="utf-8") as out:
        out.writelines(_listed('{"comments": [', _comments(twitch, copies, rng), "]}"))
    return copies * (len(youtube) + len(danmaku) + len(twitch))


def _listed(before: str, items: Iterator[str], after: str) -> Iterator[str]:
    yield before + next(items)
    yield from (f",{each}" for each in items)
    yield after


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _chat(messages: list[dict[str, Any]], copies: int, rng: random.Random) -> Iterator[str]:
    """As chat-downloader writes it, every copy `SECONDS` later and by its own authors."""
    words = Words([str(each.get("message") or "") for each in messages], rng)
    for copy in range(copies):
        for each, at in _spread(messages, copy, rng):
            other = dict(each)
            author = other["author"]
            other["author"] = f"{author}{copy}" if isinstance(author, str) else {**author, "name": f"a{copy}"}
            if other.get("message"):
                other["message"] = words.of_a_copy(str(other["message"]))
            other |= {"time_in_seconds": int(at), "timestamp": 1597516925073495 + int(at * 1e6)}
            if "video_offset_time_msec" in each:
                other["video_offset_time_msec"] = int(at * 1000)
            yield "\n    " + json.dumps(other, ensure_ascii=False, indent=4).replace("\n", "\n    ")


def _spread(messages: list[Any], copy: int, rng: random.Random) -> Iterator[tuple[Any, float]]:
    times = sorted(rng.uniform(0, SECONDS) for _ in messages)
    yield from ((each, copy * SECONDS + at) for each, at in zip(messages, times, strict=True))


def _danmaku(messages: list[ET.Element], copies: int, rng: random.Random) -> Iterator[str]:
    """As Bilibili stores them: in no order within their page."""
    words = Words([each.text or "" for each in messages], rng)
    for copy in range(copies):
        for each in messages:
            place = each.attrib["p"].split(",")
            place[0] = f"{copy * SECONDS + rng.uniform(0, SECONDS):.5f}"
            place[6] = f"{rng.getrandbits(32):08x}"
            yield f"<d p={quoteattr(','.join(place))}>{escape(words.of_a_copy(each.text or ''))}</d>"


def _comments(messages: list[dict[str, Any]], copies: int, rng: random.Random) -> Iterator[str]:
    words = Words([each["message"]["body"] for each in messages], rng)
    for copy in range(copies):
        for each, at in _spread(messages, copy, rng):
            name = f"{each['commenter']['display_name']}{copy}"
            other = each | {"commenter": each["commenter"] | {"display_name": name}, "content_offset_seconds": at}
            yield json.dumps(other | {"message": each["message"] | {"body": words.of_a_copy(each["message"]["body"])}})


# --- the measurement ---------------------------------------------------------------------------------------


def measured(folder: Path) -> dict[str, Any]:
    """Everything once, in this process and its children."""
    wall, cpu = time.perf_counter(), sum(_cpu())
    notes: Counter[str] = Counter()
    cues = groups = several = 0
    most: list[tuple[int, str]] = []
    taken = intake.take([folder])
    for gathered in taken.readings:
        told = ahead.lines(intake.lines, gathered.readings, gathered.files)
        for said in merged(sift(_counted(told, notes), notes)):
            groups, several = groups + 1, several + (said.demand > 1)
            if not most or said.demand > most[-1][0]:
                most = sorted([*most, (said.demand, said.first.text)], reverse=True)[:3]
    assert not taken.left_out, taken.left_out
    cues = notes.pop("cues")
    took = {"seconds": time.perf_counter() - wall, "cpu": sum(_cpu()) - cpu, "busier": max(_cpu()), "mb": _peak()}
    return {**took, "cues": cues, "groups": groups, "several": several, "most": most, "notes": dict(notes)}


def _counted(lines: Iterator[tuple[int, Line]], notes: Counter[str]) -> Iterator[tuple[int, Line]]:
    for each in lines:
        notes["cues"] += 1
        yield each


def floor(folder: Path) -> dict[str, Any]:
    """Whole files by the standard library, and lines that are equal to the letter put together."""
    wall, cpu = time.perf_counter(), sum(_cpu())
    said = Counter(str(each.get("message")) for each in _json(folder / "room.chat.json"))
    said.update(each.text or "" for each in ET.parse(folder / "room.danmaku.xml").getroot().iter("d"))
    said.update(each["message"]["body"] for each in _json(folder / "side.json")["comments"])
    took = {"seconds": time.perf_counter() - wall, "cpu": sum(_cpu()) - cpu, "busier": max(_cpu()), "mb": _peak()}
    return {**took, "cues": said.total(), "groups": len(said), "several": sum(n > 1 for n in said.values())}


def _cpu() -> tuple[float, float]:
    """CPU seconds of this process, and of those it started."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime


def _peak() -> float:
    """MB at their most, of this process and of the one that it started together. Its own by the system: getrusage
    counts what the caller held before this process began."""
    status, others = Path("/proc/self/status"), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if status.exists():
        return others + int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return others + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(what: str, folder: Path) -> dict[str, Any]:
    told = subprocess.check_output([sys.executable, __file__, "--only", what, str(folder)])
    found: dict[str, Any] = json.loads(told)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--messages", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--only", choices=["ours", "floor"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(measured(given.data) if given.only == "ours" else floor(given.data)))
        return
    print("| messages | what | seconds | CPU seconds | of the busier process | MB at most | groups | of several |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|")
    for messages in given.messages:
        with tempfile.TemporaryDirectory() as name:
            count, told = written(given.data, messages, Path(name)), {}
            for what in ("floor", "ours"):
                told = apart(what, Path(name))
                figures = (told["seconds"], told["cpu"], told["busier"], told["mb"])
                row = " | ".join(f"{figure:,.1f}" for figure in figures)
                print(f"| {count:,} | {what} | {row} | {told['groups']:,} | {told['several']:,} |", flush=True)
            print(f"  kept and dropped: {told['notes']}; most asked: {told['most']}", file=sys.stderr)


if __name__ == "__main__":
    main()
