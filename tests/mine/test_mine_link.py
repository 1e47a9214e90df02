"""Who answered whom, with a clock and without one."""

from millstream import domain as domains
from millstream.mine.cast import cast
from millstream.mine.clean import Said
from millstream.mine.link import link, packaged
from millstream.mine.linking.speech import Speech
from millstream.mine.replies import in_threads, in_turns
from millstream.mine.topics import Topics
from millstream.records import Cue

CARS = Topics(domains.read("automotive"), ("青屿E7", "青屿E9"))


def speech(*lines: tuple[float, str]) -> list[Cue]:
    return [
        Cue(recording="r", track="speech", n=n, start=at, end=at + 2, text=text) for n, (at, text) in enumerate(lines)
    ]


def chat(n: int, at: float, text: str, author: str = "") -> Cue:
    return Cue(recording="r", track="chat", n=n, start=at, end=at, text=text, author=author or f"v{n:06x}")


def linked(lines: list[Cue], said: list[Cue]) -> dict[int, list[int]]:
    found = link([Said(cue, (cue,)) for cue in lines], Speech(said, CARS, lines), packaged())
    return {each.said.cue.n: [cue.n for cue in each.answer] for each in found}


SAID = speech(
    (10, "欢迎新来的家人"),
    (14, "好多人问首付啊"),
    (17, "E7首付三万就能开走"),
    (24, "来 天窗有的 全景的"),
    (40, "点点关注 不迷路"),
)


def test_a_question_is_linked_to_what_answers_it_and_not_to_what_comes_next() -> None:
    assert linked([chat(0, 8, "E7首付多少")], SAID) == {0: [2]}


def test_one_answer_serves_several_viewers_and_others_get_none() -> None:
    lines = [
        chat(0, 7, "首付多少"),
        chat(1, 9, "首付要几万"),
        chat(2, 9.5, "有天窗吗"),
        chat(3, 9.7, "能团购吗 我们单位五个人"),
    ]
    found = linked(lines, SAID)
    assert found[0] == found[1] == [2] and found[2][0] == 3
    assert 3 not in found


def test_words_that_two_cues_say_take_nobody_up() -> None:
    """Late, and said twice: which of them answers is for the weights to tell."""
    said = speech((10, "欢迎新来的家人"), (60, "来 天窗有的 全景的"), (80, "天窗这个配置"))
    assert linked([chat(0, 9.5, "有天窗吗")], said) == {}
    assert linked([chat(0, 9.5, "有天窗吗")], said[:2]) == {0: [1]}


def test_the_next_line_answers_where_it_says_none_of_the_words() -> None:
    """ "How long is the guarantee", "a year, I mend it myself": no word is shared."""
    said = speech((4, "欢迎新来的家人"), (12, "一年 坏了您寄回来我修"), (40, "点点关注 不迷路"))
    assert linked([chat(0, 10, "保多久")], said) == {0: [1]}


def test_a_wish_that_is_no_question_is_answered() -> None:
    said = speech((10, "续航六百一 市区开够用"), (40, "点点关注 不迷路"))
    assert linked([chat(0, 8, "E7续航")], said) == {0: [0]}


def test_nothing_is_answered_before_it_is_asked() -> None:
    assert linked([chat(0, 30, "E7首付多少")], SAID) == {}


def test_another_entity_is_another_answer() -> None:
    assert linked([chat(0, 8, "E9首付多少")], SAID) == {}


def test_a_viewer_called_by_name_is_answered() -> None:
    said = speech((5, "v00000a是吧"), (8, "那得看您征信的情况"))
    assert linked([chat(10, 2, "我这种情况能办下来吗")], said) == {10: [1]} or linked(
        [chat(10, 2, "我这种情况能办下来吗")], said
    ) == {10: [0, 1]}


def test_an_answer_ends_at_a_pause() -> None:
    said = speech((10, "E7续航六百一"), (12.1, "市区开够用"), (30, "咱们看下一台"))
    assert linked([chat(0, 6, "E7续航多少")], said) == {0: [0, 1]}


def test_empty_is_empty() -> None:
    assert linked([], []) == {} and linked([chat(0, 1, "首付多少")], []) == {}


def comment(n: int, text: str, author: str, reply_to: int | None = None) -> Cue:
    kind = "" if reply_to is None else "reply"
    return Cue(
        recording="r",
        track="comment",
        n=n,
        start=None,
        end=None,
        text=text,
        author=author,
        reply_to=reply_to,
        kind=kind,
    )


THREADS = [
    comment(0, "早餐几点", "vaaaaaa"),
    comment(1, "同问早餐", "vbbbbbb", 0),
    comment(2, "七点到十点", "vhotell", 0),
    comment(3, "谢谢", "vaaaaaa", 0),
    comment(4, "能带狗吗", "vcccccc"),
    comment(5, "可以的", "vhotell", 4),
    comment(6, "好美", "vdddddd"),
    comment(7, "确实美", "vaaaaaa", 6),
]


def test_the_account_is_who_answers_others() -> None:
    people = cast(THREADS)
    assert {cue.author for cue in people.replies} == {"vhotell"}
    assert len(people.viewers) == 6
    assert cast([comment(0, "a", "x"), comment(1, "b", "y", 0)]).replies == ()


def test_replies_go_to_the_question_of_their_thread() -> None:
    people = cast(THREADS)
    found = in_threads(THREADS, people.replies)
    assert [([cue.n for cue in each.said.cues], [cue.n for cue in each.answer]) for each in found] == [
        ([0, 1], [2]),
        ([4], [5]),
    ]


def test_threads_in_a_circle_end() -> None:
    circle = [comment(0, "a", "x", 1), comment(1, "b", "y", 0), comment(2, "c", "z", 9)]
    assert cast(circle).replies == () and in_threads(circle, ()) == []


def turn(n: int, speaker: str, text: str) -> Cue:
    return Cue(recording="r", track="speech", n=n, start=None, end=None, text=text, speaker=speaker)


def test_in_a_call_the_agent_answers_until_the_customer_speaks() -> None:
    call = [
        turn(0, "客服", "您好"),
        turn(1, "v111111", "首付多少"),
        turn(2, "客服", "三万"),
        turn(3, "客服", "分五年"),
        turn(4, "v111111", "好"),
    ]
    people = cast(call)
    assert [cue.n for cue in people.viewers] == [1, 4]
    found = in_turns(people.turns, people.viewers)
    assert [(each.said.cue.n, [cue.n for cue in each.answer]) for each in found] == [(1, [2, 3])]


def test_without_roles_the_agent_is_who_asks_less() -> None:
    call = [
        turn(0, "v1", "how much is it"),
        turn(1, "v2", "twelve euros"),
        turn(2, "v1", "is it open on sunday?"),
        turn(3, "v2", "yes"),
    ]
    assert [cue.n for cue in cast(call).host] == [1, 3]
