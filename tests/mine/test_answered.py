"""What of a host's words settles a question: few are found, and those are right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.frames import RUN, units
from millstream.heard import verbatim
from millstream.mine.answered import answering, asking, asks_once
from millstream.mine.words import nameless
from millstream.records import Lang


@pytest.mark.parametrize(
    ("lang", "question", "told", "settled"),
    [
        ("zh", "有宝宝椅吗", "宝宝椅有的 店里十几张 我先涮一片给你们看啊", "宝宝椅有的，店里十几张"),
        ("zh", "保险必须店里买吗", "保险不强制在店里买 您自己有渠道就自己买", "保险不强制在店里买"),
        ("zh", "儿童座椅接口几个", "儿童座椅接口后排两个 左右各一个", "儿童座椅接口后排两个"),
        ("zh", "肉桂酸不酸 我胃不好", "肉桂不酸 它是炭焙的", "肉桂不酸"),
        ("zh", "快充支持吗", "快充支持 但是慢一点", "快充支持，但是慢一点"),
        ("zh", "有充电宝吗", "充电宝有的 押金1,200元", "充电宝有的，押金1,200元"),
        ("en", "are dogs allowed", "dogs are allowed inside", "dogs are allowed inside"),
        ("en", "do you have high chairs", "high chairs yes we've got four", "high chairs yes we've got four"),
        ("en", "bar is ok for kids?", "kids at the bar sure until eight", "kids at the bar sure until eight"),
    ],
)
def test_the_clause_that_tells_it_settles_a_question(lang: Lang, question: str, told: str, settled: str) -> None:
    assert answering(question, [told], lang).startswith(settled)


@pytest.mark.parametrize(
    ("lang", "question", "told", "why"),
    [
        ("zh", "试驾送东西吗", "试驾的话 最好提前一天约", "of a test drive, not of a gift"),
        ("zh", "有宝宝椅吗", "v82a048问有没有宝宝椅 稍等啊", "a question read aloud"),
        ("zh", "有天窗没", "天窗我也喜欢 有的人不喜欢", "the host's own"),
        ("zh", "今天有位子吗", "位子有的", "holds for a day"),
        ("zh", "带小孩有推荐吗", "带小孩的 好嘞", "says the question's words and nothing else"),
        ("zh", "后备箱大吗", "后备箱咱们开给大家看", "points at what viewers see"),
        ("zh", "有游泳池吗", "游泳池有的 但是只给成人用的小朋友进不去", "what is left out takes it back"),
        ("en", "can i bring a dog", "you can bring a dog but only on the patio round the back", "takes it back"),
        ("zh", "有宝宝椅吗", "要是有宝宝椅就好了", "wished for"),
        ("zh", "有宝宝椅吗", "宝宝椅以前有", "past"),
        ("zh", "有充电桩吗", "没有充电桩的话就麻烦了", "supposed"),
        ("zh", "主播好", "好的 有的", "no question"),
        ("en", "is the torte nut free", "torte has almonds in it", "of almonds, not of what was asked"),
        ("en", "can we see the boot", "boot let me pop it there you go", "the host's own"),
        ("en", "do you have oat milk", "", "nothing was said"),
    ],
)
def test_what_does_not_surely_settle_it_is_left(lang: Lang, question: str, told: str, why: str) -> None:
    assert answering(question, [told], lang) == "", why


@pytest.mark.parametrize(
    ("lang", "question", "told", "settled"),
    [
        ("zh", "能开发票吗", ["发票可以开的", "十八个月"], "发票可以开的"),
        ("zh", "能开发票吗", ["发票可以开的 十个点"], "发票可以开的，十个点"),
        ("en", "do you have high chairs", ["high chairs yes", "four ninety five"], "high chairs yes"),
    ],
)
def test_what_goes_on_does_so_in_one_line_for_the_next_may_answer_another(
    lang: Lang, question: str, told: list[str], settled: str
) -> None:
    assert answering(question, told, lang) == settled


@pytest.mark.parametrize(
    ("lang", "question", "told"),
    [
        ("en", "is there a lift", ["yes there's a lift", "sorry no I mean there isn't one"]),
        ("en", "is there a lift", ["yes there's a lift in there", "actually wait no there isn't a lift"]),
        ("en", "is there a lift", ["yes there's a lift", "by the stairs", "my mistake it is gone"]),
        ("en", "is there a lift", ["yes there's a lift no wait"]),
        ("en", "do you have parking", ["there's no parking, oh there is parking after six"]),
        ("en", "is there a sunroof", ["yes there's a sunroof", "top trim only mind"]),
        ("zh", "有电梯吗", ["电梯有的", "不对不对 说错了 没有电梯"]),
        ("zh", "有电梯吗", ["电梯有的", "哦说错了啊这栋楼是没有电梯的不好意思"]),
        ("zh", "有电梯吗", ["电梯有的 说错了 没有"]),
        ("zh", "有电梯吗", ["电梯有的", "其实没有的"]),
        ("zh", "有电梯吗", ["电梯有的", "哎呀弄混了 那是隔壁楼"]),
        ("zh", "有电梯吗", ["电梯有的", "抱歉抱歉 是没有的"]),
        ("en", "is there a lift", ["yes there's a lift", "oops that was the other building"]),
        ("zh", "有天窗吗", ["天窗有的哈", "顶配才有的低配没有要自己加装一个"]),
        ("zh", "有天窗吗", ["天窗有的哈 全景的 但是要选装"]),
    ],
)
def test_what_the_host_takes_back_or_narrows_settles_nothing(lang: Lang, question: str, told: list[str]) -> None:
    assert answering(question, told, lang) == ""
    assert answering(question, told[:1], lang, after=" ".join(told[1:])) == "", "in the line after the answer"
    assert len(told) == 1 or answering(question, told[:1], lang).startswith(told[0][:4]), "else it would"


@pytest.mark.parametrize(
    ("lang", "question", "told", "settled"),
    [
        ("zh", "有天窗吗", ["没有的 说错了 天窗有的"], "天窗有的"),
        ("zh", "有天窗吗", ["天窗有的哈 顶配才有"], "天窗有的哈，顶配才有"),
        ("zh", "有电梯吗", ["电梯有的 对不对"], "电梯有的"),
        ("zh", "有电梯吗", ["电梯有的", "我其实最爱爬楼"], "电梯有的"),
        ("en", "is there disabled parking", ["no disabled parking sorry"], "no disabled parking sorry"),
        ("en", "is there a lift", ["actually there's a lift"], "actually there's a lift"),
        ("en", "is there a lift", ["there's a lift", "no problem at all"], "there's a lift"),
    ],
)
def test_what_is_put_right_or_narrowed_in_its_own_words_stays(
    lang: Lang, question: str, told: list[str], settled: str
) -> None:
    assert answering(question, told, lang) == settled


def test_the_name_of_a_thing_is_no_answer() -> None:
    told = ["plum tart is eight dollars"]
    assert answering("is the plum tart sweet", told, "en") == told[0], "by the name alone"
    assert answering("is the plum tart sweet", told, "en", bare="is the           sweet") == ""
    assert answering("肉桂酸不酸", ["肉桂不酸"], "zh", bare="  酸不酸") == "肉桂不酸"


def test_a_reply_to_the_very_question_may_begin_with_a_yes() -> None:
    assert answering("is there aircon", ["Yes in all eight rooms"], "en") == ""
    assert answering("is there aircon", ["Yes in all eight rooms"], "en", direct=True) == "Yes in all eight rooms"


def test_what_is_told_beside_a_question_is_left_out_of_it() -> None:
    assert asking("有电梯吗 爸妈腿不好", "没有电梯，一共两层", "zh") == "有电梯吗"
    assert asking("冬天冷不冷 有暖气吗", "有地暖", "zh") == "", "two questions"
    assert not asks_once("酸不酸 有充电宝吗", "zh") and asks_once("有充电桩吗 山上", "zh")


PIECES = ["宝宝椅", "有", "没有", "能", "带", "吗", "我", " ", "，", "？", "店里", "va1b2c3", "1,200", "22.5"]


@given(
    st.lists(st.sampled_from(PIECES), max_size=14),
    st.sampled_from(["有宝宝椅吗", "能带宝宝椅吗", "宝宝椅几个"]),
)
def test_a_settling_answer_is_the_hosts_own_words_and_short(said: list[str], question: str) -> None:
    told = "".join(said)
    settled = answering(question, [told], "zh")
    assert units(settled) < RUN["zh"]
    assert all(clause in nameless(told) for clause in settled.split("，"))
    assert not settled or verbatim(settled, told) or "va1b2c3" in told, "no figure is cut"
