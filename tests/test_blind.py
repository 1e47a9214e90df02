"""The blind sheet gives away nothing but words and is scored as answered; wordings are counted by whose they are."""

from collections import Counter

import blind
import pytest
import wording
from hypothesis import given
from hypothesis import strategies as st

from builders import altered, dialogue
from millstream.conversations import Conversation, Utterance
from millstream.errors import InputError
from millstream.records import Lang, Turn


def talk(corpus: str, n: int, lang: Lang = "en", turns: int = 9) -> Conversation:
    said = tuple(Utterance(role=("user", "agent")[at % 2], text=f"line {at} of {n} {lang}") for at in range(turns))
    return Conversation(corpus=corpus, key=f"{corpus} {n}", lang=lang, turns=said, group=f"{n}")


def sides(count: int = 20) -> tuple[list[Conversation], list[Conversation]]:
    ours = [talk("millstream", n, lang) for lang in ("zh", "en") for n in range(count)]
    real = [talk(name, n, lang) for name in ("sgd", "multiwoz") for lang in ("zh", "en") for n in range(count)]
    return ours, real


def test_half_is_real_in_each_language() -> None:
    found = [blind.hidden(each) for each in blind.pieces(*sides(), 15, 0)]
    assert [sum(each.side == side for each in found) for side in blind.SIDES] == [15, 15]
    for lang in ("zh", "en"):
        assert len({sum((each.side, each.lang) == (side, lang) for each in found) for side in blind.SIDES}) == 1
    assert {each.corpus for each in found} == {"millstream", "sgd", "multiwoz"}
    assert found != sorted(found) and len(set(found)) == 30
    assert found == [blind.hidden(each) for each in blind.pieces(*sides(), 15, 0)]
    assert found != [blind.hidden(each) for each in blind.pieces(*sides(), 15, 1)]


def test_the_sheet_names_no_corpus() -> None:
    page = "\n".join(blind.sheet(blind.pieces(*sides(), 15, 0), 0))
    assert not any(name in page for name in ("millstream", "sgd", "multiwoz"))
    assert page.count(blind.ASKED) == 30 and page.count("\nA: ") + page.count("\nB: ") == 30 * blind.TURNS


def test_too_few_is_one_line() -> None:
    ours, real = sides(3)
    with pytest.raises(InputError, match="3 dialogues of 8 turns or more, 8 are needed"):
        blind.pieces(ours, real, 15, 0)


@pytest.mark.parametrize(
    ("said", "lang", "shown"),
    [
        ("好的, 您要几位?", "zh", "好的，您要几位？"),
        ("好的 谢谢.", "zh", "好的谢谢。"),
        ("12,800元,18:30到", "zh", "12,800元，18:30到"),
        ("12.8万，看 SUV", "zh", "12.8万，看SUV"),
        ("It’s  $20，ok！！", "en", "It's $20,ok!"),
        ("well...", "en", "well."),
    ],
)
def test_turns_are_made_alike(said: str, lang: Lang, shown: str) -> None:
    assert blind.alike(said, lang) == shown


@given(st.lists(st.sampled_from(["real", "ours"]), min_size=30, max_size=30))
def test_what_is_answered_is_scored(given: list[str]) -> None:
    found = blind.pieces(*sides(), 15, 0)
    key = [blind.hidden(each) for each in found]
    parts = "\n".join(blind.sheet(found, 0)).split(blind.ASKED)
    filled = (f"{part}{blind.ASKED} {said}, “line 0”" for part, said in zip(parts, given, strict=False))
    page = "".join(filled) + parts[-1]
    read = blind.answers(page)
    assert [read[n] for n in range(1, 31)] == [(said, "“line 0”") for said in given]
    rows = {row["of"]: row for row in blind.scored(read, key)}
    right = sum(said == truth.side for said, truth in zip(given, key, strict=True))
    assert rows["all"]["right"] == f"{right / 30:.0%}" and rows["real"]["dialogues"] == 15


def test_an_open_answer_is_no_answer() -> None:
    assert blind.answers("\n".join(blind.sheet(blind.pieces(*sides(), 15, 0), 0))) == {}


def worded(turn: Turn, how: str, text: str) -> Turn:
    return altered(turn, worded=how, text=text, draft="How about the Harbour platter at $58?")


def test_near_copies_are_counted_among_the_reworded() -> None:
    base = dialogue(turns=4, lang="en")
    one, two, three, four = base.turns
    made = altered(
        base,
        turns=(
            worded(one, "model", "So, fifty-eight dollars gets you our big seafood plate."),
            worded(two, "model", "How about the Harbour platter for $58?"),
            worded(three, "kept", "How about the Harbour platter at $58?"),
            worded(four, "template", "How about the Harbour platter at $58?"),
        ),
    )
    found = wording.counted([made])
    row = wording.row(("all", "all"), found["all", "all"])
    assert (row["asked"], row["reworded"], row["near-copies of the draft"]) == (3, 2, "50%")
    assert (row["own words"], row["draft kept"], row["bar"]) == ("33%", "33%", "missed")
    assert wording.row(("en", "user"), found["en", "user"])["bar"] == "met"
    with pytest.raises(InputError, match="no turn is in a model's words"):
        wording.row(("all", "all"), Counter(template=2))
