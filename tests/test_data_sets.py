"""Where `prove` and `transfer` look for data sets."""

from pathlib import Path

import pytest

from millstream.commands.backbones import data_sets
from millstream.errors import InputError


@pytest.mark.parametrize("said", ["", "/no/such/folder"])
def test_no_folder_of_data_sets_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILLSTREAM_DATA", said)
    with pytest.raises(InputError, match="no folder of data sets; give --data or set MILLSTREAM_DATA"):
        data_sets(None)


def test_a_folder_is_given_or_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILLSTREAM_DATA", str(tmp_path))
    assert data_sets(None) == data_sets(tmp_path) == tmp_path
