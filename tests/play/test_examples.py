"""Behaviour examples: of the right side, of the same thing first, short, each once."""

from importlib.resources import files

import pytest
import yaml

import builders
from millstream import heard
from millstream.play import prompting
from millstream.play.examples import LONGEST, examples
from millstream.records import Act, Role, Signal, Step


def mined(kind: str, text: str, slot: str = "", answer: str = "") -> Signal:
    evidence = (builders.evidence(text),)
    return Signal.model_validate({"kind": kind, "text": text, "slot": slot, "answer": answer, "evidence": evidence})


def asking(role: Role, draft: str, slot: str = "") -> Step:
    return Step(role=role, acts=(Act(act="request", slot=slot),), state=(), stage="x", draft=draft)


MINED = [
    mined("user_question", "首付多少", "down_payment"),
    mined("exchange", "续航咋样啊", "range", "标的五百二，市区够用"),
    mined("objection", "有点小贵哦", "price"),
    mined("strategy", "咱不玩虚的"),
    mined("fact", "E5十三万九"),
    mined("account", "我们是直营店"),
]


def test_each_side_has_its_own_lines() -> None:
    lines = examples(MINED)
    assert set(lines.like(asking("user", "x"), 9)) == {"首付多少", "续航咋样啊", "有点小贵哦"}
    assert set(lines.like(asking("agent", "x"), 9)) == {"标的五百二，市区够用", "咱不玩虚的"}


def test_the_same_slot_comes_first_then_shared_words() -> None:
    lines = examples(MINED)
    assert lines.like(asking("user", "多久能提车？", "range"))[0] == "续航咋样啊"
    assert lines.like(asking("user", "说实话有点贵", "seats"))[0] == "有点小贵哦"
    assert lines.like(asking("user", "无关"), 1) == ["首付多少"], "ties keep the order of the stream"


def test_a_line_is_short_on_one_line_and_there_once() -> None:
    lines = examples([mined("user_question", "好\n\n长" * 40), mined("objection", " 贵 "), mined("objection", "贵")])
    said = lines.like(asking("user", "x"), 9)
    assert len(said) == 2 and all(len(each) <= LONGEST and "\n" not in each for each in said)


def test_nothing_mined_gives_no_example() -> None:
    assert examples([]).like(asking("user", "x")) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_worked_examples_keep_every_number_and_are_no_copies(lang: str) -> None:
    text = (files("millstream") / "play" / "prompts" / "shots.yaml").read_text(encoding="utf-8")
    shots = yaml.safe_load(text)[lang]
    assert {role for role, _, _ in shots} == {"user", "agent"}
    for _, draft, line in shots:
        assert draft != line
        assert not heard.strange_numbers(line, [draft]) and not heard.strange_numbers(draft, [line]), (draft, line)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_shot_is_a_question_and_its_answer(lang: str) -> None:
    shots = prompting.shots("zh" if lang == "zh" else "en")
    assert [shot.role for shot in shots] == ["user", "assistant"] * (len(shots) // 2)
    assert all(shot.content.count("<draft>") == 1 for shot in shots[::2])
    assert prompting.system("zh" if lang == "zh" else "en").strip()
