"""The Re-stream proof: `python benchmarks/restream_pool.py DATA TARGET OUT`, then
`millstream prove TARGET --data DATA --streams OUT --size 300`.

The real dialogues of a target that may be looked at (a fifth, never in its test) are written as streams: the agent's
lines as a recogniser hears them, the user's scattered in real chat, a quarter of the viewers never answered. What the
pipeline mines of them is one arm of the proof; the same dialogues with their human labels are another.
"""

import argparse
import json
from pathlib import Path

import restream_corpora as corpora
from restreaming import Shape, Talk, Turn, streams

from millstream.prove import targets
from millstream.records import Cue
from millstream.services.annotated import TaskDialogue


def talk(dialogue: TaskDialogue) -> Talk:
    """Its words alone; lines of one side in a row are one."""
    turns: list[Turn] = []
    for turn in dialogue.turns:
        if turns and turns[-1].role == turn.role:
            turns[-1] = Turn(turn.role, f"{turns[-1].text} {turn.text}")
        elif turns or turn.role == "user":
            turns.append(Turn(turn.role, turn.text))
    return Talk(dialogue.key, dialogue.lang, tuple(turns[: len(turns) // 2 * 2]))


def write(cues: tuple[Cue, ...], path: Path) -> None:
    path.write_text("".join(f"{json.dumps(cue.model_dump(exclude_defaults=True))}\n" for cue in cues), "utf-8")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("data", type=Path)
    words.add_argument("target", choices=targets.TARGETS)
    words.add_argument("out", type=Path)
    told = words.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    pool = targets.target(told.target, told.data).pool
    talks = [each for each in map(talk, pool) if len(each.turns) >= 4]
    chat = corpora.background(told.data, talks[0].lang)
    made = list(streams(talks, chat[len(chat) // 2 :], Shape(), f"pool {told.target}"))
    for one in made:
        write(one.chat, told.out / f"{one.name.replace(' ', '-')}.chat.jsonl")
        write(one.speech, told.out / f"{one.name.replace(' ', '-')}.speech.jsonl")
    lines = sum(len(one.chat) for one in made)
    print(f"{len(made)} streams of {len(talks)} dialogues, {lines} lines of chat: {told.out}")


if __name__ == "__main__":
    main()
