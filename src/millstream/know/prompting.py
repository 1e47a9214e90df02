"""The prompts of know/ about material that may be hostile."""

from millstream import prompts
from millstream.chat import Message, fenced
from millstream.records import Lang


def messages(stage: str, lang: Lang, **values: str) -> list[Message]:
    """The prompt `stage` about `values`, which are material: none of them can leave its marks."""
    system, line = prompts.read("know", f"{stage}.{lang}")
    asked = line.substitute({name: fenced(" ".join(value.split())) for name, value in values.items()})
    return [Message("system", system.substitute()), Message("user", asked)]
