"""The prompts of know/, read from the Markdown beside this file."""

from functools import cache
from importlib.resources import files
from string import Template

from millstream.chat import Message, fenced
from millstream.records import Lang


def messages(stage: str, lang: Lang, **values: str) -> list[Message]:
    """The prompt `stage` about `values`, which are material: none of them can leave its marks."""
    system, line = _parts(stage, lang)
    asked = line.substitute({name: fenced(" ".join(value.split())) for name, value in values.items()})
    return [Message("system", system), Message("user", asked)]


@cache
def _parts(stage: str, lang: Lang) -> tuple[str, Template]:
    """(the system message, the user's)."""
    text = (files("millstream") / "know" / "prompts" / f"{stage}.{lang}.md").read_text(encoding="utf-8")
    system, _, line = text.partition("\n---\n")
    return system.strip(), Template(line.strip())
