"""The ladder of the Re-stream proof: each step shows the same talks, and only what that step may know of them."""

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import restream_ladder as ladder
import restreaming
from restream_pool import talk

import worlds
from millstream.prove import mined
from millstream.services.annotated import TaskDialogue
from millstream.train.candidates import Lexicon
from millstream.train.tracker import Tracker

POOL = {each.key: each for each in worlds.talks(24, seed=3)}
KNOWN = {key: ladder.exchanges(each) for key, each in POOL.items()}
LEXICONS = {each.name: Lexicon(each, worlds.WORLD.knowledge) for each in worlds.SERVICES}
CHAT = ["hello all", "lol", "gg wp"]


@pytest.fixture(scope="module")
def made() -> list[restreaming.Stream]:
    shape = restreaming.Shape(wrong=0.05, unanswered=0.25, doubled=0.3)
    return list(restreaming.streams([talk(each) for each in POOL.values()], CHAT, shape, "t"))


def lines(dialogue: TaskDialogue) -> list[str]:
    return [turn.text for turn in talk(dialogue).turns if turn.role == "user"]


def test_exchanges_are_the_lines_of_the_talk() -> None:
    for key, each in POOL.items():
        said = [one.user for one in KNOWN[key]]
        assert said[: len(lines(each))] == lines(each)
        last = [f.state for f in each.turns[-2].frames if f.state] if each.turns[-2].role == "user" else []
        assert not last or list(KNOWN[key][-1].told.values()) == last


def test_known_links_keep_labels_and_lose_who_is_not_answered(made: list[restreaming.Stream]) -> None:
    found = list(ladder.gold_links(made, KNOWN))
    assert 0 < len(found) < len(POOL), "some viewers are never answered"
    labelled = {(one.user, str(one.told)) for each in KNOWN.values() for one in each}
    for each in found:
        assert each and all((one.line, str(one.told)) in labelled and one.answer for one in each)
    assert sum(map(len, found)) == sum(len([a for a in one.gold if a.told]) for one in made)


def test_mined_links_have_no_label_of_another_talk(made: list[restreaming.Stream]) -> None:
    talks = [each for one in made for each in mined.talks(mined.Stream(one.chat, one.speech)).values()]
    found = list(ladder.mined_links(talks, KNOWN))
    assert found and sum(map(len, found)) <= sum(map(len, talks))
    owner = {one.user: key for key, each in KNOWN.items() for one in each}
    for each in found:
        assert {one.line for one in each} <= owner.keys() and not {one.line for one in each} & set(CHAT)


def test_the_oracle_reads_what_people_labelled(made: list[restreaming.Stream]) -> None:
    tracker = Tracker(LEXICONS).fit(worlds.talks(40), 0, 30_000)
    oracle = ladder.Oracle(worlds.SERVICES, LEXICONS, tracker)
    oracle.tracker = oracle
    for n, each in enumerate(ladder.gold_links(made, KNOWN)):
        oracle.reads(each, str(n))
    assert 0 < len(oracle.lines) < oracle.read
    states = {(one.user, name, slot) for each in KNOWN.values() for one in each for name in one.told
              for slot in one.told[name].values}  # fmt: skip
    for line in oracle.lines:
        assert all((line.quote, line.service, slot) in states for slot in line.informs)
    every = ladder.every(oracle.lines)
    assert sum(map(len, every.values())) == len(oracle.lines) >= sum(map(len, mined.lent(oracle.lines, "en").values()))


def test_silver_labels_are_the_trackers_own() -> None:
    tracker = Tracker(LEXICONS).fit(worlds.talks(40), 0, 30_000)
    reader = mined.Labeller(worlds.SERVICES, LEXICONS, tracker)
    city = next(row["city"] for row in worlds.WORLD.knowledge.rows["Boats_1"])
    (one,) = ladder.silver(reader, ((f"I'm looking for a boat in {city}.", "Sure."),))
    assert one.told["Boats_1"].values == {"city": (city,)} and one.answer == "Sure."
    made = ladder.dialogue("d", [one], worlds.talks(1)[0])
    assert [turn.role for turn in made.turns] == ["user", "agent"] and made.services == ("Boats_1",)
