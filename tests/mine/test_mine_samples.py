"""Floors on the project's samples, and abstention and courage on real recordings of others."""

import os
from collections import Counter
from pathlib import Path

import mining
import pytest

from millstream import domain as domains
from millstream.mine import door
from millstream.mine.recording import mine
from millstream.mine.sheet import Sheet
from millstream.records import Cue, Recording, Reject, Signal
from millstream.sources import chat_downloader, srt

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
DATA = Path(os.environ.get("MILLSTREAM_DATA", ROOT.parent / "shared" / "data"))
FLOORS = {"automotive_zh": (0.68, 0.92), "restaurant_en": (0.62, 0.8), "hotel_zh_en": (0.75, 0.55)}
FACTS = {"restaurant_zh": 0.86, "automotive_en": 0.97}


@pytest.mark.parametrize("name", sorted(FLOORS))
async def test_samples_are_mined_well(name: str) -> None:
    if not (SAMPLES / name / "gold.json").exists():
        pytest.skip(f"no sample {name}")
    sample = mining.load(SAMPLES / name)
    scores = mining.measure(sample)
    links, facts = FLOORS[name]
    links_of = {kind: score.f1 for kind, score in scores.items() if kind.startswith("links")}
    ours = links_of.pop("links, ours")
    assert ours >= max(links, *(each + 0.1 for each in links_of.values()))
    assert scores["facts"].f1 >= facts
    assert scores["corrections"].recall == 1.0 and scores["corrections"].precision == 1.0
    for kind in ("injections", "minors"):
        assert scores[kind].recall == 1.0
    for kind in ("adverts", "insults"):
        assert scores[kind].recall >= 0.8 and scores[kind].precision == 1.0
    for part in sample.parts[:3]:
        found, _ = await _mined(list(part.cues), sample.domain.name, sample.known)
        assert found, "no sample may be abstained from"


@pytest.mark.parametrize("name", sorted(FACTS))
def test_facts_and_corrections(name: str) -> None:
    sample = mining.put_right(mining.load(SAMPLES / name))
    (part,) = sample.parts
    found = mining.claims(part, sample)
    facts, corrections = mining.score_facts(found, part, sample), mining.score_corrections(found, part, sample)
    assert facts.f1 >= FACTS[name] and facts.precision >= 0.95
    assert corrections.recall == corrections.precision == 1.0


async def _mined(cues: list[Cue], domain: str, known: tuple[str, ...] = ()) -> tuple[list[Signal], list[str]]:
    recording = Recording(source="test", key="r")
    found = [each async for each in mine(recording, cues, domains.read(domain), Sheet(names=known), None, Counter())]
    reasons = [each.reason for each in found if isinstance(each, Reject)]
    return [each for each in found if isinstance(each, Signal)], reasons


def _real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no real data at {path}")
    return path


@pytest.mark.data
@pytest.mark.parametrize("name", ["yt_wXspodtIxYU_live_0-100s", "yt_JIB3JbIIbPU_nasa_300-400s", "twitch_vod_replay"])
async def test_public_chatter_is_abstained_from(name: str) -> None:
    reading = next(chat_downloader.read(_real(f"yt_livechat_chatdownloader/{name}.json")))
    cues = list(door.admit(list(reading.cues), b"key", Counter()))
    for domain in domains.names():
        signals, reasons = await _mined(cues, domain)
        assert not signals and len(reasons) == 1


@pytest.mark.data
async def test_a_food_video_passes_on_its_prices() -> None:
    reading = next(srt.read(_real("nomadic_samuel_srt/HWgX0mggBxo.en.srt")))
    signals, _ = await _mined(list(door.admit(list(reading.cues), b"key", Counter())), "restaurant")
    prices = {(each.entity, each.value) for each in signals if each.kind == "fact"}
    assert ("Hoedeopbap", "thirteen thousand Won") in prices
