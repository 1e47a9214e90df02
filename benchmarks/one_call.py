"""The other way to make a dialogue: one call, one prompt, the same model and the same knowledge.

    python benchmarks/one_call.py RUN [--n 6] [--model local] [--out PAIRS] [--jobs FILE] [--also NAME=FILE]

For dialogues that a run kept, the same model is shown the same facts (of the thing talked about and of two others), the
same wish and the same end, and writes the whole dialogue at once. Both are held against the same facts by the
grounding checker, which needs no labels; what was asked for counts as answered where an agent's turn says its value.
The checker of strange clauses is the one that our realiser asks too, so that column favours ours; contradictions do
not. With --out, both are written as messages for a blind reading: `ours.jsonl` and `one_call.jsonl`, line by line the
same job. --jobs writes the jobs for another system to play (benchmarks/sdialog_play.py) and ends; --also takes what it
played.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from millstream import heard, ledger
from millstream.chat import Message, fenced, request
from millstream.commands import folder as files
from millstream.commands.evaluate import known
from millstream.corpora import millstream as own
from millstream.critics import grounding
from millstream.errors import ChatError
from millstream.metrics import repeated, tokens
from millstream.models import Model, opened_model
from millstream.records import Dialogue, Fact, Turn
from millstream.shapes import Known

OTHERS = 2
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
SCHEMA = {
    "type": "object", "required": ["turns"], "properties": {"turns": {"type": "array", "minItems": 6, "items": {
        "type": "object", "required": ["role", "text"],
        "properties": {"role": {"enum": ["user", "agent"]}, "text": {"type": "string"}},
    }}},
}  # fmt: skip
COLUMNS = ("arm", "dialogues", "not usable", "turns", "contradicted claims, of agent turns", "strange clauses",
           "asked and answered", "rep4", "tokens out a dialogue", "seconds a dialogue")  # fmt: skip


@dataclass(frozen=True)
class Made:
    """Dialogues of one arm, and what each cost."""

    dialogues: Sequence[Dialogue]
    failed: int = 0
    tokens: float = 0
    seconds: float = 0


def notes(dialogue: Dialogue, facts: Sequence[Fact]) -> str:
    """What the host knows: of the thing talked about, and of two others."""
    aim = dialogue.scenario.aim
    about = [aim, *dict.fromkeys(each.entity for each in facts if each.entity != aim)][: 1 + OTHERS]
    return fenced("\n".join(f"- {f.entity}, {f.attribute}: {f.value}" for f in facts if f.entity in about))


def situation(dialogue: Dialogue) -> str:
    need = ", ".join(f"{each.name} {each.value}" for each in dialogue.personas[0].fields if each.value)
    wishes = ", ".join(f"{each.slot} {each.op} {each.value}" for each in dialogue.scenario.constraints)
    return fenced(f"{need}; {wishes}")


def prompt(dialogue: Dialogue, facts: Sequence[Fact]) -> str:
    scenario = dialogue.scenario
    return ASKED[scenario.lang].format(
        turns=len(dialogue.turns), need=situation(dialogue), asks=", ".join(scenario.requests) or "-",
        end=scenario.outcome.replace("_", " "), facts=notes(dialogue, facts),
    )  # fmt: skip


def job(dialogue: Dialogue, facts: Sequence[Fact]) -> dict[str, object]:
    """The same for a system that plays two agents: what each of them is told."""
    scenario = dialogue.scenario
    user = f"a viewer of a live stream. Situation: {situation(dialogue)}. Wants to know: {', '.join(scenario.requests)}"
    agent = f"the host of a live stream who sells; says only facts of these notes:\n{notes(dialogue, facts)}"
    ending = f"It ends: {scenario.outcome.replace('_', ' ')}. Speak briefly, like people on a stream."
    language = {"zh": "Chinese", "en": "English"}[scenario.lang]
    return {"id": dialogue.id, "user": f"{user}. {ending}", "agent": f"{agent}\n{ending}",
            "turns": len(dialogue.turns), "language": language}  # fmt: skip


def also(path: Path, dialogues: Sequence[Dialogue]) -> Made:
    """What another system made of these jobs."""
    rows = {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    roles = {"user": "user", "assistant": "agent"}
    made = [with_turns(each, tuple(_turn(roles[m["role"]], m["content"]) for m in rows[each.id]["messages"]))
            for each in dialogues if each.id in rows and rows[each.id]["messages"]]  # fmt: skip
    seconds = sum(row.get("seconds", 0) for row in rows.values()) / max(len(rows), 1)
    return Made(made, len(dialogues) - len(made), 0, seconds)


def parsed(text: str, like: Dialogue) -> Dialogue | None:
    """The answer as turns of that dialogue; None where it is no conversation of two."""
    try:
        rows = json.loads(text)["turns"]
        turns = tuple(_turn(each["role"], str(each["text"])) for each in rows if str(each["text"]).strip())
    except (ValueError, KeyError, TypeError):
        return None
    return with_turns(like, turns) if {turn.role for turn in turns} == {"user", "agent"} else None


def _turn(role: str, text: str) -> Turn:
    return Turn.model_validate({"role": role, "text": text, "acts": (), "state": (), "stage": ""})


def with_turns(dialogue: Dialogue, turns: tuple[Turn, ...]) -> Dialogue:
    return dialogue.model_copy(update={"turns": turns})


async def one_call(model: Model, dialogues: Sequence[Dialogue], facts: Sequence[Fact]) -> Made:
    made, tokens_out, begun = [], 0, time.perf_counter()
    form = {"type": "json_schema", "json_schema": {"name": "dialogue", "schema": SCHEMA}}
    for each in dialogues:
        asked = request(
            model.name, [Message("user", prompt(each, facts))], stage="one call", item=each.id, temperature=0.8,
            top_p=0.95, max_tokens=1400, seed=each.scenario.seed % 2**31, response_format=form,
        )  # fmt: skip
        try:
            reply = await model.chat(asked)
        except ChatError:
            continue
        tokens_out += reply.tokens_out
        if found := parsed(reply.texts[0], each):
            made.append(found)
    count = len(dialogues)
    return Made(made, count - len(made), tokens_out / count, (time.perf_counter() - begun) / count)


def ours(run: Path, dialogues: Sequence[Dialogue]) -> Made:
    """What the run paid, its rejects included, shared out over what it kept."""
    summary = files.summary(run)
    return Made(dialogues, 0, summary.each(summary.total.tokens_out) or 0, summary.each(summary.wall_seconds) or 0)


def row(name: str, made: Made, held: Known) -> Iterator[str]:
    faults = grounding.turn_faults(held, "")
    found = [(each, n, faults(bare(each), n)) for each in made.dialogues
             for n, turn in enumerate(each.turns) if turn.role == "agent"]  # fmt: skip
    against = sum(any(what.startswith(("contradicted", "expired")) for what in told) for *_, told in found)
    strange = sum(any(not what.startswith(("contradicted", "expired")) for what in told) for *_, told in found)
    answers = [answered(each, held) for each in made.dialogues]
    texts = [tokens.talk(own.conversation(each)).flat() for each in made.dialogues]
    yield from (name, str(len(made.dialogues)), str(made.failed))
    yield f"{fmean(len(each.turns) for each in made.dialogues):.1f}" if made.dialogues else "-"
    yield from (share(against, len(found)), share(strange, len(found)))
    yield share(sum(each for each, _ in answers), sum(of for _, of in answers))
    yield f"{repeated.rep4(texts):.2f}" if len(texts) > 1 else "-"
    yield from (f"{made.tokens:,.0f}", f"{made.seconds:.0f}")


def bare(dialogue: Dialogue) -> Dialogue:
    """Its words alone: neither arm is helped by labels."""
    return with_turns(dialogue, tuple(_turn(turn.role, turn.text) for turn in dialogue.turns))


def answered(dialogue: Dialogue, held: Known) -> tuple[int, int]:
    """(asked for and told by the agent, asked for and known of the thing)."""
    scenario = dialogue.scenario
    values = {each.attribute: each.value for each in held.facts if each.entity == scenario.aim}
    agent = [turn.text for turn in dialogue.turns if turn.role == "agent"]
    wanted = [values[slot] for slot in scenario.requests if slot in values]
    return sum(any(heard.says(text, value) for text in agent) for value in wanted), len(wanted)


def share(count: int, of: int) -> str:
    return f"{count} of {of} ({count / of:.0%})" if of else "-"


def written(folder: Path, arms: dict[str, Sequence[Dialogue]]) -> None:
    """Only jobs that both arms have."""
    both = set.intersection(*({each.id for each in made} for made in arms.values()))
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {"user": "user", "agent": "assistant"}
    for name, made in arms.items():
        rows = [{"id": each.id, "messages": [{"role": names[t.role], "content": t.text} for t in each.turns]}
                for each in made if each.id in both]  # fmt: skip
        lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")


async def measured(asked: argparse.Namespace) -> None:
    dialogues = list(files.dialogues(asked.run))[: asked.n]
    held = known(asked.run, dialogues[0])
    if asked.jobs:
        lines = (json.dumps(job(each, held.facts), ensure_ascii=False) for each in dialogues)
        asked.jobs.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        async with ledger.opened(Path(folder) / "cache.sqlite") as store, opened_model(asked.model, "", store) as model:
            other = await one_call(model, dialogues, held.facts)
    mine = ours(asked.run, dialogues)
    others = [(name, also(Path(path), dialogues)) for name, _, path in (each.partition("=") for each in asked.also)]
    drafts = [with_turns(d, tuple(t.model_copy(update={"text": t.draft}) for t in d.turns)) for d in dialogues]
    print("|".join(("", *COLUMNS, "")))
    for name, made in (("millstream", mine), ("its drafts", replace(mine, dialogues=drafts, tokens=0, seconds=0)),
                       ("one call", other), *others):  # fmt: skip
        print("|".join(("", *row(name, made, held), "")))
    if asked.out:
        written(asked.out, {"ours": mine.dialogues, "one_call": other.dialogues})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--n", type=int, default=6)
    parser.add_argument("--model", default="local")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--jobs", type=Path)
    parser.add_argument("--also", action="append", default=[], metavar="NAME=FILE")
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
