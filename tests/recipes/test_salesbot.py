"""`millstream run --recipe salesbot`: small talk of ours or found, the transition where an intent shows, refusals."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import worlds
from millstream.cli import app
from millstream.formats import sgd
from millstream.recipes.salesbot import unseen
from millstream.services import schema
from millstream.services.shown import SHOWN, Detector
from millstream.simulate.checked import faults
from millstream.simulate.salestalk import cut, nouns, smalltalk

SAMPLE = Path(__file__).parents[2] / "samples" / "tasks"
SERVICES = schema.read(SAMPLE / "schema.json")
DETECTOR = Detector(SERVICES)
TALK = [
    ("user", "I slept badly."),
    ("agent", "Oh no, why?"),
    ("user", "My uncle phoned at night, he is at a pottery workshop."),
    ("agent", "At night?"),
]


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("salesbot") / "run"
    found = call("run", SAMPLE, "--recipe", "salesbot", "--out", out, "--model", "none", "--count", 40)
    assert found.exit_code == 0, found.output
    return out


def test_chat_comes_first_and_the_transition_where_an_intent_shows(made: Path) -> None:
    dialogues, known = read(made / "dialogues.jsonl"), {each.name: each for each in SERVICES}
    for row in dialogues:
        dialogue = sgd.parse(row)
        assert not sgd.faults(row) and not faults(dialogue, known) and not unseen(dialogue, DETECTOR)
        at = row["sales"]["position"]
        assert at >= 2 and all(frame["actions"][0]["act"] == "GENERAL" for frame in row["turns"][at]["frames"])
    ends = {row["turns"][row["sales"]["position"] + 2]["frames"][0]["actions"][0]["act"] for row in dialogues}
    assert ends == {"AFFIRM_INTENT", "NEGATE_INTENT"}, "some turn the proposal down"


def test_salesbots_own_form(made: Path) -> None:
    for each in read(made / "sales.jsonl"):
        at, candidates = each["intent"]["position"], each["transition_candidates"]
        assert each["dialog"][at + 1] == candidates[0] and len(set(candidates)) == len(candidates) >= 3


def test_found_talk_is_cut_behind_the_line_that_shows_an_intent(tmp_path: Path) -> None:
    found = cut(TALK, DETECTOR)
    assert found and found.api.service.name == "Workshops_1" and len(found.lines) == 3
    assert cut([("agent", "Hi!"), *TALK], DETECTOR) == found, "talk that the agent opens begins with its user"
    assert cut(TALK[:2], DETECTOR) is None and cut(TALK[2:], DETECTOR) is None, "nothing shown, or nothing before it"
    assert cut([TALK[0], *TALK], DETECTOR) is None, "two lines of one side"
    roles = {"user": "user", "agent": "assistant"}
    messages = [{"role": roles[role], "content": said} for role, said in TALK]
    for name in ("schema.json", "rows.json"):
        (tmp_path / name).write_text((SAMPLE / name).read_text())
    (tmp_path / "talk.jsonl").write_text(json.dumps({"messages": messages}) + "\n")
    out = tmp_path / "out"
    ran = call("run", tmp_path, "--recipe", "salesbot", "--out", out, "--model", "none", "--count", 5)
    assert ran.exit_code == 0, ran.output
    for row in read(out / "dialogues.jsonl"):
        assert [turn["utterance"] for turn in row["turns"][:3]] == [said for _, said in TALK[:3]]
        assert row["services"][0] == "Workshops_1"


def test_a_detector_finds_what_is_of_one_domain_alone() -> None:
    api, score = DETECTOR.best("We rented such a lovely cottage")
    assert api and api.name == "Cottages_1.FindCottage" and score >= SHOWN
    assert DETECTOR.best("What is the name of your friend?")[0] is None and DETECTOR.best("")[0] is None
    assert Detector(()).best("a cottage") == (None, 0.0)
    assert all(nouns(each, DETECTOR) for each in SERVICES)


def test_our_small_talk_shows_nothing_before_it_is_meant_to() -> None:
    lines = [line for lang in ("en", "zh") for key in ("open", "on") for pair in smalltalk(lang)[key] for line in pair]  # type: ignore[arg-type]
    assert len(lines) > 20 and not [line for line in lines if DETECTOR.best(line)[0]]


def test_a_transition_that_comes_late_or_to_another_service_is_refused(made: Path) -> None:
    dialogue = sgd.parse(read(made / "dialogues.jsonl")[0])
    sales = dialogue.extra["sales"]
    other = next(each.name for each in SERVICES if each.name != sales["service"])
    for change in ({"service": other}, {"intent": "FlyToTheMoon"}):
        assert unseen(replace(dialogue, extra={"sales": {**sales, **change}}), DETECTOR)
    early = replace(dialogue.turns[0], text="My cottage, my sailing, my workshop.")
    assert unseen(replace(dialogue, turns=(early, *dialogue.turns[1:])), DETECTOR)


def test_bad_input_is_listed_at_once(tmp_path: Path) -> None:
    spoilt: dict[str, Any] = json.loads(json.dumps(worlds.BOATS))
    spoilt["slots"][2]["possible_values"] = []
    path = worlds.written(tmp_path, spoilt)
    messages = [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hi."}]
    (tmp_path / "talk.jsonl").write_text(json.dumps({"messages": messages}) + "\n")
    found = call("run", tmp_path, "--recipe", "salesbot", "--dry-run", "--out", tmp_path / "out")
    lines = found.stdout.splitlines()
    assert found.exit_code == 2
    assert f"{path}: Boats_1.passengers: categorical, but without values" in lines
    assert f"{tmp_path / 'talk.jsonl'}: turns: no talk comes near to an intent of the schema" in lines
    wrong = call("run", tmp_path, "--recipe", "salesbot", "--model", "none", "--out", tmp_path / "out")
    assert wrong.exit_code == 2 and not (tmp_path / "out").exists()
