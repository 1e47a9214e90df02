"""Nothing personal passes the door, and prices and model names do."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.mine.door import admit, looked, masked, pseudonym
from millstream.records import Cue, TrackName

KEY = b"a key for one run"


def cue(n: int, text: str, author: str = "", track: TrackName = "chat", speaker: str = "") -> Cue:
    who = {"author": author, "speaker": speaker}
    return Cue(recording="r", track=track, n=n, start=float(n), end=None, text=text, **who)


def through(*cues: Cue, keep: tuple[str, ...] = ()) -> tuple[list[Cue], Counter[str]]:
    notes: Counter[str] = Counter()
    return list(admit(cues, KEY, notes, keep)), notes


def test_names_become_pseudonyms_also_read_aloud() -> None:
    seen, notes = through(
        cue(0, "how much is it", "Marta_88"),
        cue(1, "首付多少", "爱吃鱼的老王"),
        cue(0, "so marta asks how much and 爱吃鱼的老王问首付", track="speech"),
        cue(2, "@MARTA_88 look it up", "Zed77"),
    )
    marta, wang = pseudonym("Marta_88", KEY), pseudonym("爱吃鱼的老王", KEY)
    assert seen[0].author == marta and len(marta) == 7 and marta[0] == "v"
    assert seen[2].text == f"so {marta} asks how much and {wang}问首付"
    assert seen[3].text == f"@{marta} look it up"
    assert notes["named"] == 3


def test_a_common_word_is_a_name_only_after_an_at() -> None:
    said = (cue(0, "hi", "lemon"), cue(1, "lemon please, @lemon"), cue(2, "hi", "666"), cue(3, "666"))
    seen, _ = through(*said)
    assert seen[1].text == f"lemon please, @{pseudonym('lemon', KEY)}"
    assert seen[3].text == "666"


def test_a_part_of_a_name_is_recognised_where_it_is_written_as_a_name() -> None:
    seen, _ = through(
        cue(0, "is it nut free", "nutfree_nadia"),
        cue(1, "我跑长途", "老周跑长途"),
        cue(0, "Nadia no, we have walnuts, nadia", track="speech"),
        cue(1, "老周您上插混", track="speech"),
    )
    nadia, zhou = pseudonym("nutfree_nadia", KEY), pseudonym("老周跑长途", KEY)
    assert [each.text for each in seen[2:]] == [f"{nadia} no, we have walnuts, nadia", f"{zhou}您上插混"]


def test_who_is_named_where_no_author_is_called_so_is_a_pseudonym() -> None:
    seen, notes = through(cue(0, "the booking's under osei for two at seven", track="speech"), cue(1, "订位是廖先生的"))
    assert "osei" not in seen[0].text and "廖" not in seen[1].text and notes["named"] == 2
    kept, _ = through(cue(0, "the booking's under osei for two at seven", track="speech"), keep=("Osei Toast",))
    assert kept[0].text == "the booking's under osei for two at seven"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("i'm felwick f e l w i c k like the village", "i'm V V like the village"),
        ("this is odran quist calling about the ferry", "this is V calling about the ferry"),
        ("hi am i speaking with odran quist", "hi am i speaking with V"),
        ("good morning odran quist from the gym here", "good morning V from the gym here"),
        ("Is Mr. Quist in? And Dr Odran Pym?", "Is Mr. V in? And Dr V?"),
        ("Is Mrs O'Brien in, or Ms McDonald's son, or Mr. Müller?", "Is Mrs V in, or Ms V's son, or Mr. V?"),
        ("I asked Ms Anna-Maria Schmidt and Dr D’Angelo", "I asked Ms V and Dr V"),
        ("您好请问是卓弥生吗", "您好请问是V吗"),
        ("班主任覃望舒老师您好，我是家长", "班主任V老师您好，我是家长"),
        ("订单收货人冉一诺，麻烦改成晚上送", "订单收货人V，麻烦改成晚上送"),
    ],
)
def test_who_is_spoken_to_or_of_is_a_pseudonym(said: str, left: str) -> None:
    (seen,), _ = through(cue(0, said, track="speech"))
    assert re.sub("v[0-9a-f]{6}", "V", seen.text) == left


@pytest.mark.parametrize(
    "said",
    [
        "good morning everyone from the moving company",
        "am i speaking with a human",
        "the brand is norwick n o r w i c k",
        "a Dr Pepper and Mr Kipling cakes, Ms Office too",
        "请问是现货吗",
        "上周约的，下周二也行",
        "高级教练在吗",
    ],
)
def test_where_nobody_is_named_nothing_changes(said: str) -> None:
    (seen,), _ = through(cue(0, said, track="speech"))
    assert seen.text == said


def test_entity_names_stay_though_an_author_bears_one() -> None:
    seen, _ = through(cue(0, "hi", "星河S7"), cue(1, "星河S7多少钱"), keep=("星河S7",))
    assert seen[1].text == "星河S7多少钱"


def test_what_a_thing_is_called_stays_behind_a_title_but_no_piece_of_a_word() -> None:
    said = (cue(0, "the Mr Whisk is 45 and this is a Dr Moth"), cue(1, "ask Mr Whis or Ms Oth"))
    seen, _ = through(*said, keep=("Mr Whisk", "Dr Moth"))
    assert seen[0].text == said[0].text and not {"Whis", "Oth"} & set(seen[1].text.split())


def test_somebody_is_one_person_with_and_without_a_dot_behind_the_title() -> None:
    said = cue(0, "Mr Smith here"), cue(1, "I met Mr. Smith yesterday"), cue(2, "mr smith is in", track="speech")
    seen, _ = through(*said)
    found = [each for cue in seen for each in re.findall("v[0-9a-f]{6}", cue.text)]
    assert found == [pseudonym("Smith", KEY)] * len(found) and len(found) > 1


def test_a_name_inside_a_word_is_no_name() -> None:
    seen, _ = through(cue(0, "hi", "anna"), cue(1, "savannah and Anna"))
    assert seen[1].text == f"savannah and {pseudonym('anna', KEY)}"


def test_a_cue_behind_the_door_is_a_copy_of_its_own() -> None:
    before = cue(4, "hello all", "Marta_88")
    assert before.id
    [behind], _ = through(before)
    as_copied = before.model_copy(update={"author": pseudonym("Marta_88", KEY)})
    assert behind == as_copied and behind.id == as_copied.id != before.id
    assert behind.model_dump_json() == as_copied.model_dump_json() and behind.model_copy() == behind
    assert before.author == "Marta_88"


def test_roles_stay_and_keys_matter() -> None:
    seen, _ = through(cue(0, "您好", speaker="客服"), cue(1, "hello", speaker="SPEAKER_01"))
    assert [each.speaker for each in seen] == ["客服", "SPEAKER_01"]
    assert pseudonym("Marta", KEY) != pseudonym("Marta", b"another")
    assert pseudonym("Marta", KEY) == pseudonym("marta ", KEY)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("打我电话13812345678哈", "打我电话[phone]哈"),
        ("一三八一二三四五六七八打这个", "[phone]打这个"),
        ("门店400-820-8820", "门店[phone]"),
        ("call (212) 555-0199 now", "call [phone] now"),
        ("it's five five five oh one two three four", "it's [phone]"),
        ("mail me at jo.doe@example.org", "mail me at [mail]"),
        ("jo at example dot com", "[mail]"),
        ("加微信car_8899", "加微信[wechat]"),
        ("vx: abc12345 私聊", "vx: [wechat] 私聊"),
        ("QQ群 123456789", "QQ群 [qq]"),
        ("身份证11010519900307123X", "身份证[id]"),
        ("卡号6222 0212 3456 7890 123", "卡号[card]"),
        ("我的车京A12345", "我的车[plate]"),
        ("订单预留手机19900001846", "订单预留手机[phone]"),
        ("手机订单号19900001846", "手机订单号19900001846"),
        ("ping me on 07700900447", "ping me on [phone]"),
        ("加微❤xiao_7518", "加微❤[wechat]"),
        ("加微辣", "加微辣"),
        ("加q：234818657", "加q：[qq]"),
        ("on telegram i'm brindle nine seven three", "on telegram i'm [handle]"),
        ("nino: QQ885142B", "nino: [id]"),
        (
            "my social security number is nine eight seven six five four three two nine",
            "my social security number is [id]",
        ),
        ("寄到翠湖名邸b座一五零六", "寄到[address]"),
        ("send the refund check to 904 Willow Bend Road", "send the refund check to [address]"),
    ],
)
def test_what_belongs_to_a_person_is_masked(text: str, left: str) -> None:
    assert masked(text, looked(text).hits, Counter()) == left


@pytest.mark.parametrize(
    "text",
    ["Q5落地23.98万", "12到15万", "2025款1.5T", "首付两万八 月供2500", "room 1204, 8 pm", "$24 or 3 for 60"],
)
def test_prices_and_models_are_not(text: str) -> None:
    assert masked(text, looked(text).hits, Counter()) == text


@pytest.mark.parametrize(
    "text",
    [
        "我才14 以后长大了买",
        "我今年15岁能试驾吗",
        "我还是初中生",
        "我上初二",
        "im 13 lol",
        "I'm 12 years old",
        "i'm in 8th grade",
    ],
)
def test_minors_are_dropped_with_all_they_said(text: str) -> None:
    seen, notes = through(cue(0, "这车真好看", "kid"), cue(1, text, "kid"), cue(2, "多少钱", "other"))
    assert [each.n for each in seen] == [2] and notes["minor"] == 2


@pytest.mark.parametrize(
    "text",
    ["我儿子15岁", "I'm 15 minutes away", "我15号到店", "i'm 17km from you", "我初三提车", "我才14万预算"],
)
def test_others_are_no_minors(text: str) -> None:
    assert len(through(cue(0, text, "adult"))[0]) == 1


def test_of_a_recording_for_children_nothing_passes() -> None:
    said = [cue(n, "小朋友们跟老师一起唱", track="speech") for n in range(4)]
    assert through(*said) == ([], Counter({"for children": 4}))
    notes: Counter[str] = Counter()
    assert not list(admit([cue(0, "数一数")], KEY, notes, (), "幼儿儿歌大全")) and notes["for children"] == 1


def test_a_value_is_known_again_where_nothing_says_what_it_is() -> None:
    seen, _ = through(cue(0, "微信 fox_7788"), cue(1, "fox_7788 谁加了"), cue(2, "fox 7788"))
    assert [each.text for each in seen] == ["微信 [wechat]", "[wechat] 谁加了", "fox 7788"]


def test_a_mention_of_nobody_known_is_a_handle() -> None:
    seen, _ = through(cue(0, "@quietRiver9 so true"), cue(1, "@主播 多少钱"), cue(2, "2 @ $5 each"))
    assert [each.text for each in seen] == ["@[handle] so true", "@主播 多少钱", "2 @ $5 each"]


def test_names_are_heard_as_they_are_read_aloud() -> None:
    seen, _ = through(
        cue(0, "hi", "big_tuna_77"),
        cue(0, "so big tuna seventy seven asks, hi big tuna", track="speech"),
        cue(1, "大家好我是小美，今天看房", track="speech"),
        cue(2, "小美给大家介绍", track="speech"),
    )
    tuna, mei = pseudonym("big_tuna_77", KEY), pseudonym("小美", KEY)
    assert seen[1].text == f"so {tuna} asks, hi {tuna}"
    assert [each.text for each in seen[2:]] == [f"大家好我是{mei}，今天看房", f"{mei}给大家介绍"]


def test_anonymous_lines_are_dropped_one_by_one() -> None:
    seen, _ = through(cue(0, "我是小学生"), cue(1, "多少钱"))
    assert [each.n for each in seen] == [1]


def test_nothing_in_nothing_out() -> None:
    assert through() == ([], Counter())


@given(st.from_regex(r"[a-z]{6,12}_[0-9]{2}", fullmatch=True), st.text(max_size=30))
def test_no_name_survives(name: str, around: str) -> None:
    seen, _ = through(cue(0, "hi", name), cue(1, f"{around} @{name} {around}"))
    assert all(name not in each.model_dump_json() for each in seen)


def test_a_name_written_as_one_word_is_known_read_aloud_as_several() -> None:
    seen, _ = through(
        cue(0, "hi", "copperkettle"),
        cue(1, "hi", "GreenTea4Life"),
        cue(2, "hi", "ElenaMarkova"),
        cue(0, "copper kettle asks, thanks green tea for life", track="speech"),
        cue(1, "elena asks about the fish", track="speech"),
    )
    kettle, tea, elena = (pseudonym(name, KEY) for name in ("copperkettle", "GreenTea4Life", "ElenaMarkova"))
    assert [each.text for each in seen[3:]] == [f"{kettle} asks, thanks {tea}", f"{elena} asks about the fish"]


def test_a_family_name_alone_is_masked_where_it_is_said() -> None:
    seen, _ = through(cue(0, "我姓孙"), cue(1, "子孙后代"))
    assert [each.text for each in seen] == [f"我姓{pseudonym('孙', KEY)}", "子孙后代"]


@pytest.mark.parametrize(
    "text", ["im 14 is that ok", "8th grader here", "my mom says bedtime", "我初二", "我11岁", "我妈不让网购"]
)
def test_a_minor_is_told_by_what_it_says(text: str) -> None:
    assert looked(text).young


@pytest.mark.parametrize(
    "text", ["i'm 14 episodes in", "i'm a high school teacher", "我15号提车", "我家孩子初二", "im 6ft"]
)
def test_a_grown_up_is_not_taken_for_a_minor(text: str) -> None:
    assert not looked(text).young
