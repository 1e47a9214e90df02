"""Claims in words: which values are said of which thing, and are they so?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.know.cells import Reader, items, key
from millstream.know.check import Checker
from millstream.know.worked_out import Comparison, Terms
from millstream.records import Evidence, Fact

ROWS = (
    ("Harbour Inn", {"price": "$120", "breakfast": "included", "distance": "6 miles"}),
    ("Mill House", {"price": "$80", "breakfast": "extra", "distance": "3 miles"}),
    ("青屿E9", {"价格": "13.98万元", "续航": "510公里"}),
    ("青屿M8", {"价格": "18.98万元", "续航": "620公里"}),
)


def facts() -> list[Fact]:
    found = []
    for n, (name, cells) in enumerate(ROWS, 1):
        proof = Evidence(source="list", kind="row", at=(n,))
        for slot, value in cells.items():
            number = float("".join(c for c in value if c.isdigit() or c == ".") or "nan")
            late = "2026-05-31" if name == "Mill House" and slot == "price" else ""
            found.append(
                Fact(entity=name, attribute=slot, value=value, evidence=(proof,), number=number, valid_to=late)
            )
    return found


COMPARED = Terms({"cheaper": Comparison("price", True), "便宜": Comparison("价格", True)})
CHECK = Checker(Reader(items(facts())), COMPARED, "2026-05-20")


def verdicts(text: str, *before: str) -> list[str]:
    return [claim.verdict for claim in CHECK.claims(text, before)]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The Harbour Inn is $120 with breakfast included.", "supported"),
        ("the harbour inn is six miles away", "supported"),
        ("The Harbour Inn is $80.", "contradicted"),
        ("The Harbour Inn is $129.", "contradicted"),
        ("青屿E9是13.99万元", "contradicted"),
        ("The Harbour Inn is 3 miles away.", "contradicted"),
        ("青屿E9是十三万九千八", "supported"),
        ("青屿E9续航620公里", "contradicted"),
        ("青屿M8续航620公里", "supported"),
    ],
)
def test_what_is_said_of_a_named_thing(text: str, verdict: str) -> None:
    assert verdicts(text) == [verdict]


def test_what_is_said_without_a_name_is_said_of_the_thing_named_last() -> None:
    assert verdicts("It is 6 miles away.", "How far is the Harbour Inn?") == ["supported"]
    assert verdicts("It is 3 miles away.", "Is it the Mill House?", "No, the Harbour Inn.") == ["contradicted"]


def test_ours_may_be_either_of_two_that_were_offered_together() -> None:
    offered = "The Harbour Inn would suit you, or the Mill House."
    assert verdicts("Breakfast is included.", offered) == ["supported"]
    assert verdicts("It is 6 miles away.", offered, "And the Mill House?") == ["contradicted"]


def test_the_name_behind_a_value_owns_it() -> None:
    said = "The Harbour Inn is $120, the Mill House $80. That is 6 miles for the Harbour Inn and {} on the Mill House."
    assert verdicts(said.format("3 miles")) == ["supported"] * 4
    assert verdicts(said.format("9 miles")) == [*["supported"] * 3, "contradicted"]


def test_a_name_does_not_own_the_sentence_before_its_own() -> None:
    assert verdicts("Six miles, noted. The Mill House is $80.", "The Harbour Inn?") == ["supported", "supported"]
    assert verdicts("Nine miles, noted. The Mill House is $80.", "The Harbour Inn?") == ["contradicted", "supported"]


@pytest.mark.parametrize(
    "asked", ["You said 9 miles, right?", "I have $90 here, was that your line?", "您打的是9公里，对吧？",
              "Breakfast extra or included, which is it?"],
)  # fmt: skip
def test_what_was_meant_is_asked_and_not_claimed(asked: str) -> None:
    assert verdicts(asked, "The Harbour Inn?") == []


def test_a_question_that_names_its_thing_tells_of_it() -> None:
    assert verdicts("The Harbour Inn is $80, right?") == ["contradicted"]
    assert verdicts("It is $80, what do you think?", "The Harbour Inn?") == ["contradicted"]


def test_two_things_in_one_line_are_told_apart() -> None:
    assert verdicts("The Harbour Inn is $120, the Mill House is $80.") == ["supported", "supported"]
    assert verdicts("The Harbour Inn is $80, the Mill House is $120.") == ["contradicted", "contradicted"]


def test_what_held_until_yesterday_has_expired() -> None:
    later = Checker(CHECK.reader, COMPARED, "2026-06-01")
    assert [claim.verdict for claim in later.claims("The Mill House is $80.")] == ["expired"]
    assert verdicts("The Mill House is $80.") == ["supported"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The Mill House is cheaper than the Harbour Inn", "supported"),
        ("The Harbour Inn is cheaper than the Mill House", "contradicted"),
        ("青屿E9比青屿M8便宜", "supported"),
        ("青屿M8比青屿E9便宜", "contradicted"),
    ],
)
def test_a_comparison_is_worked_out(text: str, verdict: str) -> None:
    assert [claim.verdict for claim in CHECK.claims(text) if claim.kind == "compared"] == [verdict]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("At the Harbour Inn two nights come to $240.", "supported"),
        ("At the Harbour Inn two nights come to $260.", "contradicted"),
        ("The Harbour Inn and the Mill House: $200 in all.", "unknown"),
        ("The Harbour Inn and the Mill House: in all $200.", "supported"),
        ("青屿E9两台一共27.96万元", "supported"),
        ("青屿E9两台一共28.96万元", "contradicted"),
    ],
)
def test_a_total_is_worked_out(text: str, verdict: str) -> None:
    found = [claim.verdict for claim in CHECK.claims(text) if claim.kind == "total"] or ["unknown"]
    assert found == [verdict]


def test_what_is_gone_on_the_day_is_not_to_be_had() -> None:
    proof = Evidence(source="list", kind="row", at=(1,))
    day = "2026-05-20"
    that = {"valid_from": day, "valid_to": day}
    gone = Fact(entity="Harbour Inn", attribute="available", value="no", evidence=(proof,), **that)
    for when, verdict in ((day, ["contradicted"]), ("2026-05-21", [])):
        check = Checker(Reader(items([*facts(), gone])), COMPARED, when)
        found = [c.verdict for c in check.claims("You can still book the Harbour Inn.") if c.kind == "to be had"]
        assert found == verdict


def test_that_there_is_none_of_what_there_is_contradicts() -> None:
    assert "contradicted" in verdicts("I do not have any Harbour Inn.")
    assert "contradicted" not in verdicts("The Harbour Inn is not $90.")


def test_a_question_and_an_empty_text_claim_nothing() -> None:
    assert verdicts("Is the Harbour Inn 3 miles away?") == [] == verdicts("")
    assert verdicts("Would you like the Harbour Inn at $80?") == ["contradicted"], "but for a price it names"
    assert Checker(Reader(())).claims("The Harbour Inn is $80.") == []


def test_a_claim_gives_what_it_was_checked_against() -> None:
    (claim,) = CHECK.claims("The Harbour Inn is $80.")
    assert claim.name == "Harbour Inn" and [fact.value for fact in claim.facts] == ["$120"]


@given(st.sampled_from(ROWS[:2]), st.sampled_from(["price", "breakfast", "distance"]), st.sampled_from(ROWS[:2]))
def test_a_told_value_is_supported_just_where_the_thing_has_it(one: tuple, slot: str, other: tuple) -> None:  # type: ignore[type-arg]
    (claim,) = CHECK.claims(f"{one[0]}: {other[1][slot]}")
    assert (claim.verdict == "supported") == (one[1][slot] == other[1][slot])


def test_spellings_of_one_value_share_their_key() -> None:
    assert key("6_miles") == key("6 miles") == key("six miles") and key("jills_house") == key("Jill's house")
    assert key("13.98万元") == key("十三万九千八百元")


def test_the_last_part_of_a_chinese_name_stands_for_it() -> None:
    rooms = [("栖木酒店 木窗大床房", "大床", "328元"), ("栖木酒店 庭院双床房", "双床", "388元")]
    told = [
        Fact(entity=name, attribute=slot, value=value, evidence=(Evidence(source="list", kind="row", at=(n,)),))
        for n, (name, bed, price) in enumerate(rooms, 1)
        for slot, value in (("床铺", bed), ("价格", price))
    ]
    check = Checker(Reader(items(told)))
    said = "房费上，栖木酒店 木窗大床房是328元，庭院双床房是{}元。"
    assert {claim.verdict for claim in check.claims(said.format(388))} == {"supported"}
    assert "contradicted" in {claim.verdict for claim in check.claims(said.format(368))}


def test_the_number_of_a_name_is_no_count() -> None:
    proof = Evidence(source="list", kind="row", at=(1,))
    sets = [Fact(entity="Set Menu for Two", attribute="price", value="$68", number=68, evidence=(proof,)),
            Fact(entity="青屿E5", attribute="价格", value="13.98万元", number=139800, evidence=(proof,))]  # fmt: skip
    check = Checker(Reader(items(sets)))
    for text, verdict in (
        ("For 4 of the Set Menu for Two that is, in total, $136.", "contradicted"),
        ("For 4 of the Set Menu for Two that is, in total, $272.", "supported"),
        ("青屿E5，4份一共69.9万元。", "contradicted"),
        ("青屿E5，4份一共55.92万元。", "supported"),
    ):
        assert [claim.verdict for claim in check.claims(text) if claim.kind == "total"] == [verdict], text


def test_what_is_offered_besides_does_not_take_the_place_of_what_was_offered() -> None:
    offered = "Take the Harbour Inn.", "okay", "It is 6 miles away. Or the Mill House, that works as well."
    assert verdicts("It is 6 miles away.", *offered) == ["supported"]
    assert verdicts("It is 6 miles away, there's also the Mill House.", offered[0]) == ["supported"] * 2


def test_a_name_that_owns_what_is_told_is_named() -> None:
    other = "Take the Harbour Inn."
    assert verdicts("The Mill House's price is $90.", other) == verdicts("The price of the Mill House is $90.", other)


def test_whose_line_it_was_is_a_question() -> None:
    assert not verdicts("Just to check, the line with $50 is yours?", "Take the Harbour Inn.")
