"""The figures of a csc run, from its tables: what fell out, which strategies stand where, baselines, whose words.

Labels of the real half are the run's own, so the baselines here are of silver; labels by readers are a benchmark's
affair. Knows no model.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from millstream.csconv import Annotated, Material
from millstream.metrics import strategy as told
from millstream.metrics.intervals import Figure
from millstream.records import Dialogue, Lang, Reject
from millstream.strategies import Framework

_DIGITS = str.maketrans("0123456789", "N" * 10)
Codes = dict[str, list[str]]


def figures(found: Material, real: Annotated, played: Sequence[Dialogue], rejects: Sequence[Reject]) -> dict[str, Any]:
    """All of it as plain values."""
    sets: dict[str, Codes] = {
        "annotated": {each.id: [turn.strategy for turn in each.agent] for each in real.every},
        "kept": {each.id: [turn.strategy for turn in each.agent] for each in real.kept},
        "played": {each.id: codes(each) for each in played},
    }
    halves = list(sets["annotated"].values())
    return {
        "lang": found.lang,
        "read": len(found.conversations),
        "personas": len(found.personas),
        **{name: len(each) for name, each in sets.items()},
        "labels": real.labels,
        "rejects": _rejects(rejects),
        "strategies": _strategies(real.framework, found.lang, sets),
        "divergence": _number(told.transition_divergence(sets["played"].values(), sets["annotated"].values())),
        "halves": _number(told.transition_divergence(halves[::2], halves[1::2])),
        "baselines": baselines(real.framework, sets["played"], sets["kept"]),
        "paper": told.PAPER,
        "words": Counter(turn.words for each in real.kept for turn in each.turns),
        "worded": Counter(turn.worded for each in played for turn in each.turns),
        "turns": {
            "annotated": _mean([len(each.turns) for each in real.every]),
            "kept": _mean([len(each.turns) for each in real.kept]),
            "played": _mean([len(each.turns) for each in played]),
        },
    }


def codes(dialogue: Dialogue) -> list[str]:
    """The strategies of the agent's turns, in their order."""
    return [turn.strategy for turn in dialogue.turns if turn.role == "agent"]


def baselines(known: Framework, train: Codes, test: Codes) -> list[dict[str, Any]]:
    """Majority and bigram, from the gold turns before and from their own."""
    made = []
    for name, learn in (("majority", told.majority), ("bigram", told.bigram)):
        rank = learn(train.values(), known.codes)
        for context, tell in (("reference", told.told), ("generated", told.unrolled)):
            if name == "bigram" or context == "reference":
                made.append({"name": name, "context": context, **measured(tell(test, rank), known)})
    return made


def measured(rows: Sequence[told.Told], known: Framework) -> dict[str, float | None]:
    """Top-1 with its interval, top-3 and stage accuracy."""
    stages: Mapping[str, Sequence[str]] = {each.code: each.stages for each in known.strategies}
    one, three, stage = told.accuracy(rows), told.accuracy(rows, 3), told.stage_accuracy(rows, stages)
    return {"top1": one.value, "low": one.low, "high": one.high, "top3": three.value, "stage": stage.value}


def lines(made: Mapping[str, Any]) -> tuple[str, ...]:
    """What is said at the end."""
    best = max((row["top1"] or 0 for row in made["baselines"]), default=0)
    low, high = made["paper"]
    return (
        f"service talk: {made['read']} read, {made['annotated']} annotated, {made['kept']} in the evaluation set",
        f"played: {made['played']} dialogues, {made['turns']['played'] or 0:.1f} turns on average",
        *(f"rejected: {row['count']} x {row['step']}: {row['reason']}" for row in made["rejects"][:6]),
        f"next strategy, best baseline learnt from played talk: {best:.0%} (silver labels)",
        f"published for CSConv: {low} to {high}%; other data, other models, other labels",
    )


def _rejects(rejects: Sequence[Reject]) -> list[dict[str, Any]]:
    """By step and reason, numbers folded: 9 and 8 utterances are one reason."""
    counts = Counter((each.step, each.reason.translate(_DIGITS)) for each in rejects)
    return [{"step": step, "reason": reason, "count": count} for (step, reason), count in counts.most_common()]


def _strategies(known: Framework, lang: Lang, sets: Mapping[str, Codes]) -> list[dict[str, Any]]:
    shares = {name: Counter(code for each in found.values() for code in each) for name, found in sets.items()}
    rows = []
    for each in known.strategies:
        share = {name: counts[each.code] / counts.total() if counts else None for name, counts in shares.items()}
        rows.append({"code": each.code, "name": each.names[lang], "stages": each.stages, **share})
    return rows


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None


def _number(value: float) -> float | None:
    return value if value == value else None


def shown(figure: Figure) -> str:
    """A share with its interval, for tables of text."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%})"
