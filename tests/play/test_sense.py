"""What a small model changes while labels and values stay: each kind is found, and sound wordings pass."""

import pytest

from millstream.play.sense import begins_alike, changed
from millstream.records import Act, Lang, Role, Step


def step(draft: str, act: str, role: Role = "agent", asks: bool = False) -> Step:
    return Step(role=role, acts=(Act(act=act),), state=(), stage="x", draft=draft, asks=asks)


@pytest.mark.parametrize(
    ("lang", "act", "draft", "broken", "sound"),
    [
        ("en", "object", "Others seem to be a bit cheaper.", "others are more expensive", "seen it for less elsewhere"),
        ("zh", "object", "别家好像更便宜点。", "别家好像贵点", "别家便宜些呢"),
        ("zh", "inform", "预算16万以内。", "16万起步", "16万封顶"),
        ("zh", "inform", "座位的话，这款是5座。", "坐吧，这款是5座。", "座位啊，这款是5座。"),
        ("en", "inform", "That said, it feeds 2.", "That's a good point, it feeds 2.", "Still, it feeds 2."),
        ("en", "inform", "It has soy in it.", "Oh, yes, it has soy in it.", "There's soy in it."),
        ("en", "inform", "It's vegetarian.", "It's not vegetarian.", "This one is vegetarian."),
        ("en", "refuse", "I can't go lower.", "I can go lower.", "Lower than that I cannot go."),
        ("zh", "refuse", "这个价让不了。", "这个价能让。", "真让不下来了。"),
        ("en", "request", "cool. is it spicy", "yeah, it's spicy", "ok, is it a spicy one"),
        ("zh", "request", "青屿E7首付多少", "青屿E7首付", "青屿E7首付得掏几万"),
        ("en", "correct", "Nope, starter.", "not dessert, starter, not dessert", "no, a starter"),
        ("zh", "request", "青屿E7提车要等多久？", "青屿E7提车得等几天能提车啊？", "青屿E7得等几天能提车啊？"),
        ("en", "refuse", "I really can't.", "Yes, I really can.", "No, I can't."),
        ("en", "request", "how much, and the spice?", "cost, and how much for spice?", "how much, and how hot?"),
        ("zh", "delay", "不着急", "不急 好的", "不急哈"),
        ("zh", "delay", "不着急", "不急 不急", "不急哈"),
        ("en", "bye", "We're here any time.", "We're here whenever you need to.", "We're here whenever."),
        ("zh", "bye", "好的，再见。", "我走了拜拜 / 再见", "拜拜，再见"),
        ("zh", "inform", "质保这块您放心，是整车4年。", "质保这块我放心，是整车4年。", "质保您放心，整车4年呢。"),
        ("zh", "offer", "我给您推荐青屿E7。", "青屿E7给我推荐。", "那我推荐青屿E7。"),
        ("en", "inform", "I mentioned it earlier.", "You mentioned it earlier.", "As I mentioned earlier."),
        ("zh", "acknowledge", "有点超了，不过可以先听听。", "有点超了，而且可以先听听。", "超了点，先听听也可以。"),
        ("zh", "inform_intent", "想换一台，推荐哪台？", "想换一台看看？推荐哪台？", "想换一台看看，推荐哪台？"),
        ("en", "inform", "You should know it has soy.", "You should know it has soy, you know.", "There is soy."),
        ("zh", "acknowledge", "超预算了啊，先说说看吧。", "超预算了 这次先不要了", "超预算了 先说说看"),
        ("en", "acknowledge", "That's over my budget, but go on.", "over budget, never mind", "over budget, go on"),
        ("zh", "accept", "行，青屿C5介绍一下。", "行，青屿C5介绍", "行，青屿C5介绍下"),
    ],
)
def test_a_changed_sense_is_found_and_other_words_are_not(
    lang: Lang, act: str, draft: str, broken: str, sound: str
) -> None:
    assert list(changed(broken, step(draft, act), lang))
    assert not list(changed(sound, step(draft, act), lang))


def test_who_tells_what_it_wishes_asks_nothing() -> None:
    told = step("额，续航得600公里往上。", "inform", "user")
    assert list(changed("额，续航得600公里往上能跑多远呢", told, "zh"))
    assert not list(changed("续航不能少于600公里呢", told, "zh"))


def test_who_confirms_may_begin_with_a_yes() -> None:
    draft, text = "Lovely, noted.", "Sure, noted."
    assert not list(changed(text, step(draft, "confirm_booking"), "en"))
    assert list(changed(text, step(draft, "inform"), "en"))


def test_a_short_clause_of_a_line_shown_may_be_taken_over() -> None:
    assert list(changed("老板大气，拜拜", step("拜拜", "bye"), "zh", [])) == []
    assert list(changed("发财呀，拜拜", step("拜拜", "bye"), "zh", []))
    assert not list(changed("发财呀，拜拜", step("拜拜", "bye"), "zh", ["祝您发财"]))


def test_two_turns_of_one_speaker_do_not_begin_with_the_same_nod() -> None:
    assert begins_alike("好的，有现车。", "好的，续航是520公里。", "zh")
    assert not begins_alike("有现车。", "好的，续航是520公里。", "zh")
    assert not begins_alike("This one is mild.", "This one is mild.", "en")
