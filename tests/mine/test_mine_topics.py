"""What a line is about, also where it was heard wrongly."""

import pytest

from millstream import domain as domains
from millstream.mine.names import heard
from millstream.mine.topics import Topics, asks, forms
from millstream.records import Cue

CARS = Topics(domains.read("automotive"), ("青屿E7", "青屿E9", "青屿C3", "青屿M8"))
MENU = Topics(domains.read("restaurant"), ("Harissa Lamb Shoulder", "Corn Ribs", "Beetroot and Whipped Feta"))


@pytest.mark.parametrize(
    ("text", "names"),
    [("E7多少钱", {"青屿E7"}), ("一七啥价", {"青屿E7"}), ("C三跟M8怎么选", {"青屿C3", "青屿M8"}), ("E8呢", set())],
)
def test_models_by_the_part_that_tells_them_apart(text: str, names: set[str]) -> None:
    assert CARS.about(text).names == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("how much is the lamb", {"Harissa Lamb Shoulder"}),
        ("the Larissa lamb", {"Harissa Lamb Shoulder"}),
        ("corn rib for me", {"Corn Ribs"}),
        ("whiped feta please", {"Beetroot and Whipped Feta"}),
        ("lambada", set()),
    ],
)
def test_dishes_by_a_part_no_other_has(text: str, names: set[str]) -> None:
    assert MENU.about(text).names == names


def test_a_brand_that_all_share_names_none() -> None:
    assert "青屿" not in forms(("青屿E7", "青屿E9", "青屿C3"))
    assert forms(()) == {}


@pytest.mark.parametrize(
    ("text", "slot"),
    [("首付多少", "down_payment"), ("月宫两千", "monthly"), ("这个啥价", "price"), ("守付一万二 现车", "down_payment")],
)
def test_slots_by_name_sound_and_general_words(text: str, slot: str) -> None:
    assert slot in CARS.about(text).slot_names


def test_a_domain_word_is_no_misheard_slot() -> None:
    assert CARS.about("到店试驾").slot_names == frozenset()


@pytest.mark.parametrize("text", ["能便宜吗", "有没有天窗", "多久提车", "is it spicy", "any veggie mains", "hours??"])
def test_questions(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["主播好", "好车", "love this place", "what a joke", "拜拜"])
def test_no_questions(text: str) -> None:
    assert not asks(text)


def test_names_are_heard_where_no_table_gives_them() -> None:
    said = ["we ordered the Lomo saltado here", "the Lomo saltado was huge", "we had the soup", "this is a spoon"]
    cues = [Cue(recording="r", track="speech", n=n, start=n, end=n, text=text) for n, text in enumerate(said)]
    assert heard(cues) == ["Lomo saltado"]
    assert heard([]) == []
