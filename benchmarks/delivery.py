"""Does delivery cost labels? `python benchmarks/delivery.py samples/automotive_zh samples/restaurant_en [--count 60]`.

The same scenarios, worded by templates, with deliveries off and at each rate given (every kind at 0.5 beside the
presets). Counted: labels that a turn's text does not carry, states whose value nobody has said or that end otherwise
than without deliveries, dialogues that a critic of the recipe rejects, and how turns are delivered.
`--show KIND` prints the first dialogues that show a kind.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from millstream import heard, intake, pipeline, plugins, prepare
from millstream.frames import Voice
from millstream.labels import CONTEXT, Labels
from millstream.metrics.delivery import words
from millstream.pipeline import Job
from millstream.plan.delivering import delivered, presets, rates_of
from millstream.plan.outline import outline
from millstream.play.perform import Cast, perform
from millstream.prepare import Ground
from millstream.recipe import Settings
from millstream.records import Dialogue
from millstream.run import Run
from millstream.shapes import Known

KINDS = tuple(presets()["light"])
RATES = {"off": rates_of("off", {}), **presets(), "0.5 each": dict.fromkeys(KINDS, 0.5)}


@dataclass(frozen=True)
class Counted:
    """What one setting costs and gives, over all dialogues of a sample."""

    turns: int
    labels: int
    states: int
    rejects: Counter[str]
    kinds: Counter[str]
    again: float
    short: float
    user_words: float


def ground(sample: Path, settings: Settings) -> Ground:
    taken = intake.take([sample])
    start = prepare.prepared(settings, taken)
    with tempfile.TemporaryDirectory() as folder, Run(Path(folder)) as run:
        (Path(folder) / "pseudonyms.key").write_text("0" * 32)  # the same people in every run
        job = Job(settings, plugins.load("recipes", settings.recipe)(), taken, start, run, None)
        mined = tuple(asyncio.run(run.each("1_mined", taken.readings, pipeline.miner(job, start), prepare.Mined)))
        made = prepare.ground(taken, mined, start, run)
    if made is None:
        raise SystemExit(f"{sample}: nothing to talk about")
    return made


def dialogues(base: Ground, settings: Settings, rates: Mapping[str, float]) -> list[Dialogue]:
    known = Known(base.knowledge.domain, base.lang, base.knowledge.facts)
    people = {each.id: each for each in (*base.users, *base.agents)}
    graphs = {each.id: each for each in base.blueprints}
    cast = Cast(people, graphs, base.evidence)

    async def play() -> list[Dialogue]:
        made = []
        for scenario in prepare.sampler(settings, base).draw(settings.count):
            need = people[scenario.user].get("need") or ""
            plan = outline(scenario, graphs[scenario.blueprint], base.knowledge, Voice(), need)
            made.append(await perform(delivered(plan, known, rates), None, cast, "template"))
        return made

    return asyncio.run(play())


def counted(base: Ground, made: Sequence[Dialogue], plain: Sequence[Dialogue]) -> Counted:
    labels = Labels(base.knowledge.domain, base.lang)
    turns = [turn for dialogue in made for turn in dialogue.turns]
    pairs = [(a, b) for dialogue in made for a, b in zip(dialogue.turns, dialogue.turns[1:], strict=False)]
    users = [words(turn.text) for turn in turns if turn.role == "user"]
    return Counted(
        turns=len(turns),
        labels=sum(_lost(labels, dialogue) for dialogue in made),
        states=sum(_states(one, other) for one, other in zip(made, plain, strict=True)),
        rejects=Counter(asyncio.run(_rejected(base, made))),
        kinds=Counter(kind for turn in turns for kind in turn.delivery),
        again=sum(a.role == b.role for a, b in pairs) / len(turns),
        short=sum(words(turn.text) <= 2 for turn in turns) / len(turns),
        user_words=sum(users) / len(users),
    )


def _lost(labels: Labels, dialogue: Dialogue) -> int:
    texts = [turn.text for turn in dialogue.turns]
    return sum(
        len(labels.lost(turn.text, turn.acts, texts[max(0, n - CONTEXT) : n])) for n, turn in enumerate(dialogue.turns)
    )


def _states(dialogue: Dialogue, plain: Dialogue) -> int:
    """Values held that nobody had said by then, and an end state that is another than without deliveries."""
    said, unsaid = "", 0
    held: dict[str, str] = {}
    for turn in dialogue.turns:
        said += f" {turn.text}"
        now = {slot.slot: slot.value for slot in turn.state}
        unsaid += sum(held.get(slot) != value and not heard.says(said, value) for slot, value in now.items())
        held = now
    return unsaid + (set(dialogue.turns[-1].state) != set(plain.turns[-1].state))


async def _rejected(base: Ground, made: Sequence[Dialogue]) -> list[str]:
    known = Known(base.knowledge.domain, base.lang, base.knowledge.facts)
    critics = [make(known) for make in plugins.load("recipes", "stream")().critics]
    verdicts = [[await critic(dialogue) for critic in critics] for dialogue in made]
    first = [next((each for each in judged if not each.passed), None) for judged in verdicts]
    return [f"{verdict.critic}: {verdict.reason}" for verdict in first if verdict]


def table(sample: Path, settings: Settings) -> None:
    base = ground(sample, settings)
    plain = dialogues(base, settings, {})
    for name, rates in RATES.items():
        found = counted(base, dialogues(base, settings, rates), plain)
        marked = sum(found.kinds.values())
        print(
            f"| {sample.name} | {name} | {found.turns} | {marked} | {found.labels} | {found.states} "
            f"| {found.rejects.total()} | {found.again:.2f} | {found.short:.2f} | {found.user_words:.1f} |"
        )
        for reason, count in found.rejects.most_common(5):
            print(f"  {count} x {reason}")
        if name == "0.5 each":
            print(f"  {', '.join(f'{kind} {found.kinds[kind]}' for kind in KINDS)}")


def show(sample: Path, settings: Settings, kind: str, most: int = 3) -> None:
    """Dialogues with this kind alone, the turns that show it marked."""
    made = dialogues(ground(sample, settings), settings, {kind: 1.0})
    for dialogue in [each for each in made if any(kind in turn.delivery for turn in each.turns)][:most]:
        print(f"{sample.name} {dialogue.id}")
        for turn in dialogue.turns:
            print(f"{'*' if kind in turn.delivery else ' '} {turn.role}: {turn.text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("samples", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", dest="kind", choices=KINDS, help="print dialogues that show a kind")
    asked = parser.parse_args()
    settings = Settings(count=asked.count, seed=asked.seed, model="none", realiser="template")
    for sample in asked.samples:
        if asked.kind:
            show(sample, settings, asked.kind)
        else:
            table(sample, settings)


if __name__ == "__main__":
    main()
