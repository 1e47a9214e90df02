"""A retrieval benchmark of what is known: passages, and three sets of questions with the passages that answer them.

After WixQA (Cohen et al. 2025): a snapshot of the knowledge, and questions that are pinned to it. `asked` are real
ones, of viewers, with the passage of the fact that they are about; `simulated` are the users' questions of dialogues,
with what the agent's answer rests on; `synthetic` is one for each passage, by the domain's wordings or by a model.
Knows nothing of retrieval.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from millstream import language, phrases
from millstream.chat import Chat, request
from millstream.domain import Domain
from millstream.know.prompting import messages
from millstream.records import Dialogue, Evidence, Fact, Lang, Passage, Record, Signal, Turn

LINES = 4
"""Lines before a simulated question that are kept with it."""
SURE = 0.5
"""Of a mined exchange, below which nobody should take its link for gold. A choice."""


class Question(Record):
    """`gold` are the ids of passages, `before` what was said until then; `evidence` says where the question is from
    (none of a synthetic one), `dialogue` in which dialogue it stands."""

    text: str
    answer: str
    gold: tuple[str, ...]
    before: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    dialogue: str = ""


@dataclass(frozen=True)
class Corpus:
    """The passages of a snapshot; `of` finds that of a fact by (entity, attribute)."""

    domain: Domain
    passages: tuple[Passage, ...]
    of: Mapping[tuple[str, str], str]


def corpus(domain: Domain, facts: Iterable[Fact], passages: Iterable[Passage]) -> Corpus:
    """One passage a fact ("Ember Potatoes: price: $8"), and those of documents."""
    made = {(fact.entity, fact.attribute): _told(domain, fact) for fact in facts}
    ids = {key: passage.id for key, passage in made.items()}
    return Corpus(domain, tuple({each.id: each for each in (*made.values(), *passages)}.values()), ids)


def _told(domain: Domain, fact: Fact) -> Passage:
    lang = _lang(f"{fact.entity}{fact.value}")
    name = _name(domain, fact.attribute, lang)
    colon = "：" if lang == "zh" else ": "
    return Passage(title=fact.entity, text=f"{name}{colon}{fact.value}", evidence=fact.evidence)


def _name(domain: Domain, slot: str, lang: Lang) -> str:
    spec = domain.by_name.get(slot)
    names = spec.names.get(lang) or next(iter(spec.names.values()), ()) if spec else ()
    return names[0] if names else slot


def _lang(text: str) -> Lang:
    return "zh" if language.written(text) == "zh" else "en"


def asked(known: Corpus, signals: Iterable[Signal]) -> Iterator[Question]:
    """Viewers' questions whose thing and slot are known, each wording once. The answer is the host's, where the
    question is linked to one surely enough, else the passage."""
    texts, seen = {each.id: each.text for each in known.passages}, set[tuple[str, str]]()
    for signal in sorted(signals, key=lambda each: each.kind != "exchange"):
        gold = known.of.get((signal.entity, signal.slot))
        if signal.kind not in ("exchange", "user_question") or gold is None or signal.confidence < SURE:
            continue
        if (key := (signal.text.casefold().strip(" ?？!！"), gold)) not in seen:
            seen.add(key)
            answer = signal.answer or texts[gold]
            yield Question(text=signal.text, answer=answer, gold=(gold,), evidence=signal.evidence)


def simulated(known: Corpus, dialogues: Iterable[Dialogue]) -> Iterator[Question]:
    """Users' requests that the agent's next turn answers out of the knowledge."""
    for dialogue in dialogues:
        turns = dialogue.turns
        for n, turn in enumerate(turns):
            told = next((each for each in turns[n + 1 :] if each.role == "agent"), None) if _requests(turn) else None
            if told is not None and (gold := _gold(known, turn, told)):
                before = tuple(each.text for each in turns[max(0, n - LINES) : n])
                yield Question(text=turn.text, answer=told.text, gold=gold, before=before, evidence=turn.grounding,
                               dialogue=dialogue.id)  # fmt: skip


def _requests(turn: Turn) -> set[str]:
    asks = ("request", "request_passage") if turn.role == "user" else ()
    return {act.slot for act in turn.acts if act.act in asks}


def _gold(known: Corpus, turn: Turn, told: Turn) -> tuple[str, ...]:
    """The facts told of what was requested, and the passages of documents that the answer rests on."""
    wanted = _requests(turn)
    facts = [known.of.get((act.entity, act.slot)) for act in told.acts if act.act == "inform" and act.slot in wanted]
    cited = [each.id for each in known.passages if any(_overlap(one, each.evidence[0]) for one in told.grounding)]
    return tuple(dict.fromkeys([*(each for each in facts if each), *cited]))


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = one.kind == other.kind == "span" and one.source == other.source
    return same and one.at[0] < other.at[-1] and other.at[0] < one.at[-1]


def synthetic(known: Corpus, seed: int = 0) -> list[Question]:
    """One a passage: the domain's own way to ask for the slot, or of prose what its heading or beginning asks for."""
    slots = {passage: (entity, slot) for (entity, slot), passage in known.of.items()}
    return [
        Question(text=_asking(known.domain, each, slots.get(each.id), Random(f"{seed}/{each.id}")), answer=each.text,
                 gold=(each.id,))
        for each in known.passages
    ]  # fmt: skip


def _asking(domain: Domain, passage: Passage, of: tuple[str, str] | None, chance: Random) -> str:
    lang = _lang(f"{passage.title}{passage.text}")
    if of is not None and (spec := domain.by_name.get(of[1])) and spec.names.get(lang):
        wording = phrases.form(chance.choice(phrases.wordings(domain, lang, "query", spec)), chance)
        return phrases.fill(wording, lang, entity=of[0], slot=spec.names[lang][0])
    if of is not None:
        return f"{of[0]}的{of[1]}？" if lang == "zh" else f"What is the {of[1]} of {of[0]}?"
    about = passage.title or " ".join(passage.text.split())[: 12 if lang == "zh" else 40].strip()
    return f"{about}，这个是怎么规定的？" if lang == "zh" else f"What do you say about {about}?"


async def worded(questions: Sequence[Question], passages: Sequence[Passage], chat: Chat, model: str) -> list[Question]:
    """Synthetic questions in a model's words; where it gives nothing or the passage itself, the wording stays."""
    texts = {each.id: each for each in passages}

    async def one(question: Question) -> Question:
        passage = texts[question.gold[0]]
        lang = _lang(f"{passage.title}{passage.text}")
        said = messages("question", lang, title=passage.title, passage=passage.text)
        reply = await chat(request(model, said, stage="question", item=passage.id, temperature=0, max_tokens=60))
        line = next(iter(reply.text.strip().splitlines()), "").strip(" \"“”")
        return question if not line or passage.text in line else question.model_copy(update={"text": line})

    return list(await asyncio.gather(*map(one, questions)))
