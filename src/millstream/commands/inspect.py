"""`millstream inspect`: what sources hold and what a run of them would cost, without a model. Makes no run."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import intake
from millstream.commands.terminal import Json, safe, say, show, tell
from millstream.errors import InputError
from millstream.prepare import Start, prepared
from millstream.recipe import Settings, settings
from millstream.survey import Question, Survey, survey
from millstream.whole import whole

TURNS, CALLS_A_TURN = 16, 1.25
"""Turns of a planned dialogue, on average, and calls for one with those asked again, as the demo had them."""
READ, WORDED = (310, 80), (300, 12)
"""Tokens in and out of a call that reads a window and of one that words a turn, as the demo's ledgers have them."""
COLUMNS = ("recording", "demand", "first", "last", "question", "slot", "entity", "answered", "answer")
FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Options:
    inputs: Annotated[list[Path], Argument(metavar="INPUT...", help="Files and folders.", show_default=False)]
    csv_to: Annotated[Path | None, Option("--csv", metavar="FILE", help="Write all questions there.")] = None
    domain: Annotated[str, Option(help="Its name, a domain file, or auto.")] = "auto"
    lang: Annotated[str, Option(help="zh, en, or auto: that of the inputs.")] = "auto"
    count: Annotated[int, Option(help="Dialogues of the run whose cost is told.")] = 100
    top: Annotated[int, Option(help="Questions shown of each recording.")] = 10
    as_json: Json = False


def command(options: Options) -> int:
    """Say what sources hold, without a model: languages, noise, questions and answers, rights, cost.

    The questions of a stream by demand, as a table for a spreadsheet too:

        millstream inspect samples/restaurant_en

        millstream inspect samples/restaurant_en --csv questions.csv
    """
    chosen = settings(None, {"domain": options.domain, "lang": options.lang, "count": options.count})
    taken = intake.take(options.inputs)
    start = _start(chosen, taken)
    surveys = [survey(each, start, taken.left_out) for each in taken.readings]
    if options.csv_to:
        _write(surveys, options.csv_to)
    if options.as_json:
        print(json.dumps(_told(surveys, chosen, taken, start), ensure_ascii=False, indent=1))
        return 0
    for each in surveys:
        _show(each, options.top)
    _close(surveys, chosen, taken, start)
    return 0


def _start(chosen: Settings, taken: intake.Intake) -> Start | None:
    """None where no domain fits and no table makes one; a domain that was asked for has to be there."""
    try:
        return prepared(chosen, taken)
    except InputError:
        if chosen.domain != "auto":
            raise
        return None


def _show(found: Survey, top: int) -> None:
    recording = found.gathered.recording
    tell(f"{recording.title or recording.key} ({', '.join(Path(file).name for file in found.gathered.files)})")
    tell(f"  cues: {_counted(found.cues)}{_length(found.seconds)}")
    heard = sum(found.langs.values())
    shares = ((lang or "no letters", count / heard) for lang, count in found.langs.most_common(6))
    tell(f"  viewers' languages: {', '.join(f'{lang} {share:.0%}' for lang, share in shares) or 'none'}")
    tell(f"  viewers' lines kept: {found.kept:,}; dropped: {_counted(found.dropped)}")
    if found.notes:
        tell(f"  mended, masked or left out in speech and questions: {_counted(found.notes)}")
    tell(f"  signals: {_counted(found.signals)}")
    if found.abstained:
        tell(f"  a run would take nothing from it: {found.abstained}")
    answered = sum(bool(each.answered) for each in found.questions)
    tell(f"  questions: {len(found.questions):,}; what may be an answer was found for {answered:,}")
    if found.segments:
        tell("  what the host speaks of, from when on:")
    for each in found.segments[:top]:
        what = each.topic or " ".join(each.words) or "(no topic)"
        tell(f"    {_clock(each.start)} {what}")
    if found.questions[:top]:
        show([_row(each) for each in found.questions[:top]], as_json=False)


def _row(asked: Question) -> dict[str, Any]:
    answer = "not looked for" if asked.answered is None else asked.answer[:60] or "none found"
    return {"viewers": asked.demand, "at": _clock(asked.first), "question": asked.text[:80], "answer": answer}


def _close(surveys: list[Survey], chosen: Settings, taken: intake.Intake, start: Start | None) -> None:
    rights = intake.combined(list(taken.rights.values()))
    say(f"rights: basis {rights.basis}, licence {rights.licence or 'not known'}")
    if rights.basis == "unknown":
        say("the basis of a source is not known: for local reading only, export will refuse")
    for _, reason in taken.left_out:
        say(f"left out: {reason}")
    if start is None:
        say("no domain fits and there is no table: a run would stop; name a --domain or add a table")
        return
    cost = _cost(surveys, chosen)
    say(f"domain {start.domain.name}, language {start.lang}, tables name {len(start.names)} things")
    say(f"recordings that give something: {cost['recordings']} of {len(surveys)}")
    say(f"a run of {chosen.count} dialogues: about {cost['calls']:,} calls of the model,")
    say(f"  {cost['tokens_in']:,} tokens in and {cost['tokens_out']:,} out; none with --model none")


def _cost(surveys: list[Survey], chosen: Settings) -> dict[str, int]:
    """Calls and tokens of a run, by the averages above; recordings that would abstain are not read."""
    giving = sum(not each.abstained for each in surveys)
    reads, words = chosen.read * giving, round(chosen.count * TURNS * CALLS_A_TURN)
    tokens = [reads * read + words * worded for read, worded in zip(READ, WORDED, strict=True)]
    return {"recordings": giving, "calls": reads + words, "tokens_in": tokens[0], "tokens_out": tokens[1]}


def _told(
    surveys: list[Survey], chosen: Settings, taken: intake.Intake, start: Start | None
) -> dict[str, Any]:
    recordings = [
        {
            "key": each.gathered.recording.key,
            "files": [Path(file).name for file in each.gathered.files],
            "rights": each.gathered.recording.rights.model_dump(),
            **{name: getattr(each, name) for name in ("cues", "seconds", "kept", "dropped", "langs", "signals")},
            "notes": each.notes,
            "abstained": each.abstained,
            "segments": [segment.model_dump(exclude={"recording"}) for segment in each.segments],
            "questions": [asdict(question) for question in each.questions],
        }
        for each in surveys
    ]
    return {
        "domain": start.domain.name if start else "",
        "lang": start.lang if start else "",
        "recordings": recordings,
        "left_out": [reason for _, reason in taken.left_out],
        "rights": intake.combined(list(taken.rights.values())).model_dump(),
        "run": {"dialogues": chosen.count, **_cost(surveys, chosen)} if start else {},
    }


def _write(surveys: list[Survey], path: Path) -> None:
    """All questions, the most asked first; what a spreadsheet would take for a formula is quoted."""
    with whole(path) as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for each in surveys:
            writer.writerows(_cells(each.gathered.recording.key, question) for question in each.questions)
    say(f"questions written to {path}")


def _cells(key: str, asked: Question) -> Iterator[Any]:
    answered = "" if asked.answered is None else ("yes" if asked.answered else "no")
    texts = (key, asked.text, asked.slot, asked.entity, asked.answer)
    named, text, slot, entity, answer = (f"'{said}" if said.startswith(FORMULA) else said for said in map(safe, texts))
    times = ("" if at is None else round(at, 1) for at in (asked.first, asked.last))
    yield from (named, asked.demand, *times, text, slot, entity, answered, answer)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common()) or "none"


def _length(seconds: float | None) -> str:
    return "" if seconds is None else f" in {_clock(seconds)}"


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole_ = int(seconds)
    return f"{whole_ // 3600}:{whole_ // 60 % 60:02}:{whole_ % 60:02}"
