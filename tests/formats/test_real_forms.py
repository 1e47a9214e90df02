"""Real files of each form at hand: no fault is found in them, and they are written again to the letter."""

import os
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from millstream import corpora
from millstream.formats import crosswoz, multiwoz21, risawoz, sgd

DATA = Path(os.environ.get("MILLSTREAM_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
FILES = [
    (sgd, "sgd/dev/dialogues_001.json"),
    (multiwoz21, "multiwoz21_convlab/val.json.zip"),
    (crosswoz, "crosswoz/val.json.zip"),
    (risawoz, "xrisawoz_fewshot/zh_fewshot.json"),
    (risawoz, "xrisawoz_fewshot/en_fewshot.json"),
]


@pytest.mark.data
@pytest.mark.parametrize(("form", "name"), FILES, ids=[name for _, name in FILES])
def test_a_real_file_comes_back_to_the_letter(form: Any, name: str) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"the data set {name} is not here; MILLSTREAM_DATA names the folder of the sets")
    for key, row in islice(corpora.entries(DATA / name), 60):
        assert form.faults(row) == []
        assert form.row(form.parse(row, key)) == row
