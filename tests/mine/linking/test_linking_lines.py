"""A chat as arrays: who is named, and whose line comes before and after."""

from millstream.mine.linking.lines import Line, Lines

CHAT = Lines(
    [
        Line("bob2", 0, "how do I mount a disk?"),
        Line("anna", 10, "bob2: use mount"),
        Line("carl", 12, "anna joined", system=True),
        Line("bob2", 20, "anna, thanks. bob2 is happy"),
        Line("carl", 30, "@Anna and ann: same here"),
    ]
)


def test_who_is_called_and_who_is_named() -> None:
    bob, anna, carl = (CHAT.names[name] for name in ("bob2", "anna", "carl"))
    assert CHAT.called.tolist() == [-1, bob, -1, anna, -1]
    assert CHAT.named[3].tolist() == [False, True, False, False], "nobody names himself"
    assert CHAT.named[4, anna] and not CHAT.named[4, carl]
    assert not CHAT.named[2].any(), "what the platform writes names nobody"


def test_a_name_may_be_cut_short_where_it_is_the_only_one() -> None:
    cut = Lines([Line("catherine", 0, "hi"), Line("dora", 1, "cath: hello"), Line("cathy", 2, "me too")])
    assert cut.called[1] == -1, "two names begin so"
    alone = Lines([Line("catherine", 0, "hi"), Line("dora", 1, "cath: hello")])
    assert alone.called[1] == alone.names["catherine"]


def test_lines_by_author() -> None:
    assert CHAT.own_before.tolist() == [-1, -1, -1, 0, -1]
    assert CHAT.own_after.tolist() == [3, -1, -1, -1, -1]
    assert CHAT.latest[3].tolist() == [0, 1, 2, -1], "what the platform writes of somebody is no line of his"
    assert CHAT.count[5].tolist() == [2, 1, 1, 1]


def test_nothing_is_no_error() -> None:
    assert len(Lines([])) == 0 and Lines([]).wording.shape[0] == 0
