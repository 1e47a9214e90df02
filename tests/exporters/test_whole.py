"""A file appears whole or not at all; a row is one line however lines are split."""

import json
from pathlib import Path

import pytest

from millstream.errors import InputError
from millstream.exporters import line
from millstream.whole import whole


def test_after_an_error_the_old_file_stands_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("old\n")
    with pytest.raises(ZeroDivisionError), whole(path) as out:
        out.write("new\n")
        raise ZeroDivisionError
    assert path.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_has_no_name_before_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "rows.jsonl"
    with whole(path) as out:
        out.write("new\n")
        assert not path.exists()
    assert path.read_text() == "new\n"


def test_a_folder_that_is_a_file_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="taken"), whole(tmp_path / "taken" / "rows.jsonl"):
        pass


def test_a_row_is_one_line_for_every_splitter() -> None:
    row = {"text": "a\u2028b\u2029c\x85d\ne"}
    assert len(line(row).splitlines()) == 1
    assert json.loads(line(row)) == row
