"""Lines are written one goal a call: under a view, checked, named faults in the next try, compared in both orders."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from millstream.backends import scripted
from millstream.chat import Message, Reply, Request
from millstream.crowd import judging
from millstream.crowd.asking import Asker
from millstream.crowd.checks import Against, Fault, strangers
from millstream.crowd.data import chosen, demonstrations, locales
from millstream.crowd.scenarios import localised, opened
from millstream.crowd.talk import Line, Talk
from millstream.crowd.writing import HEARD, Writer, bare
from millstream.records import Reject

EVERY = locales("en,fr", ())
OWN = ("I bake my own bread every Sunday.",)
OTHERS = ("I sing in a choir at the cathedral.",)
LINES = [
    "Morning, bit chilly out here today, isn't it?",
    "It is rather, but I like this sort of weather.",
    "What do you get up to at the weekend then?",
    "Mostly singing, I am in a choir at the cathedral.",
    "How lovely, I stay at home and bake my own bread.",
    "Do you really, what kind of bread do you make?",
    "Rye on most Sundays, and something sweet for the kids.",
    "Well, I must dash now, see you around, bye!",
]


def against(lang: str = "en") -> Against:
    (locale,) = (each for each in EVERY if each.code == lang)
    (premise,) = opened([(OWN, OTHERS)], chosen("small_talk"), {"neighbours"}, 1, 0)
    return Against(localised(premise, locale, 0), locale, demonstrations(), strangers(locale, EVERY, demonstrations()))


def body(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.body)
    return found


def kind(request: Request) -> str:
    return "line" if "response_format" in body(request) else "letter"


def answered(line: Callable[[Request], list[str]], choice: str = "A", seen: list[Request] | None = None) -> Asker:
    async def chat(request: Request) -> Reply:
        if seen is not None:
            seen.append(request)
        if kind(request) == "letter":
            return Reply((choice,))
        return Reply(tuple(json.dumps({"line": each}) for each in line(request)))

    return Asker(chat, "m", 2, 0.6)


def turn(request: Request) -> int:
    """Which line of the talk is asked for: what was said stands between the marks."""
    talk = body(request)["messages"][-1]["content"].partition("<talk>")[2].partition("</talk>")[0].strip()
    shown = len(talk.splitlines()) if talk else 0
    return shown if shown < HEARD else next(n for n, line in enumerate(LINES) if talk.endswith(line)) + 1


def writer(asker: Asker, sounds: Any = None) -> Writer:
    return Writer(asker, demonstrations(), sounds, 2, 0)


async def test_a_talk_is_written_and_each_side_sees_its_own_side() -> None:
    seen: list[Request] = []
    made = await writer(answered(lambda asked: [LINES[turn(asked)]], seen=seen)).talk(against())
    assert isinstance(made, Talk) and [each.text for each in made.lines] == LINES
    for n, request in enumerate(seen):
        shown = json.dumps(body(request)["messages"], ensure_ascii=False)
        assert (OTHERS[0] if n % 2 == 0 else OWN[0]) not in shown
        assert (against().cell.ground in shown) == (n == 0) and against().cell.scene in shown
        assert shown.count("Marta") > 2 and "Write in English." in shown


async def test_the_examples_are_english_whatever_is_asked_for() -> None:
    seen: list[Request] = []
    await writer(answered(lambda asked: ["Ah oui ?"], seen=seen)).talk(against("fr"))
    rules, *examples, last = body(seen[0])["messages"]
    assert [each["role"] for each in examples] == ["user", "assistant"] * (len(examples) // 2) and rules[
        "role"
    ] == "system"
    assert "forty broken radios" in json.dumps(examples) and "français" not in json.dumps(examples, ensure_ascii=False)
    assert "uniquement en français" in last["content"]


async def test_without_a_sound_wording_the_talk_ends_with_the_reason() -> None:
    seen: list[Request] = []
    made = await writer(answered(lambda asked: ["这是中文，不是法语。"], seen=seen)).talk(against("fr"))
    assert isinstance(made, Reject) and made.step == "line script" and made.item == "open-0-fr"
    assert len(seen) == 2 and "Not like this: 100% of the letters" in body(seen[1])["messages"][-1]["content"]


async def test_what_says_an_example_in_other_words_is_dropped() -> None:
    async def all_of_them(texts: Sequence[str], private: bool) -> list[Fault | None]:
        assert private
        return [Fault("copy", "says what an example says") for _ in texts]

    made = await writer(answered(lambda asked: [LINES[turn(asked)]]), all_of_them).talk(against())
    assert isinstance(made, Reject) and made.step == "line copy"


async def test_two_sound_wordings_are_compared_in_both_orders() -> None:
    wordings = ["Morning, bit chilly out here today, isn't it?", "Hello there, what lovely sunshine we have!"]
    first = answered(lambda asked: wordings)  # whoever always says A changes its mind with the places
    line, _ = await writer(first).line(against(), [], against().cell.premise.goals[0])
    assert line and line.text == wordings[0] and line.chosen == "likelihood" and line.drawn == line.sound == 2

    async def chat(request: Request) -> Reply:
        if kind(request) == "line":
            return Reply(tuple(json.dumps({"line": each}) for each in wordings))
        told = body(request)["messages"][-1]["content"]
        return Reply(("A" if f"<A>{wordings[1]}" in told else "B",))

    line, _ = await writer(Asker(chat, "m", 2, 0.6)).line(against(), [], against().cell.premise.goals[0])
    assert line and line.text == wordings[1] and line.chosen == "orders"


async def test_the_wording_nearest_to_its_goal_is_taken() -> None:
    async def near(texts: Sequence[str], goal: str) -> list[float]:
        return [float("weather" in text) for text in texts]

    asker = answered(lambda asked: ["Morning, good to see you!", "Morning, what lovely weather!"])
    made = Writer(asker, demonstrations(), None, 1, 0, near)
    line, _ = await made.line(against(), [], against().cell.premise.goals[0])
    assert line and line.text == "Morning, what lovely weather!" and line.chosen == "goal"


async def test_what_was_said_before_is_cut_out_of_a_wording() -> None:
    said = "I bake my own bread every Sunday morning."
    goal = against().cell.premise.goals[0]
    before = [Line(side=1, text=said, goal=goal, drawn=1, sound=1)]
    line, wrong = await writer(answered(lambda asked: [f"{said} And you, what do you do?"])).line(
        against(), before, goal
    )
    assert line and line.text == "And you, what do you do?" and not wrong


async def test_what_is_no_json_is_no_wording() -> None:
    asker = Asker(scripted.connect(lambda asked: "Sure, here is a line:"), "m", 2, 0.6)
    assert not await asker.lines([Message("user", "x")], "^.+$", "x", 0, "line")


def test_a_label_and_quotation_marks_are_no_part_of_a_line() -> None:
    assert bare("小雨：你好！", "小雨") == "你好！" and bare("« Bonjour ! »", "Léa") == "Bonjour !"
    assert bare("Tom: Hi!", "Grace") == "Tom: Hi!"


async def written(lines: Sequence[str] = LINES) -> Talk:
    made = await writer(answered(lambda asked: [lines[turn(asked)]])).talk(against())
    assert isinstance(made, Talk)
    return made


async def test_whoever_contradicts_in_both_orders_is_named() -> None:
    made = await written()

    async def chat(request: Request) -> Reply:
        told = body(request)["messages"][-1]["content"]
        return Reply(("A" if "A = it contradicts" in told else "B",))

    assert await judging.contradicts(Asker(chat, "m", 1, 0), made) == made.cell.names[0]
    assert not await judging.contradicts(answered(lambda asked: [], "B"), made)


async def test_a_talk_that_says_the_same_is_a_double() -> None:
    made = await written()
    again = made.model_copy(update={"cell": made.cell.model_copy(update={"names": ("Tom", "Ben")})})
    other = made.model_copy(update={"lines": made.lines[:3]})
    number = made.cell.premise.model_copy(update={"number": 1})
    twin = again.model_copy(update={"cell": made.cell.model_copy(update={"premise": number})})
    assert judging.doubles([made, other, twin]) == {"open-1-en": "open-0-en"}
