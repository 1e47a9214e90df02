"""What a run did, in figures: from what the pipeline made, its folder and its ledger to a report's Summary.

The share of turns in the model's own words is counted here as the project promises it: worded by the model, and
at least `OWN_WORDS` edits a character away from the draft; those that a worked example has already are told apart.
Refuses to know how anything is shown.
"""

import heapq
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from millstream import ledger, table, worked
from millstream.critics.grounding import counter
from millstream.dataset import Digest
from millstream.intake import Intake
from millstream.pipeline import Made
from millstream.plan.balance import Balance, balance
from millstream.play.faithful import distance
from millstream.play.reword import OWN_WORDS
from millstream.prepare import Mined
from millstream.recipe import Settings
from millstream.records import Dialogue, Lang, Rights
from millstream.report.counts import CLOSE, COPIED, Heard, Right, Spend, Summary, Tally, in_order, rank
from millstream.rows import Written, written_in
from millstream.shapes import Known
from millstream.table import PART, Map, Table

PLAYED = "dialogues played"
LOOKED_AT = 300
"""Dialogues whose agents' turns are read against the knowledge for the report: a few seconds of a large run."""
_NAME = re.compile(r"\b[0-9a-f]{16}\b")


@dataclass(frozen=True)
class Context:
    """What was asked for and where it lies; `seconds` by the clock, all sessions of the run together."""

    settings: Settings
    taken: Intake
    folder: Path
    seconds: float
    version: str


class Read:
    """All that is said of accepted dialogues, in one reading of them: `tally`, whose `words` their turns are in, which
    `realisers` worded them, and the hash of the dataset; `drawn` are some to be shown."""

    def __init__(self, dialogues: Iterable[Written] = ()) -> None:
        self.words, self.realisers, self.digest, self.tally = Counter[str](), set[str](), Digest(), Tally()
        self.drawn: tuple[Dialogue, ...] = ()
        for each in dialogues:
            self.tally.add(each)
            self.digest.add(each)
            self.realisers.add(each.own["realiser"])
            self.words.update([whose(turn, each.own["scenario"]["lang"]) for turn in each.own["turns"]])

    def join(self, more: "Read") -> None:
        """Take over what was read of dialogues behind these, but for those to be shown."""
        self.words.update(more.words)
        self.realisers |= more.realisers
        self.digest.join(more.digest)
        self.tally.join(more.tally)


def read_in_parts(tables: Sequence[Table[Dialogue]], sample: int, aside: Map, size: int = PART) -> Read:
    """Tables read in parts of `size` dialogues, which `aside` may have read side by side."""
    whole = Read()
    for part in aside(_read, chain.from_iterable(each.parts(size) for each in tables)):
        whole.join(part)
    drawn = heapq.nsmallest(sample, whole.digest.ids(), key=rank)
    whole.drawn = in_order(chain.from_iterable(each.of(drawn) for each in tables))
    return whole


def _read(part: Table[Dialogue]) -> Read:
    return Read(written_in(part.lines()))


def summarise(made: Made, kept: Read, context: Context) -> Summary:
    """Reads the folder's rejects, failures and ledger; writes nothing."""
    settings, taken, folder = context.settings, context.taken, context.folder
    return Summary(
        stages=tuple(_stages(made)),
        rejects=tuple(rejects(folder)),
        left_out=tuple(dict.fromkeys([*taken.left_out, *(pair for each in made.mined for pair in each.left_out)])),
        notes=tuple(_notes(made.mined, folder)),
        spending=tuple(spending(folder)),
        wall_seconds=context.seconds,
        target=settings.count,
        accepted=made.accepted,
        drawn=made.drawn,
        words=tuple(sorted(kept.words.items())),
        model=_model(kept.realisers, settings),
        settings=(("version", context.version), *((key, str(value)) for key, value in settings)),
        rights=tuple(named_rights(taken)),
        recordings=tuple(_heard(made, taken)),
        abstained=tuple((_title(each), each.abstained) for each in made.mined if each.abstained),
        mix=tuple(_mix(made, kept, folder)),
        unsupported=tuple(unsupported(made, folder)),
    )


def unsupported(made: Made, folder: Path) -> Iterator[tuple[str, int, int]]:
    """(whose, agent turns, those with a claim that the knowledge does not support) of the first LOOKED_AT dialogues as
    they were played, before any critic, and as they were accepted."""
    if made.ground is None:
        return
    known = Known(made.ground.knowledge.domain, made.ground.lang, made.ground.knowledge.facts)
    played = chain.from_iterable(Table(path, Dialogue) for path in sorted(folder.glob("6_dialogues_*.jsonl")))
    counted = counter(known)
    for name, dialogues in (("as played", played), ("as accepted", made.dialogues)):
        yield name, *counted(islice(dialogues, LOOKED_AT))


def whose(turn: Mapping[str, Any], lang: Lang) -> str:
    """Whose words a turn, as its row has it, is in: "template", "kept", "model", CLOSE or COPIED."""
    if turn["worded"] != "model":
        return str(turn["worded"])
    if distance(turn["text"], turn["draft"]) < OWN_WORDS:
        return CLOSE
    return COPIED if worked.echoes(lang, turn["role"], turn["text"]) else "model"


def rejects(folder: Path) -> Iterator[tuple[str, str, int]]:
    """(step, reason, count), the most frequent first; ids in a reason are left out, so that alike reasons add up."""
    rows = (json.loads(line) for line in _whole_lines(folder / "rejects.jsonl"))
    counts = Counter((row["step"], _NAME.sub("…", row["reason"])) for row in rows)
    yield from ((step, reason, count) for (step, reason), count in counts.most_common())


def _mix(made: Made, kept: Read, folder: Path) -> Iterator[Balance]:
    """What came of the mix that was asked for: a scenario that is in no accepted dialogue was lost at some step."""
    if made.sample is None or not made.sample.steering.asked:
        return
    rows = (json.loads(line) for line in _whole_lines(folder / "rejects.jsonl"))
    steps = {row["item"]: row["step"] for row in rows}
    accepted = kept.digest.ids()
    drawn = {each.id: made.sample.values(each) for wave in made.scenarios for each in wave}
    lost = {each: steps.get(each, "an accident") for each in drawn if each not in accepted}
    yield from balance(made.sample.steering.asked, drawn, lost, made.sample.there())


def failures(folder: Path) -> Counter[str]:
    """How many items of each step still fail."""
    return Counter(json.loads(line)["step"] for line in _whole_lines(folder / "failures.jsonl"))


def accidents(folder: Path) -> Counter[str]:
    """The errors of the items that still fail, and how many items have each."""
    return Counter(json.loads(line)["error"] for line in _whole_lines(folder / "failures.jsonl"))


def spending(folder: Path) -> Iterator[Spend]:
    for stage, tally in ledger.spent(folder / ledger.LEDGER).stages.items():
        yield Spend(
            stage, tally.calls, tally.attempts, tally.failures, tally.tokens_in, tally.tokens_out, tally.seconds
        )


def named_rights(taken: Intake) -> Iterator[Right]:
    """The rights of each recording, and of each file of knowledge by its name."""
    files = set()
    for gathered in taken.readings:
        files |= set(gathered.files)
        yield _right(gathered.recording.id, gathered.recording.rights)
    yield from (_right(Path(file).stem, rights) for file, rights in taken.rights.items() if file not in files)


def _right(name: str, rights: Rights) -> Right:
    return Right(name, rights.basis, rights.licence, rights.terms)


def _whole_lines(path: Path) -> Iterable[str]:
    """The lines of a log, without one that is being written or was torn."""
    return (line for line in table.lines(path) if line.endswith("}"))


def _stages(made: Made) -> Iterator[tuple[str, int]]:
    yield "cues", sum(each.cues for each in made.mined)
    yield "signals", sum(len(each.signals) for each in made.mined)
    if base := made.ground:
        yield "frames", len(base.frames)
        yield "facts", len(base.knowledge.facts)
        yield "user personas", len(base.users)
        yield "agent personas", len(base.agents)
        yield "blueprints", len(base.blueprints)
    if made.kept:
        yield "kept of the run before", made.kept
    yield "scenarios drawn", made.drawn
    yield PLAYED, made.played
    yield "passed every critic", made.sound
    yield "accepted", made.accepted


def _notes(mined: Iterable[Mined], folder: Path) -> Iterator[tuple[str, int]]:
    notes: Counter[str] = Counter()
    for each in mined:
        notes.update(dict(each.notes))
    yield from sorted(notes.items())
    for step, count in failures(folder).items():
        yield f"failed and tried again when the run is repeated: {step}", count


def _model(realisers: set[str], settings: Settings) -> str:
    """The model as the dialogues name it, which know the default's real name; "" where none had a part in it."""
    names = sorted(realisers - {"template"})
    return ", ".join(names) or ("" if settings.model == "none" else settings.model)


def _heard(made: Made, taken: Intake) -> Iterator[Heard]:
    for each in made.mined:
        yield Heard(each.recording.id, _title(each), each.recording.source, each.seconds, each.cues)
    for known in taken.tables:
        yield Heard(known.key, known.key, "table", None, len(known.rows))
    for source, count in Counter(passage.evidence[0].source for passage in taken.passages).items():
        yield Heard(source, source, "document", None, count)
    for key in (*(seed.key for seed in taken.profiles), *(seed.key for seed in taken.plans)):
        yield Heard(key, key, "seed", None, 1)


def _title(mined: Mined) -> str:
    return mined.recording.title or mined.recording.key
