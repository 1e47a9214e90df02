"""Strategy accuracy on held-out real service turns: what training on our RoleCS data is worth.

    python benchmarks/csc.py --data DATA [--train 60] [--seeds 3] [--model local --dialogues 3]

Task: the next strategy of the agent, from what was said and the strategies so far (Zhu et al. 2026, task 1); and, as
a second table, the strategy of a turn that is seen. 200 turns of agents of real dialogues (benchmarks/csc_labels, drawn
by benchmarks/csc_sheets.py with a printed seed) were labelled twice, in two orders, by one reader, and once more,
blind, by another: programs and no people, so the kappas printed say nothing of how people would agree. --gold takes the
other reader's labels. Intervals: bootstrap over dialogues. RoleCS's orders and enquiries were written after 200 other
real turns of the same corpora (none of these) had been looked at; the rules of the annotator before any was drawn.
With --model NAME the model itself is asked for strategy and reply, in reference and in generated context, beside a
trivial reply (the RoleCS line commonest for the bigram's strategy): BLEU, ROUGE-L, encoder similarity, accuracy.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import csc_sheets
import numpy as np

from millstream import corpora, ledger
from millstream.csc_figures import shown
from millstream.metrics import overlap
from millstream.metrics import strategy as told
from millstream.metrics.agreement import kappa
from millstream.metrics.strategy import Told
from millstream.models import opened_embedding, opened_model
from millstream.play.perform import Cast, perform
from millstream.records import Dialogue
from millstream.shapes import Embedding
from millstream.strategies import Framework, framework
from millstream.support.annotate import annotated, by_rule
from millstream.support.cases import cases
from millstream.support.coach import Habits, habits
from millstream.support.planner import planned, settings
from millstream.support.prefilter import faults, merged, no_service
from millstream.support.responding import Response, responses
from millstream.support.talk import SupportDialogue, SupportTurn
from millstream.train.head import Head

SILVER = ("sgd/dev/dialogues_001.json", "taskmaster/TM-4-2024_data_07.json", "hr_multiwoz/sgd_dataset.json")
"""Real dialogues whose rule labels give the coach its habits; the drawn ones are left out."""
MOST_SILVER = 200
DEV = 24
"""About how many of them choose among the ways to train the student."""


def silver(data: Path, known: Framework, held: set[str]) -> list[SupportDialogue]:
    found = []
    for file in SILVER:
        made = [each for each in map(merged, corpora.conversations(data / file)) if each.id not in held]
        fit = [annotated(each, by_rule("en"), known) for each in made if not any(faults(each))]
        found += [each for each in fit if not no_service(each)][:MOST_SILVER]
    return found


async def rolecs(count: int, known: Framework, habit: Habits, seed: int) -> list[SupportDialogue]:
    """Our planned dialogues, worded by template, as support dialogues."""
    made = []
    for setting in settings(cases("en"), count, seed):
        plan = planned(setting, "en", known, habit, seed)
        people = {each.id: each for each in (plan.user, plan.agent)}
        cast = Cast(people, {plan.blueprint.id: plan.blueprint}, plan.evidence)
        made.append(as_support(await perform(plan.outline, None, cast, "template")))
    return made


def logged(dialogues: Sequence[SupportDialogue], seed: int) -> list[SupportDialogue]:
    """Every other one, by chance, without the agent's greeting: many logs of real talk begin with the customer."""
    draw = Random(f"logs {seed}")
    return [each.model_copy(update={"turns": each.turns[draw.random() < 0.5 :]}) for each in dialogues]


def as_support(dialogue: Dialogue) -> SupportDialogue:
    turns = tuple(SupportTurn(role=turn.role, text=turn.text, strategy=turn.strategy) for turn in dialogue.turns)
    return SupportDialogue(corpus="rolecs", key=dialogue.id, lang="en", turns=turns)


class Rows:
    """The agent's turns of some dialogues: the last turn of either side before each, what it says, its strategy and the
    one before."""

    def __init__(self, dialogues: Sequence[SupportDialogue]) -> None:
        self.dialogue: list[str] = []
        self.gold: list[str] = []
        self.before: list[str] = []
        self.user: list[str] = []
        self.agent: list[str] = []
        self.text: list[str] = []
        for each in dialogues:
            last, heard = told.START, {"user": "(nothing)", "agent": "(nothing)"}
            for turn in each.turns:
                if turn.role == "agent":
                    self.dialogue.append(each.id)
                    self.gold.append(turn.strategy)
                    self.before.append(last)
                    self.user.append(heard["user"])
                    self.agent.append(heard["agent"])
                    self.text.append(turn.text)
                    last = turn.strategy
                heard[turn.role] = turn.text

    def marks(self, known: Framework, before: Sequence[str] | None = None) -> np.ndarray:
        """The strategy before, one of so many."""
        names = [told.START, *known.codes]
        made = np.zeros((len(self.gold), len(names)))
        for n, code in enumerate(before or self.before):
            made[n, names.index(code)] = 1
        return made


def rows_told(rows: Rows, ranked: Sequence[Sequence[str]]) -> list[Told]:
    return [Told(*each) for each in zip(rows.dialogue, rows.gold, ranked, strict=True)]


class Encoder:
    """The encoder, each text once: templates repeat. With a `cache`, once for all runs."""

    def __init__(self, embedding: Embedding, cache: Path | None = None) -> None:
        self.embedding, self.cache = embedding, cache
        self.known: dict[str, np.ndarray] = {}
        if cache and cache.exists():
            with np.load(cache) as kept:
                self.known = dict(zip(map(str, kept["texts"]), kept["vectors"], strict=True))

    async def vectors(self, texts: Sequence[str]) -> np.ndarray:
        fresh = list(dict.fromkeys(text for text in texts if text not in self.known))
        self.known |= dict(zip(fresh, map(np.array, await self.embedding.query(fresh)), strict=True))
        if fresh and self.cache:
            np.savez(self.cache, texts=list(self.known), vectors=np.stack(list(self.known.values())))
        return np.stack([self.known[text] for text in texts])

    async def seen(self, rows: Rows, known: Framework, before: Sequence[str] | None = None) -> np.ndarray:
        """What the student sees: the last turns of both sides, and the strategy before."""
        return np.hstack([await self.vectors(rows.user), await self.vectors(rows.agent), rows.marks(known, before)])


WAYS = {"plain": (1.0, False), "plain, weaker penalty": (10.0, False), "balanced classes": (1.0, True)}
"""Ways to train the head (strength, balanced), of which one is chosen on real dialogues that are not held out, by the
labels of the rule annotator."""


async def zero_shot(encoder: Encoder, texts: Sequence[str], known: Framework) -> list[list[str]]:
    """The untuned encoder: the strategy whose definition is nearest."""
    means = [f"{s.names['en']}: the agent {s.means['en']}" for s in known.strategies]
    near = await encoder.vectors(texts) @ (await encoder.vectors(means)).T
    return [[known.codes[at] for at in row] for row in np.argsort(-near, axis=1)]


def unrolled(head: Head, rows: Rows, found: np.ndarray, known: Framework) -> list[list[str]]:
    """Turn by turn, the strategy before being the head's own: generated context. `found` is what Encoder.seen gives."""
    made: list[list[str]] = []
    width = len(known.codes) + 1
    for n, dialogue in enumerate(rows.dialogue):
        same = n and rows.dialogue[n - 1] == dialogue
        own = [each[0] for each in made]
        mark = rows.marks(known, [*own, own[-1] if same else told.START, *rows.before[n + 1 :]])[n : n + 1]
        made += head.ranked(np.hstack([found[n : n + 1, :-width], mark]))
    return made


def line(name: str, rows: Sequence[Told], known: Framework) -> str:
    stages = {each.code: each.stages for each in known.strategies}
    cells = [told.accuracy(rows), told.accuracy(rows, 3), told.stage_accuracy(rows, stages)]
    return f"{name:44} " + "  ".join(f"{shown(cell):24}" for cell in cells)


async def measured(asked: argparse.Namespace) -> None:
    data, count, seeds, known = asked.data, asked.train, asked.seeds, framework()
    readings = {n: csc_sheets.read(n) for n in (1, 2, 3)}
    held = csc_sheets.held_out(data)
    places = csc_sheets.places(held)
    print(f"held out: seed {csc_sheets.SEED}, {len(held)} dialogues, {len(places)} turns; readers are programs")
    print(f"one reader with itself, minutes apart: {_agreement(readings[1], readings[2], places, known)}")
    print(f"with another reader, blind: {_agreement(readings[1], readings[3], places, known)}")
    gold = readings[asked.gold]
    print("labels:", dict(Counter(gold[place] for place in places).most_common()))
    labelled = [_labelled(each, gold) for each in held]
    test = Rows(labelled)
    real = silver(data, known, {each.id for each in held})
    habit = habits([turn.strategy for turn in each.agent] for each in real)
    async with opened_embedding() as embedding:
        if not asked.model:
            step = max(2, len(real) // DEV)
            dev, more = Rows(real[::step]), real[1::step]
            await _tables(Encoder(embedding, asked.cache), known, (test, dev), habit, (count, seeds), more)
            return
        train = await rolecs(count, known, habit, 0)
        await _replies(asked, labelled[: asked.dialogues], train, embedding)


def _agreement(
    one: Mapping[csc_sheets.Place, str],
    other: Mapping[csc_sheets.Place, str],
    places: Sequence[csc_sheets.Place],
    known: Framework,
) -> str:
    numbers = {code: float(n) for n, code in enumerate(known.codes)}
    same = sum(one[place] == other[place] for place in places)
    first, second = ([numbers[each[place]] for place in places] for each in (one, other))
    agreed = kappa(first, second, None)
    return f"{same} of {len(places)} agree, kappa {agreed:.3f}"


async def _replies(
    asked: argparse.Namespace, held: Sequence[SupportDialogue], train: Sequence[SupportDialogue], embedding: Embedding
) -> None:
    """The model's replies in both modes beside a trivial one."""
    known = framework()
    rank = told.bigram([[turn.strategy for turn in each.agent] for each in train], known.codes)
    lines = {code: Counter(t.text for d in train for t in d.agent if t.strategy == code) for code in known.codes}
    print(f"\n{'replies':24} BLEU-2  BLEU-4  ROUGE-L  similarity  strategy accuracy")
    for own in (False, True):
        mode = "generated" if own else "reference"
        trivial = [each for dialogue in held for each in _trivial(dialogue, rank, lines, own)]
        await _row(f"trivial, {mode}", trivial, embedding)
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(ledger.opened(Path(folder) / "cache.sqlite"))
            model = await stack.enter_async_context(opened_model(asked.model, asked.base_url, store))
            for own in (False, True):
                mode = "generated" if own else "reference"
                made = [each for d in held for each in await responses(model.chat, model.name, known, d, own=own)]
                await _row(f"{model.name[:12]}, {mode}", made, embedding)


def _trivial(
    dialogue: SupportDialogue, rank: told.Rank, lines: dict[str, Counter[str]], own: bool
) -> Iterator[Response]:
    before: list[str] = []
    for turn in dialogue.agent:
        code = rank(before)[0]
        yield Response(dialogue.id, turn, code, lines[code].most_common(1)[0][0] if lines[code] else "-")
        before.append(code if own else turn.strategy)


async def _row(name: str, made: Sequence[Response], embedding: Embedding) -> None:
    said, real = [each.text for each in made], [each.real.text for each in made]
    right = [Told(each.dialogue, each.real.strategy, [each.strategy]) for each in made]
    figures = (overlap.bleu(said, real, "en", 2), overlap.bleu(said, real, "en", 4), overlap.rouge_l(said, real))
    alike = await overlap.similarity(said, real, embedding.query)
    print(
        f"{name:24} {figures[0]:6.2f}  {figures[1]:6.2f}  {figures[2]:7.2f}  {alike:10.1f}  "
        f"{shown(told.accuracy(right))}"
    )


def _labelled(dialogue: SupportDialogue, labels: Mapping[csc_sheets.Place, str]) -> SupportDialogue:
    turns = tuple(
        turn.model_copy(update={"strategy": labels[csc_sheets.Place(dialogue.id, n)]}) if turn.role == "agent" else turn
        for n, turn in enumerate(dialogue.turns)
    )
    return dialogue.model_copy(update={"turns": turns})


async def _tables(
    encoder: Encoder,
    known: Framework,
    rows: tuple[Rows, Rows],
    habit: Habits,
    size: tuple[int, int],
    real: Sequence[SupportDialogue],
) -> None:
    (test, dev), (count, seeds) = rows, size
    sequences = _sequences(test)
    untuned = rows_told(test, await zero_shot(encoder, test.user, known))
    oracle = told.told(sequences, told.majority(sequences.values(), known.codes))
    print(f"\n{'next strategy, reference context':44} {'top 1':24}  {'top 3':24}  stage", flush=True)
    print(line("untuned encoder, nearest definition", untuned, known))
    print(line("majority of these very turns (an oracle)", oracle, known), flush=True)
    for seed in range(seeds):
        train = logged(await rolecs(count, known, habit, seed), seed)
        others = {"untuned": untuned, "majority of these turns": oracle}
        await _seed(encoder, known, (test, dev, sequences), (train, seed), others, real)
    print(f"\n{'strategy of a turn that is seen':44}")
    print(
        line("untuned encoder, nearest definition", rows_told(test, await zero_shot(encoder, test.text, known)), known)
    )
    print(line("rule annotator", rows_told(test, _ruled(test, by_rule("en"), known)), known))
    low, high = told.PAPER
    print(f"published strategy accuracy on CSConv: {low} to {high}%. Other data, models and labellers: no comparison.")


async def _seed(
    encoder: Encoder,
    known: Framework,
    held: tuple[Rows, Rows, dict[str, list[str]]],
    made: tuple[list[SupportDialogue], int],
    others: dict[str, list[Told]],
    real: Sequence[SupportDialogue],
) -> None:
    """One training set: baselines learnt from it, the student, and how far the student is above each."""
    (test, dev, sequences), (train, seed) = held, made
    mine = Rows(train)
    learnt = [[turn.strategy for turn in each.agent] for each in train]
    majority, bigram = told.majority(learnt, known.codes), told.bigram(learnt, known.codes)
    others = others | {
        "majority of RoleCS": told.told(sequences, majority),
        "bigram of RoleCS": told.told(sequences, bigram),
    }
    seen, dev_seen, test_seen = [await encoder.seen(each, known) for each in (mine, dev, test)]
    heads = {name: Head(known.codes, *way).fit(seen, mine.gold, seed) for name, way in WAYS.items()}
    scores = {name: told.accuracy(rows_told(dev, each.ranked(dev_seen))).value or 0 for name, each in heads.items()}
    chosen = max(scores, key=lambda name: scores[name])
    told_of = ", ".join(f"{name} {score:.1%}" for name, score in scores.items())
    print(f"seed {seed}: chosen on {len(dev.gold)} turns with rule labels: {chosen} ({told_of})")
    head = heads[chosen]
    student = rows_told(test, head.ranked(test_seen))
    more = Rows(real)
    mixed_seen = np.vstack([seen, await encoder.seen(more, known)])
    mixed = Head(known.codes, *WAYS[chosen]).fit(mixed_seen, [*mine.gold, *more.gold], seed)
    alone = Head(known.codes, *WAYS[chosen]).fit(mixed_seen[len(mine.gold) :], more.gold, seed)
    shares = {code: count / len(more.gold) for code, count in Counter(more.gold).items()}
    arms = {
        "student, shares of real talk": head.ranked(test_seen, shares),
        "student, RoleCS and real, rule labels": mixed.ranked(test_seen),
        "student, real with rule labels alone": alone.ranked(test_seen),
    }
    codes = list(_sequences(more).values())
    others["majority of RoleCS and real"] = told.told(sequences, told.majority([*learnt, *codes], known.codes))
    others["bigram of RoleCS and real"] = told.told(sequences, told.bigram([*learnt, *codes], known.codes))
    for name in list(others)[2:]:
        print(line(f"seed {seed}: {name}", others[name], known))
    print(line(f"seed {seed}: student, trained on RoleCS", student, known))
    for name, other in others.items():
        print(f"    student less {name:28} {shown(told.difference(student, other))}")
    for name, ranked_arm in arms.items():
        arm = rows_told(test, ranked_arm)
        print(line(f"seed {seed}: {name}", arm, known))
        print("    less " + "; ".join(f"{each} {shown(told.difference(arm, found))}" for each, found in others.items()))
    print(line(f"seed {seed}: generated context, bigram", told.unrolled(sequences, bigram), known))
    generated = rows_told(test, unrolled(head, test, test_seen, known))
    print(line(f"seed {seed}: generated context, student", generated, known))
    spoken = Head(known.codes, *WAYS[chosen]).fit(await encoder.vectors(mine.text), mine.gold, seed)
    ranked = spoken.ranked(await encoder.vectors(test.text))
    print(line(f"seed {seed}: strategy of a seen turn, student", rows_told(test, ranked), known))
    apart = told.transition_divergence(learnt, sequences.values())
    print(f"    transition divergence of RoleCS from the held-out dialogues: {apart:.3f} bits", flush=True)


def _sequences(rows: Rows) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for dialogue, gold in zip(rows.dialogue, rows.gold, strict=True):
        made.setdefault(dialogue, []).append(gold)
    return made


def _ruled(rows: Rows, rule: Callable[[Sequence[SupportTurn], int], str], known: Framework) -> list[list[str]]:
    """The rule's label first, the others in their order."""
    made = []
    for text, before in zip(rows.text, rows.before, strict=True):
        earlier = [] if before == told.START else [SupportTurn(role="agent", text="-")]
        code = rule([*earlier, SupportTurn(role="agent", text=text)], len(earlier))
        made.append([code, *(each for each in known.codes if each != code)])
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--train", type=int, default=60, help="RoleCS dialogues")
    parser.add_argument("--gold", type=int, choices=(1, 3), default=1, help="whose labels count")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cache", type=Path, help="an .npz in which vectors are kept from run to run")
    parser.add_argument("--model", default="", help="ask a model for strategy and reply, as millstream run names one")
    parser.add_argument("--base-url", default="")
    parser.add_argument("--dialogues", type=int, default=3, help="held-out dialogues that the model answers")
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
