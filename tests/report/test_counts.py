"""What a report counts is what the dialogues hold."""

import pytest
from summaries import summary

from builders import RECORDING, altered, blueprint, dialogue
from millstream.records import Evidence
from millstream.report import clock, place
from millstream.report.counts import Summary, read


def test_the_tally_of_two_dialogues() -> None:
    tally, drawn = read([dialogue(12), dialogue(14, "en", number=3)])
    assert drawn == ()
    assert tally.dialogues == 2
    assert tally.turns == {12: 1, 14: 1}
    assert tally.utterances == 26
    assert sum(tally.lengths["user"].values()) == 13
    assert tally.moves["greet"] == 4
    assert tally.outcomes == {"success": 1, "lost_price": 1}
    assert tally.acts["agent"]["offer"] == 2
    assert tally.paths[("automotive", "顺利成交", "success")] == 1
    assert tally.langs == {"zh": 1, "en": 1}
    assert len(tally.personas["user"]) == len(tally.blueprints) == 2


def test_a_stage_of_no_blueprint_counts_under_its_own_name() -> None:
    kept = dialogue(1)
    tally, _ = read([altered(kept, turns=(altered(kept.turns[0], stage="elsewhere"),))])
    assert tally.moves == {"elsewhere": 1}


def test_who_is_drawn_depends_on_the_seed_and_on_no_order() -> None:
    kept = [dialogue(1, number=n) for n in range(30)]
    first = read(kept, 5, seed=1)[1]
    assert len(first) == 5
    assert read(kept[::-1], 5, seed=1)[1] == first
    assert read(kept, 5, seed=2)[1] != first


def test_the_dialogues_are_read_once() -> None:
    tally, drawn = read((dialogue(1, number=n) for n in range(9)), 2)
    assert (tally.dialogues, len(drawn)) == (9, 2)


def test_figures_per_accepted_dialogue() -> None:
    made = summary()
    assert made.acceptance == 14 / 20
    assert made.total[1:-1] == (209, 214, 3, 99370, 12150)
    assert made.total.seconds == pytest.approx(310.2)
    assert made.each(made.total.calls) == pytest.approx(209 / 14)
    assert made.own_words == pytest.approx(118 / 168)


def test_plain_tuples_stand_for_the_named_ones() -> None:
    made = Summary(spending=(("word", 3, 4, 1, 5, 6, 7.5),), recordings=((RECORDING, "t", "vtt", None, 2),))
    assert made.spent[0].tokens_out == 6
    assert made.heard[0].seconds is None


def test_a_run_of_nothing_has_no_shares() -> None:
    made = Summary()
    assert (made.acceptance, made.own_words, made.each(3)) == (None, None, None)
    assert made.total.calls == 0


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00"), (245.9, "4:05"), (3599.9, "59:59"), (3723.0, "1:02:03"), (None, "–")]
)
def test_clock(seconds: float | None, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (
            {"kind": "cues", "at": (3, 4), "track": "chat", "start": 245.0, "end": 252.5},
            "chat, cues 3 and 4, 4:05–4:12",
        ),
        ({"kind": "cues", "at": (3, 4, 5), "track": "speech", "start": 1.0}, "speech, cues 3, 4 and 5, 0:01"),
        ({"kind": "cues", "at": (7,), "track": "comment"}, "comment, cue 7, no clock"),
        ({"kind": "row", "at": (2,)}, "row 2"),
        ({"kind": "span", "at": (10, 25)}, "characters 10 to 25"),
        ({"kind": "cues", "at": ()}, "cue, no clock"),
    ],
)
def test_place(fields: dict[str, object], shown: str) -> None:
    assert place(Evidence.model_validate({"source": RECORDING, **fields})) == shown


def test_blueprints_of_another_name_are_others() -> None:
    tally, _ = read([dialogue(1), dialogue(1, number=1, plan=blueprint(name="another"))])
    assert len(tally.blueprints) == 2
