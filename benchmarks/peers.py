"""Other ways to make the same dialogues, held against the same facts: one call, and two agents of sdialog.

    python benchmarks/peers.py RUN --jobs JOBS            what is to be made, for the ways to be compared
    python benchmarks/one_call.py JOBS --out ONE --budget TOKENS
    python benchmarks/sdialog_play.py JOBS --url ADDRESS --out TWO
    python benchmarks/peers.py RUN --arm "one call=ONE" --arm "sdialog=TWO" [--against CORPUS] [--out FOLDER]

A job is a dialogue that RUN kept: its wish, its questions, its end and its length, the facts of what it is about and of
two other things. Nothing that is measured needs labels, and all ways are measured by the same program: agent turns
that the facts contradict, clauses that nothing vouches for (our realiser asks that check too, so it favours ours),
questions whose value the agent says, dialogues without either fault, wording at one number of words. Of several tries
of a job the one with the fewest faults counts, the most answers among equals, the first among those. With --against, a
detector is asked to tell each way from that corpus, where there are enough dialogues. With --out, all are written line
by line the same jobs, for `millstream judge A --against B` and for `millstream view`.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from millstream import corpora, heard
from millstream.chat import fenced
from millstream.commands import folder as files
from millstream.commands.evaluate import known
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.critics import grounding
from millstream.metrics import detector, lexical, repeated, tokens, windows
from millstream.metrics.realism import FEWEST
from millstream.records import Dialogue, Fact, Turn
from millstream.shapes import Known

Jobs = Mapping[str, Sequence[str]]
"""The questions of each job, by its name."""

OTHERS = 2
WINDOW = 2
"""Turns of a window of the detector: what short dialogues have."""
ASKED = {
    "zh": "写一段直播间里观众和主播的完整对话，一共{turns}句，一人一句，观众先说。观众的情况：{need}。"
    "观众想知道：{asks}。结局：{end}。主播只能说下面资料里有的事实，说话要像真人直播，口语，简短。\n资料：\n{facts}\n"
    '只输出JSON：{{"turns": [{{"role": "user", "text": "..."}}, {{"role": "agent", "text": "..."}}]}}',
    "en": "Write one whole conversation between a viewer and the host of a live stream, {turns} turns in all, the "
    "viewer first, one turn each in alternation. The viewer's situation: {need}. The viewer wants to know: {asks}. How "
    "it ends: {end}. The host may say only facts that stand in the notes below. Both talk like real people on a "
    'stream, briefly.\nNotes:\n{facts}\nAnswer with JSON alone: {{"turns": [{{"role": "user", "text": "..."}}, '
    '{{"role": "agent", "text": "..."}}]}}',
}
ROLES = {"user": "user", "assistant": "agent", "agent": "agent"}
COLUMNS = ("way", "jobs done", "tries a job", "without a fault", "turns", "turns said before",
           "contradicted, of agent turns", "not vouched for", "asked and answered", "distinct-2", "MTLD", "rep4",
           "tokens a job", "seconds a job", "told from real, AUC")  # fmt: skip


@dataclass(frozen=True)
class Arm:
    """One way: what it made of each job (the tries of a job), and what all of it cost."""

    name: str
    tries: dict[str, list[Dialogue]]
    tokens: float
    seconds: float


@dataclass(frozen=True)
class Faults:
    """Of one dialogue, by its words alone: agent turns that are contradicted, that nothing vouches for, and all of
    them; how many of the job's questions are answered."""

    against: int
    strange: int
    agents: int
    answered: int


# --- jobs --------------------------------------------------------------------------------------------------


def job(dialogue: Dialogue, facts: Sequence[Fact]) -> dict[str, Any]:
    """What two agents are told, each for itself, and what one call is told: `whole`."""
    scenario = dialogue.scenario
    told, notes, end = situation(dialogue), known_of(dialogue, facts), scenario.outcome.replace("_", " ")
    asks = ", ".join(questions(dialogue)) or "-"
    user = f"a viewer of a live stream. Situation: {told}. Wants to know: {asks}"
    agent = f"the host of a live stream who sells; says only facts of these notes:\n{notes}"
    ending = f"It ends: {end}. Speak briefly, like people on a stream."
    whole = ASKED[scenario.lang].format(
        turns=len(dialogue.turns), need=told, asks=asks, end=end, facts=notes
    )
    return {"id": dialogue.id, "user": f"{user}. {ending}", "agent": f"{agent}\n{ending}", "whole": whole,
            "turns": len(dialogue.turns), "seed": scenario.seed % 2**31,
            "language": {"zh": "Chinese", "en": "English"}[scenario.lang]}  # fmt: skip


def questions(dialogue: Dialogue) -> list[str]:
    """What its user asks, by the labels of the one that RUN kept: a scenario has more to ask than there is time for."""
    acts = (act for turn in dialogue.turns if turn.role == "user" for act in turn.acts if act.act == "request")
    return list(dict.fromkeys(act.slot for act in acts if act.slot))


def known_of(dialogue: Dialogue, facts: Sequence[Fact]) -> str:
    """What the host knows: of the thing talked about, and of two others."""
    aim = dialogue.scenario.aim
    about = [aim, *dict.fromkeys(each.entity for each in facts if each.entity != aim)][: 1 + OTHERS]
    return fenced("\n".join(f"- {f.entity}, {f.attribute}: {f.value}" for f in facts if f.entity in about))


def situation(dialogue: Dialogue) -> str:
    need = ", ".join(f"{each.name} {each.value}" for each in dialogue.personas[0].fields if each.value)
    wishes = ", ".join(f"{each.slot} {each.op} {each.value}" for each in dialogue.scenario.constraints)
    return fenced(f"{need}; {wishes}")


# --- what was made -----------------------------------------------------------------------------------------


def arm(name: str, path: Path, jobs: Sequence[Dialogue]) -> Arm:
    """What another way made of these jobs: lines of id, messages, and what they cost."""
    like, made = {each.id: each for each in jobs}, defaultdict[str, list[Dialogue]](list)
    rows = [row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()) if row["id"] in like]
    for row in rows:
        made[row["id"]] += [worded(like[row["id"]], row["messages"])] if row["messages"] else []
    spent = (sum(row.get(what, 0) for row in rows) / len(jobs) for what in ("tokens", "seconds"))
    return Arm(name, made, *spent)


def ours(run: Path, jobs: Sequence[Dialogue]) -> Iterator[Arm]:
    """What the run kept, with all it paid, its rejects included, shared out; and its drafts, which cost nothing."""
    summary = files.summary(run)
    paid = summary.each(summary.total.tokens_in + summary.total.tokens_out) or 0
    yield Arm("millstream", {each.id: [bare(each)] for each in jobs}, paid, summary.each(summary.wall_seconds) or 0)
    drafts = [each.model_copy(update={"turns": tuple(_turn(t.role, t.draft) for t in each.turns)}) for each in jobs]
    yield Arm("its drafts", {each.id: [each] for each in drafts}, 0, 0)


def worded(like: Dialogue, messages: Sequence[dict[str, str]]) -> Dialogue:
    return like.model_copy(update={"turns": tuple(_turn(ROLES[m["role"]], m["content"]) for m in messages)})


def bare(dialogue: Dialogue) -> Dialogue:
    """Its words alone: no way is helped by labels."""
    return dialogue.model_copy(update={"turns": tuple(_turn(turn.role, turn.text) for turn in dialogue.turns)})


def _turn(role: str, text: str) -> Turn:
    return Turn.model_validate({"role": role, "text": text, "acts": (), "state": (), "stage": ""})


# --- figures -----------------------------------------------------------------------------------------------


def faults(dialogue: Dialogue, asked: Sequence[str], held: Known) -> Faults:
    check = grounding.turn_faults(held, "")
    told = [check(dialogue, n) for n, turn in enumerate(dialogue.turns) if turn.role == "agent"]
    against = sum(any(what.startswith(("contradicted", "expired")) for what in each) for each in told)
    strange = sum(any(not what.startswith(("contradicted", "expired")) for what in each) for each in told)
    values = {each.attribute: each.value for each in held.facts if each.entity == dialogue.scenario.aim}
    agent = [turn.text for turn in dialogue.turns if turn.role == "agent"]
    answered = sum(any(heard.says(text, values[slot]) for text in agent) for slot in asked)
    return Faults(against, strange, len(told), answered)


def best(made: Arm, jobs: Jobs, held: Known) -> list[tuple[Dialogue, Faults]]:
    """The best try of each job."""
    found = ([(each, faults(each, jobs[name], held)) for each in tries] for name, tries in made.tries.items() if tries)
    return [min(tries, key=lambda each: (each[1].against + each[1].strange, -each[1].answered)) for tries in found]


def row(
    made: Arm, chosen: Sequence[tuple[Dialogue, Faults]], jobs: Jobs, budget: int, real: Sequence[Conversation]
) -> Iterator[str]:
    """A row of the table; wording is measured over `budget` words, the most that every way has."""
    found = [each for _, each in chosen]
    talks = [tokens.talk(own.conversation(each)) for each, _ in chosen]
    agents, words = sum(each.agents for each in found), tokens.budgeted(talks, budget)
    yield from (made.name, f"{len(chosen)} of {len(jobs)}", f"{sum(map(len, made.tries.values())) / len(jobs):.1f}")
    yield share(sum(not (each.against + each.strange) for each in found), len(jobs))
    yield f"{fmean(len(each.turns) for each, _ in chosen):.1f}" if chosen else "-"
    yield f"{repeated.duplicates(talks):.0%}"
    yield from (share(sum(each.against for each in found), agents), share(sum(each.strange for each in found), agents))
    yield share(sum(each.answered for each in found), sum(map(len, jobs.values())))
    yield from (f"{lexical.distinct(words, 2):.3f}", f"{lexical.mtld(words):.0f}")
    yield f"{repeated.rep4([each.flat() for each in talks]):.2f}" if len(talks) > 1 else "-"
    yield from (f"{made.tokens:,.0f}", f"{made.seconds:.0f}", told_apart([each.said for each in talks], real))


def told_apart(made: Sequence[Conversation], real: Sequence[Conversation]) -> str:
    """The two-sample detector's figure, or why there is none."""
    if not real:
        return "-"
    if len(made) < FEWEST:
        return f"{len(made)} dialogues, {FEWEST} are needed"
    found = detector.judged(*windows.matched(windows.drawn(made, WINDOW, 0), windows.drawn(real, WINDOW, 0), 400))
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def share(count: int, of: int) -> str:
    return f"{count} of {of} ({count / of:.0%})" if of else "-"


def compared(run: Path, dialogues: Sequence[Dialogue], asked: argparse.Namespace) -> None:
    held = known(run, dialogues[0])
    told = {(each.entity, each.attribute) for each in held.facts}
    jobs = {each.id: [slot for slot in questions(each) if (each.scenario.aim, slot) in told] for each in dialogues}
    others = (each.partition("=") for each in asked.arm)
    arms = [*ours(run, dialogues), *(arm(name, Path(path), dialogues) for name, _, path in others)]
    chosen = [best(made, jobs, held) for made in arms]
    real = list(corpora.conversations(asked.against)) if asked.against else []
    words = (sum(len(tokens.tokens(turn.text)) for each, _ in found for turn in each.turns) for found in chosen)
    budget = min(filter(None, words), default=0)
    print(f"{len(jobs)} jobs of {run.name}; wording over {budget:,} words each\n")
    print("|".join(("", *COLUMNS, "")), "|".join(("", *("---" for _ in COLUMNS), "")), sep="\n")
    for made, found in zip(arms, chosen, strict=True):
        print("|".join(("", *row(made, found, jobs, budget, real), "")))
    if asked.out:
        written(asked.out, {made.name: {each.id: each for each, _ in found}
                            for made, found in zip(arms, chosen, strict=True)})  # fmt: skip


def written(folder: Path, arms: dict[str, dict[str, Dialogue]]) -> None:
    """Only jobs that every way has done."""
    every = set.intersection(*(set(made) for made in arms.values()))
    folder.mkdir(parents=True, exist_ok=True)
    names = {"user": "user", "agent": "assistant"}
    for name, made in arms.items():
        rows = ({"id": key, "messages": [{"role": names[t.role], "content": t.text} for t in made[key].turns]}
                for key in sorted(every))  # fmt: skip
        text = "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in rows)
        (folder / f"{name.replace(' ', '_')}.jsonl").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--n", type=int, default=6)
    parser.add_argument("--jobs", type=Path)
    parser.add_argument("--arm", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    jobs = files.dialogues(asked.run)[: asked.n]
    if asked.jobs:
        facts = known(asked.run, jobs[0]).facts
        lines = (json.dumps(job(each, facts), ensure_ascii=False) for each in jobs)
        asked.jobs.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    else:
        compared(asked.run, jobs, asked)


if __name__ == "__main__":
    main()
