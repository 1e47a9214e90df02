"""CSConv's way, composed: real service dialogues in, an evaluation set with lineage out.

pre-filter -> stage and strategy annotation -> strategy-aware rewriting -> post-filters, each a table of the run. Rules
alone suffice; a model annotates and rewords as many dialogues as `read` says. Knows nothing of planned talk.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from millstream import corpora
from millstream.conversations import Conversation
from millstream.errors import ChatError, InputError
from millstream.models import Model
from millstream.play.strategic import Strategic
from millstream.prepare import Mined
from millstream.recipe import Settings, Task, language
from millstream.records import Act, Lang, Persona, Reject, Step, Trait, Turn, View
from millstream.strategies import Framework, framework
from millstream.support import asking, extend, postfilter, prefilter
from millstream.support.annotate import annotated, asks, by_rule, ranked, staged
from millstream.support.talk import SupportDialogue, SupportTurn
from millstream.table import Table

EXCHANGES = 6
"""Mined exchanges of one recording that make a dialogue."""
_MINED, _PERSONAS = "1_mined.jsonl", "3_personas.jsonl"
_ACTS = {"GT": "greet", "IV": "request", "PR": "request", "RP": "confirm", "EM": "empathise", "PS": "offer"}
_ACTS |= {"FR": "request_more", "AC": "bye"}


class Material(NamedTuple):
    """What the inputs hold: conversations of one language, and the personas of streams where runs were given."""

    lang: Lang
    conversations: tuple[Conversation, ...]
    personas: tuple[Persona, ...]


class Annotated(NamedTuple):
    """What came of them: all that were annotated, and those that passed every filter; `labels` says whose they are."""

    framework: Framework
    labels: str
    every: tuple[SupportDialogue, ...]
    kept: tuple[SupportDialogue, ...]


def material(inputs: Sequence[Path], settings: Settings) -> Material:
    """InputError where an input holds no dialogue."""
    read = [list(_read(path)) for path in inputs]
    found = list(_in_turn(read))
    lang = language(settings.lang, Counter(each.lang for each in found))
    mine = islice((each for each in found if each.lang == lang), settings.service)
    people = [p for path in inputs for p in _people(path) if p.lang == lang]
    made = tuple(mine)
    if not made:
        raise InputError(
            f"holds no dialogue in {lang}", str(inputs[0]), "give dialogues of that language, or another --lang"
        )
    return Material(lang, made, tuple(people))


def _in_turn(read: Sequence[Sequence[Conversation]]) -> Iterator[Conversation]:
    """The inputs by turns, so that a few dialogues are of all of them."""
    for n in range(max(map(len, read))):
        yield from (each[n] for each in read if n < len(each))


def _read(path: Path) -> Iterator[Conversation]:
    if (path / _MINED).is_file():
        yield from exchanged(Table(path / _MINED, Mined))
    else:
        yield from corpora.conversations(path)


def exchanged(mined: Iterable[Mined]) -> Iterator[Conversation]:
    """The exchanges of a recording in their order, so many a dialogue: question, answer, question, answer."""
    for each in mined:
        pairs = [signal for signal in each.signals if signal.kind == "exchange" and signal.answer.strip()]
        for at in range(0, len(pairs), EXCHANGES):
            said = [(("user", s.text), ("agent", s.answer)) for s in pairs[at : at + EXCHANGES]]
            turns = corpora.turns(line for pair in said for line in pair)
            yield from corpora.made("mined", f"{each.recording.id}-{at // EXCHANGES}", turns)


def _people(path: Path) -> Iterator[Persona]:
    if (path / _PERSONAS).is_file():
        yield from (each for each in Table(path / _PERSONAS, Persona) if each.role == "user")


async def evaluation_set(task: Task, found: Material) -> Annotated:
    """The four tables. InputError where no dialogue has service turns: there is nothing to annotate."""
    run, packaged = task.run, _framework(task.settings)
    read = (
        {each.id for each in map(prefilter.merged, found.conversations[: task.settings.read])} if task.model else set()
    )
    service = await run.each("1_service", _merged(found), _prefilter(task.model, read), SupportDialogue)
    label = _label(task.model, packaged, found.lang, read)
    every = tuple(await run.each("2_annotated", tuple(service), label, SupportDialogue))
    if not every:
        what = f"no service turns in any of the {len(found.conversations)} dialogues"
        raise InputError(what, str(task.inputs[0]), "give talk between a customer and an agent; see rejects.jsonl")
    known = packaged.learnt((t.stage, t.strategy) for d in every for t in d.agent) if _is_learnt(task) else packaged
    reword = _rewrite(task, known, found.lang, read)
    rewritten = tuple(await run.each("3_rewritten", every, reword, SupportDialogue))
    filters = _postfilter(task.model, known, read)
    labels = f"rules, and of {task.model.name} in {len(read)} dialogues" if task.model and read else "rules"
    return Annotated(known, labels, every, tuple(await run.each("4_evaluation", rewritten, filters, SupportDialogue)))


Work = Callable[[SupportDialogue], AsyncIterator[SupportDialogue | Reject]]


def _framework(settings: Settings) -> Framework:
    named = settings.strategies
    return framework() if named in ("packaged", "learnt") else framework(Path(named))


def _is_learnt(task: Task) -> bool:
    return task.settings.strategies == "learnt"


def _merged(found: Material) -> tuple[SupportDialogue, ...]:
    """Each once: a corpus may hold the same key twice."""
    return tuple({each.id: each for each in map(prefilter.merged, found.conversations)}.values())


def _prefilter(model: Model | None, read: set[str]) -> Work:
    async def work(dialogue: SupportDialogue) -> AsyncIterator[SupportDialogue | Reject]:
        why = next(prefilter.faults(dialogue), "")
        if not why and model and dialogue.id in read and not await asking.fit(model.chat, model.name, dialogue):
            why = "rude or cold, says the model"
        yield Reject(step="pre-filter", item=dialogue.id, reason=why) if why else dialogue

    return work


def _label(model: Model | None, known: Framework, lang: Lang, read: set[str]) -> Work:
    """The model's labels where it reads, the rule's elsewhere and where the model gives none."""
    rule = by_rule(lang)
    ask = asking.labeller(model.chat, model.name, known) if model else None

    async def work(dialogue: SupportDialogue) -> AsyncIterator[SupportDialogue | Reject]:
        made = annotated(dialogue, rule, known)
        why = prefilter.no_service(made)
        if ask and not why and dialogue.id in read:
            turns = [await _asked(ask, made, n) for n in range(len(made.turns))]
            made = staged(made.model_copy(update={"turns": tuple(turns)}), known)
        yield Reject(step="pre-filter", item=dialogue.id, reason=why) if why else made

    return work


async def _asked(ask: asking.Relabel, dialogue: SupportDialogue, n: int) -> SupportTurn:
    turn = dialogue.turns[n]
    if turn.role == "user":
        return turn
    try:
        return turn.model_copy(update={"strategy": await ask(dialogue, n)})
    except ChatError:
        return turn


def _rewrite(task: Task, known: Framework, lang: Lang, read: set[str]) -> Work:
    """Both ends are added; where the model reads, every turn is reworded in its place, the turns before it as they are
    now."""
    model, seed = task.model, task.settings.seed

    async def work(dialogue: SupportDialogue) -> AsyncIterator[SupportDialogue | Reject]:
        whole = extend.extended(dialogue, known, seed)
        if model is None or dialogue.id not in read or task.settings.realiser == "template":
            yield whole
            return
        realiser = realised(model, known, lang, task.settings)
        turns: list[SupportTurn] = []
        for turn in whole.turns:
            turns.append(await _reworded(realiser, whole, turns, turn, seed))
        yield whole.model_copy(update={"turns": tuple(turns)})

    return work


def realised(model: Model, known: Framework, lang: Lang, settings: Settings) -> Strategic:
    """The realiser of support talk for this run; a wording sounds like its strategy by the rules of the annotator."""

    def sounds(text: str, strategy: str, first: bool) -> bool:
        return strategy in ranked(text, lang, first)

    few = min(settings.candidates, model.live)
    return Strategic(model.chat, model.name, known, lang, sounds, few, settings.temperature, settings.wording_tries)


async def _reworded(
    realiser: Strategic, whole: SupportDialogue, said: Sequence[SupportTurn], turn: SupportTurn, seed: int
) -> SupportTurn:
    if turn.words == "added" or turn.strategy == "OT":
        return turn
    worded = await realiser.say(_view(whole, said, turn, seed))
    return turn.model_copy(update={"text": worded.text, "words": worded.worded})


def _view(whole: SupportDialogue, said: Sequence[SupportTurn], turn: SupportTurn, seed: int) -> View:
    """What a realiser may see of a real dialogue: its own turn and what was said."""
    act = _ACTS.get(turn.strategy, "inform")
    step = Step(
        role=turn.role,
        acts=(Act(act=act),),
        state=(),
        stage=turn.stage,
        draft=turn.text,
        must=turn.must,
        strategy=turn.strategy,
        asks=asks(turn.text, whole.lang),
    )
    persona = Persona(
        role=turn.role, domain="support", lang=whole.lang, fields=(Trait(name="name", value=None, origin="not_shown"),)
    )
    heard = tuple(Turn(role=each.role, text=each.text, acts=(), state=(), stage="") for each in said)
    return View(scenario=whole.id, role=turn.role, persona=persona, step=step, turns=heard, seed=seed + len(said))


def _postfilter(model: Model | None, known: Framework, read: set[str]) -> Work:
    every = postfilter.filters(known)

    async def work(dialogue: SupportDialogue) -> AsyncIterator[SupportDialogue | Reject]:
        left, name, why = postfilter.passed(dialogue, every)
        if not why and model and dialogue.id in read and not await asking.quality(model.chat, model.name, left):
            name, why = "quality", "not of high quality, says the model"
        yield Reject(step=f"post-filter {name}", item=dialogue.id, reason=why) if why else left

    return work
