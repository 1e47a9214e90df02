"""The prompts of play/, read from the Markdown beside this file."""

from functools import cache
from importlib.resources import files

import yaml

from millstream.chat import Message
from millstream.records import Lang, Role

SPEAKER: dict[Lang, dict[Role, str]] = {
    "zh": {"user": "观众", "agent": "主播"},
    "en": {"user": "viewer", "agent": "host"},
}


@cache
def system(lang: Lang) -> str:
    return (files("millstream") / "play" / "prompts" / f"reword.{lang}.md").read_text(encoding="utf-8").strip()


@cache
def shots(lang: Lang) -> tuple[Message, ...]:
    text = (files("millstream") / "play" / "prompts" / "shots.yaml").read_text(encoding="utf-8")
    pairs = [
        (Message("user", task(lang, role, draft)), Message("assistant", line))
        for role, draft, line in yaml.safe_load(text)[lang]
    ]
    return tuple(message for pair in pairs for message in pair)


def task(lang: Lang, role: Role, draft: str, said: str = "", samples: str = "") -> str:
    """One task: what was said, how such people talk, and the draft between its marks.

    What stands still comes first and the draft last, so that the server's prefix cache serves the rest.
    """
    who = SPEAKER[lang][role]
    if lang == "zh":
        parts = [f"对话：\n{said}" if said else "", f"{who}的语气例句：{samples}" if samples else "", f"说话人：{who}"]
    else:
        parts = [f"Dialogue:\n{said}" if said else "", f"How a {who} sounds: {samples}" if samples else "", f"Speaker: {who}"]
    return "\n".join([*filter(None, parts), f"<draft>{draft}</draft>"])
