"""The realiser of support talk: facts, numbers, names, questions and strategies survive, or the sentence stays."""

import pytest

from millstream.backends import scripted
from millstream.play.strategic import Strategic, changed
from millstream.records import Act, Lang, Persona, Step, Trait, Turn, View
from millstream.strategies import framework
from millstream.support.annotate import ranked

DRAFT = "Your refund of $12.50 will be on your account within 5 days."


def view(draft: str = DRAFT, strategy: str = "ID", must: tuple[str, ...] = ("$12.50",), asks: bool = False) -> View:
    act = Act(act="request" if asks else "inform")
    step = Step(
        role="agent", acts=(act,), state=(), stage="resolving", draft=draft, must=must, strategy=strategy, asks=asks
    )
    nobody = Persona(
        role="agent", domain="support", lang="en", fields=(Trait(name="name", value=None, origin="not_shown"),)
    )
    said = (Turn(role="user", text="How long does it take, Tom?", acts=(), state=(), stage=""),)
    return View(scenario="s", role="agent", persona=nobody, step=step, turns=said, seed=1)


def realiser(*answers: str, lang: Lang = "en") -> Strategic:
    left = list(answers)

    def answer(request: object) -> str:
        return left.pop(0) if len(left) > 1 else left[0]

    def sounds(text: str, strategy: str, first: bool) -> bool:
        return strategy in ranked(text, lang, first)

    return Strategic(scripted.connect(answer), "m", framework(), lang, sounds)


async def test_sound_words_are_taken() -> None:
    said = await realiser("The $12.50 arrive on your account in no more than 5 days.").say(view())
    assert said.worded == "model" and said.text.startswith("The $12.50")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Your refund will be on your account within 5 days, I promise you.", "'$12.50' is not said"),
        ("The $12.50 arrive on your account in no more than 7 days.", "new numbers"),
        ("The $12.50 arrive on your account rather soon, you will see.", "numbers are gone"),
        ("The $12.50 arrive on your account in 5 days, as Miller told us.", "names 'Miller'"),
        ("Will the $12.50 arrive on your account in 5 days at the latest?", "became a question"),
        ("这 $12.50 会在 5 天之内退回您的账户，请您放心等待到账通知。", "another language"),
        ("$12.50 in 5 days", "too long or too short"),
        ("Rewritten: the $12.50 arrive on your account in 5 days or fewer.", "speaks of the task"),
        (DRAFT, "hardly other words"),
        ("", "hardly other words"),
    ],
)
async def test_what_changes_a_turn_is_refused_and_the_sentence_stays(text: str, why: str) -> None:
    assert any(why in each for each in changed(text, view().step, ("How long does it take, Tom?",), "en"))
    said = await realiser(text).say(view())
    assert said.worded == "kept" and said.text == DRAFT


async def test_a_question_stays_one() -> None:
    asking = view("On which day did you get the parcel?", "PR", (), asks=True)
    assert "no longer a question" in list(changed("You got the parcel one day.", asking.step, (), "en"))
    assert "asks for something else" in list(changed("So how may I assist you with that?", asking.step, (), "en"))
    assert not list(changed("When did the parcel get to you, which day?", asking.step, (), "en"))


async def test_words_of_another_strategy_are_refused() -> None:
    recommend = view("I'd suggest we send you a new one at once.", "PS", ())
    made = realiser("A new one is what everybody gets at once here.")
    assert "no longer PS" in list(made.faults("A new one is what everybody gets at once here.", recommend))


async def test_the_second_try_is_used() -> None:
    said = await realiser("No.", "The $12.50 arrive on your account in no more than 5 days.").say(view())
    assert said.worded == "model"
