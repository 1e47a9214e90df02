"""What the host says of what, and what is no fact though a number stands in it."""

import pytest

from millstream import domain as domains
from millstream.mine.corrections import corrections
from millstream.mine.facts import Claims, denied
from millstream.mine.topics import Topics
from millstream.records import Cue

CARS = Topics(domains.read("automotive"), ("青屿E7", "青屿X7", "青屿P5", "青屿S6"))
MENU = Topics(
    domains.read("restaurant"), ("Harissa Lamb Shoulder", "Wild Mushroom Risotto", "Charred Cauliflower Steak")
)
GUESSED = Topics(domains.read("restaurant"), ("Lomo saltado",), guessed=True)


def cues(*texts: str) -> list[Cue]:
    return [
        Cue(recording="r", track="speech", n=n, start=3.0 * n, end=3.0 * n + 2, text=text)
        for n, text in enumerate(texts)
    ]


def claimed(topics: Topics, *texts: str) -> set[tuple[str, str, str]]:
    return {(each.entity, each.slot, each.value) for each in Claims(topics).read(cues(*texts))}


@pytest.mark.parametrize(
    ("texts", "claim"),
    [
        (["E7呢指导价十九万九千八"], ("青屿E7", "price", "十九万九千八")),
        (["十八万九千八是X7"], ("青屿X7", "price", "十八万九千八")),
        (["说说X7", "首付两万八 月供两千六"], ("青屿X7", "monthly", "两千六")),
        (["X7就是七座的"], ("青屿X7", "seats", "七座")),
        (["E7续航六百一十公里"], ("青屿E7", "range", "六百一十公里")),
        (["X7提车大概六到八周"], ("青屿X7", "delivery", "六到八周")),
        (["E7纯电的SUV"], ("青屿E7", "energy", "纯电")),
        (["P五十二万六千八"], ("青屿P5", "price", "十二万六千八")),
    ],
)
def test_what_is_said_of_a_car(texts: list[str], claim: tuple[str, str, str]) -> None:
    assert claim in claimed(CARS, *texts)


@pytest.mark.parametrize(
    "text",
    [
        "预算二十万以内的",
        "隔壁E7便宜两千",
        "您要几座的E7",
        "E7不是十八万",
        "E7是第一台",
        "v123456问E7",
        "我们店开了十二年",
    ],
)
def test_what_is_no_fact_of_a_car(text: str) -> None:
    assert claimed(CARS, text) == set()


def test_captions_break_lines_anywhere() -> None:
    said = claimed(
        MENU,
        "okay the lamb",
        "is 46 and it feeds two people",
        "the mushroom risotto that's",
        "21 and the cauliflower for 19",
    )
    assert said >= {
        ("Harissa Lamb Shoulder", "price", "46"),
        ("Wild Mushroom Risotto", "price", "21"),
        ("Charred Cauliflower Steak", "price", "19"),
    }


def test_an_old_or_far_price_is_nobodys() -> None:
    assert claimed(MENU, "the lamb is ready", *["we love it here"] * 9, "parking is 6 bucks") == set()
    assert ("Harissa Lamb Shoulder", "price", "42") not in claimed(MENU, "the lamb is 46 not 42")


def test_of_guessed_names_only_plain_prices_are_believed() -> None:
    assert claimed(GUESSED, "the Lomo saltado", "it was 18 soles") == {("Lomo saltado", "price", "18 soles")}
    assert claimed(GUESSED, "the Lomo saltado is hot", "the taxi was 18 soles") == set()


def corrected(topics: Topics, *texts: str) -> list[tuple[str, str, str]]:
    said = cues(*texts)
    return [(each.entity, each.slot, each.value) for each in corrections(list(Claims(topics).read(said)), said)]


def test_a_price_taken_back() -> None:
    said = ["E7指导价十八万九千八", "诶刚才那个价格我说错了", "十八万九千八是X7", "E7是十九万九千八"]
    assert corrected(CARS, *said) == [("青屿E7", "price", "十九万九千八")]
    assert corrected(MENU, "the lamb is 42", "no I said it wrong", "the lamb is 46 not 42") == [
        ("Harissa Lamb Shoulder", "price", "46")
    ]


def test_no_correction_without_a_word_or_without_another_value() -> None:
    assert corrected(CARS, "E7指导价十八万九千八", "E7是十九万九千八") == []
    assert corrected(CARS, "E7指导价十八万九千八", "我没说错", "E7是十八万九千八") == []
    assert corrected(CARS) == []


def test_denied_values() -> None:
    assert denied("42", "46 not 42") and not denied("46", "46 not 42")
