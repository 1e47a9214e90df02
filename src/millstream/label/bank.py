"""The prompt bank: one question in several wordings, with the label list in both orders. Knows no model.

A prompt is a system message with the labels, then the example lines as a talk of their own, and the line asked about
last: all but the line is the same for every utterance, so that an endpoint's prompt cache serves it.
"""

from dataclasses import dataclass
from string import Template

from millstream import prompts
from millstream.chat import Message, fenced
from millstream.label.tasks import LabelTask
from millstream.records import Lang

WORDINGS = 3
"""Wordings in each language: label/prompts/."""


@dataclass(frozen=True)
class Prompt:
    """One wording and order of one task: `words` are the answers, in the order of the task's labels."""

    head: tuple[Message, ...]
    line: Template
    words: tuple[str, ...]

    def asked(self, text: str) -> Message:
        return Message("user", self.line.substitute(line=fenced(text)))

    def answered(self, label: int) -> Message:
        return Message("assistant", self.words[label])


def bank(task: LabelTask, lang: Lang, wordings: int = 2) -> tuple[Prompt, ...]:
    """Of two wordings: the first one with its labels forwards, the second one backwards, then the other way round.
    Whoever takes a part of them has both, and what a model likes of a place in the list is averaged out."""
    ways = [(n, (n + swapped) % 2 == 1) for swapped in (0, 1) for n in range(wordings)]
    return tuple(_prompt(task, lang, n + 1, backwards) for n, backwards in ways)


def _prompt(task: LabelTask, lang: Lang, wording: int, backwards: bool) -> Prompt:
    system, line = prompts.read("label", f"{wording}.{lang}")
    labels = task.labels[::-1] if backwards else task.labels
    listed = "\n".join(f"{each.names[lang]}: {each.means[lang]}" for each in labels)
    head = [Message("system", system.substitute(about=task.about[lang], labels=listed))]
    most = max(len(each.shows.get(lang, ())) for each in labels)
    for n in range(most):
        for each in labels:
            for shown in each.shows.get(lang, ())[n : n + 1]:
                head += [Message("user", line.substitute(line=shown)), Message("assistant", each.names[lang])]
    return Prompt(tuple(head), line, tuple(each.names[lang] for each in task.labels))
