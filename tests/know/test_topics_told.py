"""Documents: what a user may ask about, which passage a viewer's question goes to, and what is quoted of it."""

from hypothesis import given
from hypothesis import strategies as st

from millstream import documents
from millstream.know.documents import Topic, sentences, topics, unquoted
from millstream.records import Act, Evidence, Fact, Passage, Signal, Turn

POLICY = """# Saltbox: house policy

*Fiction.*

## Corkage
$18 a bottle, at most two bottles a table. No corkage on Wednesdays.

## Dogs
- Dogs are welcome on the patio only.

## Wall charger
With an electric car, the home charger is put up free of charge. Beyond 30 metres, $9 a metre.
"""
ROW = (Evidence(source="list", kind="row", at=(1,)),)
FACTS = (
    Fact(entity="Leaf", attribute="energy", value="electric", evidence=ROW),
    Fact(entity="Stone", attribute="energy", value="petrol", evidence=ROW),
)


def passages(text: str = POLICY) -> list[Passage]:
    return list(documents.sections("policy", text))


def asked(text: str, slot: str = "") -> Signal:
    said = Evidence(source="talk", kind="cues", track="chat", at=(1,), quote=text)
    return Signal(kind="user_question", text=text, slot=slot, lang="en", evidence=(said,))


def found(*signals: Signal, text: str = POLICY) -> dict[str, Topic]:
    return {each.title: each for each in topics(passages(text), signals, "en", FACTS, ["energy"])}


def test_a_section_with_a_title_that_can_be_said_is_a_topic() -> None:
    assert list(found()) == ["Corkage", "Dogs", "Wall charger"]
    assert found()["Dogs"].answer() == "Dogs are welcome on the patio only."
    assert found(text="## 停车\n门口免费停车。") == {}, "in another language"
    assert found(text="## Wine\n" + "word " * 60) == {}, "nobody reads out so much"


def test_a_question_goes_to_the_passage_it_shares_most_with() -> None:
    line = asked("is there corkage on wednesdays")
    corkage = found(line, line, asked("do you have corkscrews"))["Corkage"]
    assert [(each.text, each.ref) for each in corkage.asked] == [(line.text, line.id)]
    assert corkage.answer(line.text).startswith("No corkage on Wednesdays.")


def test_what_has_a_slot_names_a_thing_or_is_somebodys_own_is_not_asked_again() -> None:
    long = "so tell me please is there any corkage at all on wednesdays"
    for signal in (asked("corkage on wednesdays?", "corkage"), asked("leaf corkage on wednesdays?"), asked(long)):
        assert not any(each.asked for each in found(signal).values()), signal.text


def test_a_passage_is_of_the_things_it_names_or_whose_kind_it_names() -> None:
    assert found()["Wall charger"].about == {"Leaf"}
    assert found()["Dogs"].is_about("Stone")
    house = found(text=POLICY.replace("Saltbox: house policy", "Stone: house policy"))
    assert {each.about for each in house.values()} == {frozenset({"Stone"})}


def test_a_chinese_house_is_the_first_part_of_its_rooms() -> None:
    told = list(documents.sections("a", "# 望潮度假村须知\n\n虚构。\n\n## 宠物\n不接待宠物。"))
    names = ("望潮度假村 大床房", "云栖客栈 大床房")
    rooms = [Fact(entity=each, attribute="bed", value="大床", evidence=ROW) for each in names]
    (topic,) = topics(told, [], "zh", rooms, [])
    assert topic.about == {"望潮度假村 大床房"}


def resting(evidence: tuple[Evidence, ...], act: str = "inform_passage") -> Turn:
    return Turn(role="agent", text="x", state=(), stage="inform", acts=(Act(act=act),), grounding=evidence)


def test_only_what_the_evidence_holds_is_a_quote() -> None:
    corkage = resting(passages()[1].evidence)
    assert unquoted("No corkage, ever.", corkage) == "No corkage, ever."
    assert unquoted("No corkage on Wednesdays, anything else?", corkage).strip() == ", anything else?"
    assert unquoted("No corkage on Wednesdays.", resting(ROW)) == "No corkage on Wednesdays."


def test_what_a_host_said_is_a_quote_where_it_is_passed_on() -> None:
    said = (Evidence(source="talk", kind="cues", track="speech", at=(1,), quote="宝宝椅有的 店里十几张 我先涮一片"),)
    assert unquoted("宝宝椅有的，店里十几张，还有别的想问的吗？", resting(said)).strip() == "还有别的想问的吗？"
    assert unquoted("宝宝椅没有，店里十几张。", resting(said)).strip() == "宝宝椅没有，", "another thing"
    assert unquoted("宝宝椅有的。", resting(said, "inform")) == "宝宝椅有的。"
    heard = "宝宝椅有的时候没有 350 high chairs and a freezer"
    cut = (Evidence(source="talk", kind="cues", track="speech", at=(1,), quote=heard),)
    assert unquoted("宝宝椅有的。", resting(cut)) == "宝宝椅有的。"
    assert unquoted("Free, 35%!", resting(cut)) == "Free, 35%!"


@given(st.text(alphabet="ab 。.!\n-*12", max_size=60))
def test_sentences_stand_in_the_text(text: str) -> None:
    assert all(each in text for each in sentences(text))
