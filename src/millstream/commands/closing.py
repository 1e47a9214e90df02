"""What is said at the end of a run, and why it ended with the exit code it has. Writes nothing but stderr."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream.commands import manifest
from millstream.commands.terminal import say
from millstream.intake import lost_table
from millstream.report import clock, number, percent
from millstream.report.counts import CLOSE, COPIED, Summary
from millstream.summary import PLAYED, accidents

DONE, NOTHING, ACCIDENT = 0, 3, 4
_KNOWN = ("table", "document", "seed")
"""Sources of report.counts.Heard that are knowledge, and no recording that could abstain."""
_MOST = 6
"""Reasons, files and recordings shown; all are in the report."""


def figures(summary: Summary, folder: Path, failed: int) -> dict[str, Any]:
    """What a program wants to know of a run without counting; None where there is nothing to divide by."""
    total = summary.total
    return {
        "acceptance": summary.acceptance,
        "calls_per_dialogue": summary.each(total.calls),
        "tokens_per_dialogue": summary.each(total.tokens_in + total.tokens_out),
        "seconds_per_dialogue": summary.each(summary.wall_seconds),
        "turns": sum(count for _, count in summary.words),
        "own_words": summary.own_words,
        "failed": failed,
        "dataset": manifest.dataset(folder),
        "exit_code": exit_code(summary, failed),
    }


def exit_code(summary: Summary, failed: int) -> int:
    """Nothing is accepted by an accident where items failed and not one dialogue was played."""
    if summary.accepted:
        return DONE
    return ACCIDENT if failed and not _played(summary) else NOTHING


def close(summary: Summary, folder: Path, failed: int) -> int:
    """Say what came of it; returns the exit code."""
    for name, text in lines(summary, folder, failed):
        say(f"{name}: {text}")
    return exit_code(summary, failed)


def lines(summary: Summary, folder: Path, failed: int) -> Iterator[tuple[str, str]]:
    """(what, how much), in the order a person asks."""
    yield from _numbers(summary)
    yield from _mix(summary)
    yield from _reasons(summary)
    if failed:
        yield from _few("failed", [f"{count} x {error}" for error, count in accidents(folder).most_common()])
        again = f"`millstream resume {folder}` tries them again"
        yield "failed", f"{failed} items: see `millstream status {folder} --failures`; {again}"
    if not summary.accepted:
        yield "nothing", _why(summary, failed)
    elif summary.accepted < summary.target:
        yield "fewer", f"{summary.accepted} of {summary.target} asked for; a larger --set waves=N draws more"
    if summary.accepted:
        yield "dataset", f"sha256 {manifest.dataset(folder)}"
    yield "report", str(folder / "report.html")
    if summary.accepted < summary.target and (lost := lost_table(summary.left_out)):
        yield "likely", f"because a table was left out, and what is on offer is not known: {lost}"


def _numbers(summary: Summary) -> Iterator[tuple[str, str]]:
    total, words = summary.total, dict(summary.words)
    yield "accepted", f"{summary.accepted} of {summary.drawn} drawn ({percent(summary.acceptance)})"
    tokens = summary.each(total.tokens_in + total.tokens_out)
    yield "model", (
        f"{number(summary.each(total.calls), 1)} calls and {number(tokens)} tokens per accepted dialogue"
        f" ({total.calls:,} calls in all, {total.failures:,} attempts failed)"
    )
    each = summary.each(summary.wall_seconds)
    yield "time", f"{number(each, 1)} seconds per accepted dialogue ({clock(summary.wall_seconds)} in all)"
    yield "own words", (
        f"{percent(summary.own_words)} of {sum(words.values())} turns ({words.get(COPIED, 0)} of them as a worked "
        f"example has it); {words.get(CLOSE, 0)} close to the draft, "
        f"{words.get('kept', 0)} kept the draft, {words.get('template', 0)} by template"
    )


def _mix(summary: Summary) -> Iterator[tuple[str, str]]:
    """Asked, drawn and accepted of each value of the mix."""
    for dimension, value, asked, drawn, accepted, why in summary.mix:
        reason = f" ({why})" if why else ""
        yield "mix", f"{dimension} {value}: {asked} asked, {drawn} drawn, {accepted} accepted{reason}"


def _reasons(summary: Summary) -> Iterator[tuple[str, str]]:
    yield from _few("rejected", [f"{count} x {step}: {reason}" for step, reason, count in summary.rejects])
    yield from _few("left out", [reason for _, reason in summary.left_out])
    yield from _few("abstained", [f"{name}: {reason}" for name, reason in summary.abstained])


def _few(name: str, said: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((name, line) for line in said[:_MOST])
    if len(said) > _MOST:
        yield name, f"and {len(said) - _MOST} more (see the report)"


def _why(summary: Summary, failed: int) -> str:
    if failed and not _played(summary):
        return "was made: accidents stopped it"
    if summary.drawn:
        return "was accepted: see above what was rejected, and why"
    mined = [each for each in summary.heard if each.source not in _KNOWN]
    if mined and len(summary.abstained) == len(mined):
        return "was made: every source abstained, because there is too little service talk in it"
    return "was made: nothing is known of anything that could be talked about; add a price list or a menu"


def _played(summary: Summary) -> int:
    return dict(summary.stages).get(PLAYED, 0)
