"""Segments of speech: anchors by hand, the path over time, change points, and the whole."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from millstream import domain
from millstream.mine.segments import splitting, timeline
from millstream.mine.segments.anchors import anchors
from millstream.mine.segments.segments import segmented, telling
from millstream.records import Cue


def speech(*texts: str, speaker: str = "") -> list[Cue]:
    return [
        Cue(recording="r", track="speech", n=n, start=n * 4.0, end=n * 4.0 + 3, text=text, speaker=speaker)
        for n, text in enumerate(texts)
    ]


def test_a_line_scores_by_the_words_of_one_topic_alone() -> None:
    """Two topics share "room", which then tells nothing; "parking" is of one."""
    known = anchors({"parking": ["parking at the room", "parking costs"], "breakfast": ["breakfast in the room"]})
    scores = known.scores(["room", "is there parking", "we had nothing"])
    assert scores[0].tolist() == [0.0, 0.0] and scores[2].tolist() == [0.0, 0.0]
    assert scores[1, 0] > 3 * timeline.CLEAR and scores[1, 1] == 0


def test_a_line_without_a_sign_stays_with_the_topic_before_it() -> None:
    scores = np.zeros((9, 2))
    scores[[0, 1, 2], 0] = 6.0
    scores[[6, 7, 8], 1] = 6.0
    assert timeline.path(scores) == [0] * 6 + [1] * 3
    scores[4, 1] = timeline.CLEAR + timeline.SWITCH  # one strong sign would have to pay both ways
    scores[5, 0] = 6.0
    assert timeline.path(scores) == [0] * 6 + [1] * 3


def test_a_long_stretch_without_signs_is_of_no_topic() -> None:
    scores = np.zeros((60, 2))
    scores[:3, 0] = scores[-3:, 1] = 6.0
    path = timeline.path(scores)
    assert path[:3] == [0] * 3 and path[-3:] == [1] * 3 and set(path[10:50]) == {-1}
    assert timeline.path(np.zeros((0, 2))) == []


def test_the_cheapest_cuts_are_found() -> None:
    """Two directions, three lines each: apart they cost nothing, together 6 - 18/6 = 3."""
    lines = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 3)
    assert splitting.cuts(lines, 1.0) == [3]
    assert splitting.cuts(lines, 3.5) == []


def test_words_that_change_are_a_cut() -> None:
    beach = ["the beach was sunny", "sunny sand and beach waves", "waves on the sand", "a beach of white sand"]
    train = ["the train ticket was late", "a late train to the station", "station ticket office", "ticket for a train"]
    assert splitting.starts(beach + train) == [4]
    assert splitting.starts(["one line"]) == []
    assert telling(beach, beach + train) == ("beach", "sand", "sunny")


def test_a_host_goes_from_price_to_parking() -> None:
    hotel = domain.read("hotel")
    told = ["the price is 80 a night", "that price is for two", "the price for sunday is lower"]
    told += ["there is parking behind the house", "parking is free", "you can leave the car in the parking garage"]
    found = segmented(speech(*told), hotel, "en")
    assert [each.topic for each in found] == ["price", "parking"]
    assert (found[1].first, found[1].last, found[1].start, found[1].end) == (3, 5, 12.0, 23.0)
    assert segmented([], hotel, "en") == ()


def test_nothing_known_is_told_by_its_own_words() -> None:
    temple = ["turtles everywhere around this temple pond", "so many turtles swimming near temple walls"] * 6
    (found,) = segmented(speech(*temple), domain.read("automotive"), "en")
    assert found.topic == "" and found.score == 0 and found.words == ()


@given(st.lists(st.sampled_from(["how much is it", "the parking is free", "", "哈哈", "beach and sand", "早餐多少钱"])))
def test_every_cue_is_in_one_segment(texts: list[str]) -> None:
    found = segmented(speech(*texts), domain.read("hotel"), "en")
    numbers = [n for each in found for n in range(each.first, each.last + 1)]
    assert numbers == list(range(len(texts)))
