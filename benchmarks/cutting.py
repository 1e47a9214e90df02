"""What the recipes `threads` and `conversation` find in real talk: python benchmarks/cutting.py DATA_FOLDER

Threads: the Ubuntu support logs of irc_disentanglement (dev files; the rules were looked at on train files), whose
reply links people set, as comment files. Once with the links told, and once as a flat platform has them, with the
thread alone: then each reply's message is guessed, and the guess compared with the link, beside two floors (the first
message of the thread; the message before). Conversation: tinyrec's meetings, cues with speakers and times. 95%
intervals by bootstrap over files.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from linking import Chat, chats

from millstream.conversations import Found
from millstream.metrics.intervals import ratio
from millstream.mine.cast import threads
from millstream.recipes import conversation
from millstream.recipes.threads import answered, cut
from millstream.records import Cue
from millstream.text import load_json, seconds

Told = tuple[float, float]


def comments(chat: Chat, flat: bool) -> list[Cue]:
    """The annotated lines as comments; `flat`: every reply points to the first line of its thread."""
    parents = {n: min(asked) for n, asked in chat.gold.items()}
    names = {line.author: f"v{n:06x}" for n, line in enumerate(chat.lines)}
    cues = []
    for n in sorted(parents):
        if not (said := chat.lines[n]).author:
            continue
        root, above = _root(n, parents), parents[n]
        pointed = None if above == n or above not in parents else root if flat else above
        text = said.text
        first = text.split(maxsplit=1)[0].strip(":,") if text.strip() else ""
        if first in names:
            text = f"@{names[first]} {text.split(maxsplit=1)[-1]}"
        cues.append(_comment(chat.name, n, text, names[said.author], pointed))
    known = {cue.n for cue in cues}
    return [cue if cue.reply_to in known else cue.model_copy(update={"reply_to": None}) for cue in cues]


def _root(n: int, parents: dict[int, int]) -> int:
    while parents.get(n, n) != n and parents[n] in parents:
        n = parents[n]
    return n


def _comment(name: str, n: int, text: str, author: str, above: int | None) -> Cue:
    said = {"text": text.strip() or "-", "author": author, "reply_to": above}
    return Cue(recording=name, track="comment", n=n, start=None, end=None, **said)


def guesses(chat: Chat, guess: Callable[[list[Cue], int], int]) -> Told:
    """(right, all) of the replies whose thread's first line is not the only candidate."""
    right = all_ = 0
    for thread in threads(comments(chat, flat=True)):
        for at in range(2, len(thread)):
            all_ += 1
            right += guess(thread, at) in chat.gold[thread[at].n]
    return float(right), float(all_)


def ours(thread: list[Cue], at: int) -> int:
    return next(n for n, replies in answered(thread).items() if thread[at] in replies)


def told(found: list[Found]) -> str:
    turns = [turn for each in found for turn in each.turns]
    several = sum(bool(turn.others) for turn in turns)
    refs = sum(len(turn.others) for turn in turns) / max(1, several)
    lengths = Counter(len(each.turns) for each in found)
    share = sum(count for length, count in lengths.items() if length >= 4) / max(1, len(found))
    return (
        f"{len(found)} dialogues, {len(turns) / max(1, len(found)):.1f} turns each, {share:.0%} of 4 or more; "
        f"{several} turns with {refs:.1f} further references"
    )


def dialogues(cues: list[Cue]) -> list[Found]:
    return [each for each in cut(cues) if isinstance(each, Found)]


def meetings(folder: Path) -> Iterator[list[Cue]]:
    for file in sorted(folder.glob("*_anno.json")):
        for name, rows in load_json(file.with_name(file.name.replace("_anno", ""))).items():
            said = [row for row in rows["entries"] if row.get("doc")]
            speakers = {row["user_id"]: f"speaker_{n}" for n, row in enumerate(said)}
            yield [
                Cue(
                    recording=name, track="speech", n=n, start=seconds(row["start"]), end=seconds(row["end"]),
                    text=row["doc"], speaker=speakers[row["user_id"]],
                )
                for n, row in enumerate(said)
            ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    asked = parser.parse_args()
    if not (asked.data / "irc_disentanglement" / "dev").is_dir():
        sys.exit(f"{asked.data}: no irc_disentanglement/dev in it; give the folder of the data sets")
    logs = chats(asked.data / "irc_disentanglement" / "dev")
    print(f"threads: {len(logs)} logs of Ubuntu support")
    for name, flat in (("links told", False), ("flat", True)):
        print(f"  {name}: {told([each for log in logs for each in dialogues(comments(log, flat))])}")
    floors = {"first message": lambda thread, _: thread[0].n, "message before": lambda thread, at: thread[at - 1].n}
    for name, guess in {**floors, "ours": ours}.items():
        found = ratio([guesses(log, guess) for log in logs])
        print(f"  flat, message answered, {name:14} {found.value:.3f} ({found.low:.3f} to {found.high:.3f})")
    for cues in meetings(asked.data / "tinyrec" / "dev"):
        results = list(conversation.cut(cues))
        talks = [each for each in results if isinstance(each, Found)]
        why = Counter(each.reason.rstrip(" 0123456789") for each in results if not isinstance(each, Found))
        people = len({cue.speaker for cue in cues})
        inside = sum(len(turn.cues) for talk in talks for turn in talk.turns)
        print(f"conversation: {people} people, {len(cues)} cues, {inside} in {told(talks)}; left: {why.most_common(3)}")


if __name__ == "__main__":
    main()
