"""Chat messages as a corpus: system and tool messages are no turns; torn, hostile and empty files are one line."""

from pathlib import Path

import pytest

from millstream import corpora
from millstream.errors import InputError

GOOD = (
    '{"id": "a", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"},'
    ' {"role": "tool", "content": "{}"}, {"role": "assistant", "content": null},'
    ' {"role": "assistant", "content": "yes"}]}\n'
)


def test_users_and_assistants_are_turns(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text(GOOD * 2, encoding="utf-8")
    found = list(corpora.conversations(path))
    assert [each.key for each in found] == ["a", "a"] and found[0].corpus == "messages"
    assert [(turn.role, turn.text) for turn in found[0].turns] == [("user", "hi"), ("agent", "yes")]


TORN = (GOOD[:50], GOOD + "{", '{"messages": {"content": 1}}\n', '{"messages": "content"}')


@pytest.mark.parametrize("content", TORN)
def test_torn_and_strange_files_are_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"m\.jsonl"):
        list(corpora.conversations(path))
