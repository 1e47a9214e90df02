"""The index finds, filters and searches without reading dialogues; a big run opens at once."""

import time
from pathlib import Path

import pytest
from runs import large, many, run

from builders import altered, dialogue, saying
from millstream.errors import InputError
from millstream.viewer import index
from millstream.viewer.index import Filter


def test_entries_say_what_the_dialogues_are(tmp_path: Path) -> None:
    kept, dropped = many(4), [dialogue(number=9)]
    found = index.opened(run(tmp_path / "r", kept, dropped))
    assert [each.id for each in found.entries] == [each.id for each in (*kept, *dropped)]
    first, last = found.entries[0], found.entries[-1]
    assert (first.lang, first.status, first.reason) == ("zh", "accepted", "")
    assert last.status == "rejected" and last.reason == "critic claims: turn 3: said 9, the table has 8"
    assert found.read(last) == dropped[0]


def test_filters_and_search(tmp_path: Path) -> None:
    odd = altered(saying(['He said "Grüße" to me']), scenario=altered(dialogue().scenario, number=77))
    found = index.opened(run(tmp_path / "r", [*many(4), odd]))
    lost = found.chosen(Filter(outcome="lost_price"), {})
    assert [each.outcome for each in lost] == ["lost_price"]
    for text in ('said "grüSSe"', "GRÜSSE", "he SAID"):
        assert [each.id for each in found.chosen(Filter(text=text), {})] == [odd.id], text
    assert found.chosen(Filter(text="no such words"), {}) == []
    decided = {odd.id: "accept"}
    assert [each.id for each in found.chosen(Filter(decision="accept"), decided)] == [odd.id]
    assert len(found.chosen(Filter(decision="none"), decided)) == 4


def test_a_torn_end_is_left_out_and_a_broken_line_is_one_line(tmp_path: Path) -> None:
    folder = run(tmp_path / "r", many(2))
    path = folder / "8_dialogues.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-50])
    assert len(index.opened(folder).entries) == 1
    path.write_bytes(b'{"item": "x", "made": [{"scenario": {"domain": \n')
    with pytest.raises(InputError, match="line 1: not a dialogue"):
        index.opened(folder)


def test_a_file_that_changes_is_said_so(tmp_path: Path) -> None:
    folder = run(tmp_path / "r", many(2))
    found = index.opened(folder)
    (folder / "8_dialogues.jsonl").write_bytes(b"")
    with pytest.raises(InputError, match="has changed"):
        found.read(found.entries[1])


def test_ten_thousand_dialogues_open_in_two_seconds(tmp_path: Path) -> None:
    """Counted in CPU time: the machine may be busy."""
    folder = large(tmp_path / "r", 10_000)
    begun = time.process_time()
    found = index.opened(folder)
    assert time.process_time() - begun < 2
    assert len(found.entries) == 10_000 and found.find("0000000000009999") is not None
    assert found.read(found.entries[-1]).turns == dialogue(number=0).turns
