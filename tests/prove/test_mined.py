"""What streams give a proof, on streams made of the tests' own dialogues."""

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from restream_pool import talk
from restreaming import Shape, streams

import worlds
from millstream.errors import InputError
from millstream.prove import arms, mined
from millstream.prove.mined import Line, Stream
from millstream.prove.targets import Target
from millstream.records import Cue
from millstream.services.annotated import TaskDialogue
from millstream.simulate.policy import Policy
from millstream.simulate.words import Key, Wording
from millstream.train.candidates import Lexicon
from millstream.train.tracker import Tracker

NAMES = frozenset(service.name for service in worlds.SERVICES)
TARGET = Target("boats", worlds.SERVICES, worlds.WORLD.knowledge, NAMES, frozenset({"Boats_1"}), (), (), ())
BOATS, LEXICONS = worlds.SERVICES[0], {each.name: Lexicon(each, worlds.WORLD.knowledge) for each in worlds.SERVICES}


@pytest.fixture(scope="module")
def made() -> list[Stream]:
    talks = [talk(each) for each in worlds.talks(24, seed=3)]
    shape = Shape(wrong=0.05, unanswered=0.1)
    return [Stream(one.chat, one.speech) for one in streams(talks, ["hello all", "lol", "gg wp"], shape, "t")]


@pytest.fixture(scope="module")
def labeller() -> mined.Labeller:
    return mined.Labeller(worlds.SERVICES, LEXICONS, Tracker(LEXICONS).fit(worlds.talks(80), 0, 60_000))


def test_streams_give_lines_with_open_values(made: list[Stream]) -> None:
    found = mined.mined(TARGET, made, 60)
    assert found.answered > 60 and found.understood > 20
    lines = [(key, line) for key, each in found.target.lent.items() for line in each]
    for (name, informs, _), line in lines:
        assert name in NAMES and all(f"{{{slot}}}" in line for slot in informs)
    assert any(informs for (_, informs, _), _ in lines)
    assert found.target.policy != TARGET.policy and TARGET.lent == {}


def test_background_chat_is_no_line_of_a_task(made: list[Stream]) -> None:
    said = {line for stream in made for each in mined.talks(stream).values() for line, _ in each}
    assert said and not said & {"hello all", "lol", "gg wp"}


def test_ours_says_what_is_lent_and_its_labels_stand() -> None:
    lines = {Key("Boats_1", frozenset({"city"})): ["ahoy, something in {city} maybe?"]}
    ours = arms.ours(replace(TARGET, lent=lines), 30, 0)
    said = [(t, f) for d in ours for t in d.turns for f in t.frames if t.text.startswith("ahoy, something in ")]
    assert said
    for turn, frame in said:
        assert [turn.text[s.start : s.end] for s in frame.spans if s.slot == "city"]
    assert not any(t.text.startswith("ahoy") for d in arms.ours(TARGET, 30, 0) for t in d.turns)


def read(labeller: mined.Labeller, *said: str) -> list[Line]:
    labeller.lines.clear()
    labeller.take(tuple((line, "okay") for line in said))
    return list(labeller.lines)


def test_a_wish_is_read_and_its_value_left_open(labeller: mined.Labeller) -> None:
    city = next(row["city"] for row in worlds.WORLD.knowledge.rows["Boats_1"])
    found = read(labeller, f"I'm looking for a boat in {city}.")
    said = f"I'm looking for a boat in {city}."
    assert found == [Line("Boats_1", "I'm looking for a boat in {city}.", ("city",), (), True, said)]


def test_what_is_not_understood_is_dropped(labeller: mined.Labeller) -> None:
    assert mined._doubtful(BOATS, "a boat in {city} for 77 people", ["city"]), "a number that no slot took"
    assert mined._doubtful(BOATS, "does it have {has_wifi}?", ["has_wifi"]), "a question, no wish"
    assert not mined._doubtful(BOATS, "can you find a boat in {city}?", ["city"])
    assert read(labeller, "thanks a lot", "") == []


def test_a_long_line_of_one_author_is_not_lent() -> None:
    long = Line("Boats_1", "we would love a boat in {city} for us all", ("city",), (), True, "x " * 8, "v1")
    short = long._replace(text="boat in {city}?", quote="boat in Petaluma?")
    assert mined.lent([long, short, short], "en") == {short.key: [short.text, short.text]}
    crowd = [long._replace(author=author) for author in ("v1", "v2", "v3")]
    assert mined.lent(crowd, "en") == {long.key: [long.text] * 3}
    chinese = long._replace(quote="想找一家附近的酒店可以游泳")
    assert mined.lent([chinese._replace(author=author) for author in ("v1", "v1", "v2")], "zh") == {}


def test_of_an_aside_the_runs_between_its_names_count() -> None:
    said = "please could you call us a cab from {0} to {1} right now"
    aside = Line("Boats_1", said, (), (), False, "x " * 12, "v1")
    short = aside._replace(text="a cab from {0} to {1}")
    assert mined.lent([aside, short], "en") == {short.key: [short.text]}
    crowd = [aside._replace(author=author) for author in ("v1", "v2", "v3")]
    assert mined.lent(crowd, "en") == {aside.key: [said] * 3}


def test_an_aside_names_two_rows_and_is_offered_none(labeller: mined.Labeller) -> None:
    one, two = ("Gull of Petaluma", "Heron of Vallejo")
    slots = {"boat_name": one}
    lexicon = Lexicon(BOATS, worlds.WORLD.knowledge)
    lexicon.said |= {name.casefold(): {"boat_name": name} for name in (one, two, "Teal of Napa")}
    reader = mined.Labeller((BOATS,), {BOATS.name: lexicon}, labeller.tracker)

    def asides(line: str, told: str) -> list[str]:
        reader.lines.clear()
        before = reader.asides[BOATS.name]
        found = reader._aside(mined.Followed(line, told, BOATS, {}, slots))
        assert (reader.asides[BOATS.name] > before) == bool(found)
        return [found.text] if found else []

    line = f"Great. Call me a cab from {one} to {two}, please!"
    assert asides(line, "it is a red car") == ["Call me a cab from {0} to {1},"]
    assert asides(line, "how about teal of napa") == [], "it is offered a third"
    assert asides(f"is {one} cheap?", "yes") == []
    assert asides(f"I am looking for {one} or {two}", "sorry, nothing is free") == [], "a wish for either"
    assert asides(f"from {one} to {two} {{0.__class__}}", "it is a red car") == [], "braces of its author's"


def test_no_line_opens_no_policy() -> None:
    assert mined.policy([], Policy()) == Policy()
    opens = [Line("Boats_1", "", ("city", "passengers", "has_wifi"), (), True)] * 30
    assert mined.policy(opens, Policy()).volunteer > 0.9


def test_streams_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no streams"):
        list(mined.read(tmp_path))
    cue = Cue(recording="a", track="chat", n=0, text="hi", author="v1", start=1.0, end=1.0).model_dump_json()
    (tmp_path / "a.chat.jsonl").write_text(f'{cue}\n{{"recording": "a", "tr\n')
    (tmp_path / "a.speech.jsonl").write_text("")
    with pytest.raises(InputError, match=r"line 2: no cue, or torn"):
        list(mined.read(tmp_path))
    (tmp_path / "a.chat.jsonl").write_text(cue)
    found = list(mined.read(tmp_path))
    assert found[0].speech == () and mined.talks(found[0]) == {}


def test_templates_stay_where_nothing_is_lent() -> None:
    plain: TaskDialogue = worlds.talks(1)[0]
    bare = replace(plain, turns=tuple(replace(t, text="", frames=t.frames) for t in plain.turns))
    assert Wording(worlds.SERVICES, {}).worded(bare, 4) == Wording(worlds.SERVICES).worded(bare, 4)
