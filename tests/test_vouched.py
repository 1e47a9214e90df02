"""What an agent says beside its acts: courtesies pass; plain words in turns nobody uses, and made-up names, do not."""

import pytest

import builders
from millstream import domain as domains
from millstream.records import Act, Fact
from millstream.shapes import Known
from millstream.vouched import Vouched

TOLD = Act(act="inform", slot="price", value="$9", entity="Corn Ribs")
FACTS = (("Corn Ribs", "price", "$9"), ("Ember Roast Chicken", "highlight", "black pepper crust"))
KNOWN = Known(
    domains.read("restaurant"),
    "en",
    tuple(Fact(entity=e, attribute=s, value=v, evidence=(builders.evidence(v),)) for e, s, v in FACTS),
)


def strange(text: str) -> list[str]:
    return list(Vouched(KNOWN).strange(text, [TOLD], ""))


@pytest.mark.parametrize(
    "text",
    [
        "The Corn Ribs cost $9. Take all the time you need.",
        "I hear what you're saying, it's a lot to think about. The Corn Ribs are $9.",
        "The Corn Ribs are $9. How does that sound?",
        "Good to see you! The Corn Ribs cost $9, just let me know if you have any questions.",
    ],
)
def test_courtesies_pass(text: str) -> None:
    assert strange(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Corn Ribs cost $9. You will see them again in your sleep.",  # plain words, put as nobody does
        "The Corn Ribs cost $9. It never gets any better than this.",
        "The Corn Ribs cost $9. It's peerless.",  # short, and yet it states something
        "The Black Roast Chicken is nice.",  # each of its words is known, the name is not
    ],
)
def test_what_nobody_vouches_for(text: str) -> None:
    assert strange(text)


def test_a_name_behind_a_first_word_is_the_name() -> None:
    assert strange("Then Corn Ribs it is, for $9.") == []
