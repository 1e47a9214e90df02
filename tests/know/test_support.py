"""How far a passage supports what is said."""

from hypothesis import given
from hypothesis import strategies as st

from millstream.know.support import over
from millstream.records import Evidence, Passage


def passage(text: str, title: str = "") -> Passage:
    return Passage(text=text, title=title, evidence=(Evidence(source="faq", kind="span", at=(0, len(text))),))


PETS = passage("No, pets are not allowed at this inn.", "Harbour Inn: can I bring my pet?")
FEE = passage("Parking costs 10 dollars a day.", "Harbour Inn: is there parking?")
SUPPORT = over([PETS, FEE])


def test_the_passage_supports_itself_and_its_denial_less() -> None:
    right = SUPPORT.share("Sorry, pets are not allowed at the Harbour Inn. Shall I book it?", PETS)
    assert SUPPORT.share(PETS.text, PETS) == 1 > right
    assert right > SUPPORT.share("Yes, pets are allowed at the Harbour Inn.", PETS)


def test_another_number_supports_less() -> None:
    assert SUPPORT.share("Parking is 10 dollars a day.", FEE) > SUPPORT.share("Parking is 20 dollars a day.", FEE)


@given(st.text(max_size=60), st.sampled_from([PETS, FEE]))
def test_it_is_a_share(said: str, there: Passage) -> None:
    assert 0 <= SUPPORT.share(said, there) <= 1
