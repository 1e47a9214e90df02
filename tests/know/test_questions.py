"""Questions of a snapshot: whose passage is the gold, what is kept once, and what a model may word."""

from builders import altered, dialogue
from millstream import domain as domains
from millstream.backends import scripted
from millstream.chat import Request
from millstream.know import questions
from millstream.records import Act, Evidence, Fact, Passage, Signal, Turn

ROW = Evidence(source="menu", kind="row", at=(1,))
SAID = Evidence(source="s", kind="cues", at=(3,), track="chat", quote="how much")
FACTS = (
    Fact(entity="Corn Ribs", attribute="price", value="$9", evidence=(ROW,)),
    Fact(entity="Corn Ribs", attribute="allergens", value="milk", evidence=(ROW,)),
)
POLICY = Passage(title="Dogs", text="Dogs are welcome outside.",
                 evidence=(Evidence(source="policy", kind="span", at=(10, 35)),))  # fmt: skip
KNOWN = questions.corpus(domains.read("restaurant"), FACTS, [POLICY])
PRICE = KNOWN.of["Corn Ribs", "price"]


def signal(kind: str, text: str, **fields: object) -> Signal:
    given = {"kind": kind, "text": text, "evidence": (SAID,), "entity": "Corn Ribs", "slot": "price"}
    return Signal.model_validate(given | fields)


def test_what_viewers_asked_once_with_the_hosts_answer_first() -> None:
    mined = [signal("user_question", "how much is it?"), signal("exchange", "How much is it", answer="it's 9"),
             signal("exchange", "unsure one", answer="9", confidence=0.3), signal("fact", "it is 9"),
             signal("exchange", "of nothing known", answer="9", entity="Soup")]  # fmt: skip
    (found,) = questions.asked(KNOWN, mined)
    assert (found.text, found.answer, found.gold) == ("How much is it", "it's 9", (PRICE,))


def turn(role: str, text: str, act: Act, *proof: Evidence) -> Turn:
    given = {"role": role, "text": text, "acts": (act,), "state": (), "stage": "needs", "grounding": proof}
    return Turn.model_validate(given)


def test_what_users_ask_in_dialogues_rests_on_what_the_answer_tells() -> None:
    cited = Evidence(source="policy", kind="span", at=(20, 30))
    turns = (
        turn("user", "How much?", Act(act="request", slot="price", entity="Corn Ribs")),
        turn("agent", "It's $9.", Act(act="inform", slot="price", value="$9", entity="Corn Ribs"), ROW),
        turn("user", "Bye", Act(act="bye")),
        turn("user", "And the dog?", Act(act="request_passage", value="Dogs")),
        turn("agent", "Outside, gladly.", Act(act="inform_passage", value="Dogs are welcome outside."), cited),
    )
    found = list(questions.simulated(KNOWN, [altered(dialogue(), turns=turns)]))
    assert [(each.text, each.gold) for each in found] == [("How much?", (PRICE,)), ("And the dog?", (POLICY.id,))]
    assert found[1].before == ("How much?", "It's $9.", "Bye")


async def test_one_synthetic_question_a_passage_in_a_models_words_where_it_has_some() -> None:
    made = questions.synthetic(KNOWN)
    assert [each.gold for each in made] == [(each.id,) for each in KNOWN.passages]
    assert "Corn Ribs" in made[0].text and "Dogs" in made[2].text
    assert made == questions.synthetic(KNOWN)

    def answer(asked: Request) -> str:
        body = asked.body.decode()
        return "Dogs are welcome outside." if "Dogs" in body else " “Are the ribs dear?”\nmore" if "$9" in body else ""

    found = await questions.worded(made, KNOWN.passages, scripted.connect(answer), "m")
    assert [each.text for each in found] == ["Are the ribs dear?", made[1].text, made[2].text]
