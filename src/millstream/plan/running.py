"""Sentences of one turn run together: what more follows is closed, and in Chinese runs on behind a comma."""

from collections.abc import Sequence

from millstream import phrases
from millstream.labels import Labels
from millstream.records import Lang, Sentence, Step

_MARKS = "。！？!?.~～"


def said_in(step: Step, found: Sequence[tuple[Sentence, str]], labels: Labels) -> Step:
    """The step said in these (sentence, frame)."""
    parts = [_running(part, labels.lang) for part, _ in found[:-1]] + [found[-1][0]]
    draft = phrases.joined([(part.text, part.must) for part in parts], labels.lang)
    return step._replace(
        acts=tuple(act for part in parts for act in part.acts),
        draft=draft,
        must=tuple(dict.fromkeys(word for part in parts for word in part.must)),
        refs=tuple(dict.fromkeys([*step.refs, *(ref for part in parts for ref in part.refs)])),
        asks=labels.asks(draft) if step.asks else False,
        frame=next((frame for _, frame in found if frame), step.frame),
        parts=tuple(parts),
    )


def before(text: str, piece: str, lang: Lang) -> str:
    """A piece, and the text behind it."""
    comma, space = ("，", "") if lang == "zh" else (",", " ")
    return f"{piece if piece[-1:] in _MARKS + '，,' else piece + comma}{space}{text}"


def behind(text: str, piece: str, lang: Lang) -> str:
    """A text, and the piece behind it."""
    return closed(text, lang) + ("" if lang == "zh" else " ") + piece


def closed(text: str, lang: Lang) -> str:
    """A sentence with a mark at its end, where more follows."""
    return text if text[-1:] in _MARKS else text.rstrip("，,") + ("，" if lang == "zh" else ".")


def _running(part: Sentence, lang: Lang) -> Sentence:
    runs = lang == "zh" and part.text.endswith("。")
    return part._replace(text=part.text[:-1] + "，" if runs else closed(part.text, lang))
