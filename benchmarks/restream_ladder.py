"""Where does the gain of real dialogues go on its way through streams? A ladder of arms, each with one step more:
`python benchmarks/restream_ladder.py DATA TARGET --size 300 --seeds 2 --most 150 [--to FILE]`.

The real dialogues of the pool with human labels; the same as streams show them, with links that are known and with
links that are mined; with the labels of the tracker that mines, alone and as a fifth beside ours; the lines alone, lent
to templates, with slots that are known and as they are mined, each with and without those that are one author's own.
Human labels stand in no arm of `millstream prove` with streams; here they say which step loses what.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import restream_corpora as corpora
import restreaming
from restream_pool import talk
from restreaming import Shape, streams

from millstream.prove import arms, figures, mined, targets, trial
from millstream.prove.kept import Kept
from millstream.prove.mined import Labeller, Line, Talk
from millstream.prove.targets import Target
from millstream.services.annotated import Frame, State, TaskDialogue, Turn
from millstream.services.schema import ServiceSchema
from millstream.simulate.words import Lent
from millstream.train.candidates import Words

Told = Mapping[str, State]
"""By service, what a human wrote down behind a line."""


class Exchange(NamedTuple):
    user: str
    told: Told


class Heard(NamedTuple):
    """A viewer's line, what was heard in answer, and its labels."""

    line: str
    answer: str
    told: Told


def exchanges(dialogue: TaskDialogue) -> tuple[Exchange, ...]:
    """The user's lines as `talk` has them; where several stand in a row the last one's labels hold."""
    found: list[Exchange] = []
    before = ""
    for turn in dialogue.turns:
        if turn.role == "user":
            told = {frame.service: frame.state for frame in turn.frames if frame.state}
            if before == "user":
                found[-1] = Exchange(f"{found[-1].user} {turn.text}", told)
            else:
                found.append(Exchange(turn.text, told))
        before = turn.role
    return tuple(found)


def gold_links(made: Sequence[restreaming.Stream], known: Mapping[str, Sequence[Exchange]]) -> Iterator[list[Heard]]:
    """Each talk as far as it was answered, with the answer as it was heard."""
    for one in made:
        by_talk: dict[str, list[Heard]] = defaultdict(list)
        for each in one.gold:
            said = {one.chat[n].text for n in each.asked}
            left = known[each.talk][len(by_talk[each.talk]) :]
            if (asked := next((ex for ex in left if ex.user in said), None)) is not None:
                answer = " ".join(one.speech[n].text for n in each.told)
                by_talk[each.talk].append(Heard(asked.user, answer, asked.told))
        yield from by_talk.values()


def mined_links(found: Sequence[Talk], known: Mapping[str, Sequence[Exchange]]) -> Iterator[list[Heard]]:
    """Each viewer's answered lines, with the human labels of the dialogue that most of them are from; other lines are
    left out."""
    owners: dict[str, list[str]] = defaultdict(list)
    for key, every in known.items():
        for each in every:
            owners[each.user].append(key)
    for lines in found:
        votes = Counter(key for line, _ in lines for key in owners.get(line, ()))
        if votes:
            told = {each.user: each.told for each in known[votes.most_common(1)[0][0]]}
            yield [Heard(line, answer, told[line]) for line, answer in lines if line in told]


def dialogue(key: str, lines: Sequence[Heard], like: TaskDialogue) -> TaskDialogue:
    turns: list[Turn] = []
    for each in lines:
        frames = tuple(Frame(name, state=state) for name, state in each.told.items())
        turns += [Turn("user", each.line, frames), Turn("agent", each.answer)]
    services = dict.fromkeys(name for each in lines for name in each.told)
    return TaskDialogue(key, tuple(services), tuple(turns), like.lang, synthetic=True)


def silver(reader: Labeller, lines: Talk) -> list[Heard]:
    """The same lines with the states that the tracker of templates reads in them."""
    return [
        Heard(each.line, each.told, {each.service.name: State("NONE", (), {s: (v,) for s, v in each.after.items()})})
        for each in reader.followed(lines)
    ]


class Oracle(Labeller):
    """Reads lines with their human labels: which service each is about, and the state behind it."""

    def reads(self, lines: Sequence[Heard], author: str) -> None:
        self.told = {each.line: each.told for each in lines}
        self.before: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self.take(tuple((each.line, each.answer) for each in lines), author)

    def _about(self, said: Words, now: str) -> ServiceSchema:
        told = self.told[said.user]
        changed = [name for name, state in told.items() if state.values != self.before.get(name, {})]
        self.before |= {name: state.values for name, state in told.items()}
        by_name = {each.name: each for each in self.services}
        return next((by_name[name] for name in changed if name in by_name), super()._about(said, now))

    def step(
        self, service: ServiceSchema, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str]:
        told = self.told[said.user].get(service.name)
        known = told.values.items() if told else ()
        return {s: values[0] for s, values in known if s in service.by_name} if told else dict(state)


def every(lines: Sequence[Line]) -> Lent:
    """All lines, those that are one author's own among them: what a run never does."""
    found: Lent = defaultdict(list)
    for each in lines:
        found[each.key].append(each.text)
    return dict(found)


def ladder(target: Target, made: Sequence[restreaming.Stream], size: int) -> dict[str, arms.Arm]:
    known = {each.key: exchanges(each) for each in target.pool}
    like, lang = target.pool[0], target.pool[0].lang
    reader = mined.labeller(target, size)
    found = [talk for one in made for talk in mined.talks(mined.Stream(one.chat, one.speech)).items()]
    linked = list(gold_links(made, known))
    seen = list(mined_links([each for _, each in found], known))
    tracked = [silver(reader, each) for _, each in found]
    oracle = Oracle(reader.services, reader.lexicons, reader.tracker)
    oracle.tracker = oracle
    for n, each in enumerate(linked):
        oracle.reads(each, str(n))
    for author, each in found:
        reader.take(each, author)
    print(f"{target.name}: {len(target.pool)} dialogues, {len(linked)} talks answered, {len(found)} viewers mined")
    print(f"lines: {sum(map(len, linked))} answered, {sum(map(len, seen))} of them linked")
    print(f"understood: {len(oracle.lines)} by human labels, {len(reader.lines)} by the tracker")
    right = {each.quote: each.key for each in oracle.lines}
    both = [each for each in reader.lines if each.quote in right]
    print(f"both: {len(both)}, of which {sum(right[each.quote] == each.key for each in both)} the same way")

    def of(lines: Sequence[Sequence[Heard]]) -> arms.Arm:
        whole = [dialogue(f"heard {n}", each, like) for n, each in enumerate(lines) if each]
        kept = [arms.kept(each) for each in whole] if target.kept else whole
        return lambda _, size, seed: arms.drawn(kept, size, seed)

    def worded(lines: Sequence[Line], lent: Lent) -> arms.Arm:
        rich = replace(target, lent=lent, policy=mined.policy(lines, target.policy))
        told = sum(len(each) for key, each in lent.items() if key[1])
        print(f"lent: {sum(map(len, lent.values()))} lines, {told} of them with a wish")
        return lambda _, size, seed: arms.ours(rich, size, seed)

    silver_arm = of(tracked)
    return {
        "real of the domain": lambda t, size, seed: arms.drawn(t.pool, size, seed),
        "as streams show them, links known": of(linked),
        "links mined": of(seen),
        "labels by the tracker": silver_arm,
        "ours and labels by the tracker": lambda t, size, seed: [
            *arms.ours(t, size - size // 5, seed),
            *silver_arm(t, size // 5, seed),
        ],
        "lines lent, slots known, own ones too": worded(oracle.lines, every(oracle.lines)),
        "lines lent, slots known": worded(oracle.lines, mined.lent(oracle.lines, lang)),
        "lines lent as mined, own ones too": worded(reader.lines, every(reader.lines)),
        "ours with streams": worded(reader.lines, mined.lent(reader.lines, lang)),
        "ours": arms.ours,
    }


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("data", type=Path)
    words.add_argument("target", choices=targets.TARGETS)
    for name, least in (("size", 300), ("seeds", 2), ("most", 150)):
        words.add_argument(f"--{name}", type=int, default=least)
    words.add_argument("--to", type=Path, help="file that keeps each training; the same command goes on from it")
    told = words.parse_args()
    target = targets.smaller(targets.target(told.target, told.data), told.most)
    talks = [each for each in map(talk, target.pool) if len(each.turns) >= 4]
    chat = corpora.background(told.data, talks[0].lang)
    made = list(streams(talks, chat[len(chat) // 2 :], Shape(), f"pool {told.target}"))
    chosen = ladder(target, made, told.size)
    budget = trial.Budget(told.size, range(told.seeds), lambda arm, seed: None, kept=Kept(told.to, "words"))
    found = {}
    for each in trial.trial(target, chosen, budget):
        found[each.name] = each
        low, high = figures.interval(each)
        print(f"{each.name}: {100 * each.joint:.1f} ({low:.1f} to {high:.1f})", flush=True)
    floor = max((found[name] for name in ("empty state", "string match")), key=lambda each: each.joint)
    for name in chosen:
        share, low, high = figures.recovered(found[name], floor, found["real of the domain"])
        print(f"{name}: {share:.0f}% ({low:.0f} to {high:.0f}) of what real dialogues gain")


if __name__ == "__main__":
    main()
