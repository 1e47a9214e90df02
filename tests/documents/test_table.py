"""Tables: three shapes, one result; what has no headers is refused."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.documents import table
from millstream.errors import InputError
from millstream.shapes import Table

WANTED = Table("prices", ("name", "price", "open"), (("Set A", "12.5", "true"), ("Set B", "", "false")))


def read(path: Path, whole: Any) -> Table:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    (found,) = table.read(path)
    return found


def test_three_shapes(tmp_path: Path) -> None:
    rows = [{"name": "Set A", "price": 12.5, "open": True}, {"name": "Set B", "open": False, "price": None}]
    columns = {"name": ["Set A", "Set B"], "price": [12.5, None], "open": [True, False]}
    assert read(tmp_path / "prices.json", rows) == WANTED
    assert read(tmp_path / "prices.json", columns) == WANTED
    assert read(tmp_path / "prices.csv", "name,price,open\nSet A,12.5,true\n\nSet B,,false\n") == WANTED
    assert read(tmp_path / "prices.tsv", "name\tprice\topen\nSet A\t12.5\ttrue\nSet B\t\tfalse\n") == WANTED


def test_gb18030_from_a_spreadsheet(tmp_path: Path) -> None:
    file = tmp_path / "价格.csv"
    file.write_bytes("车型,指导价\n云帆E5,14.98万\n".encode("gb18030"))
    assert list(table.read(file)) == [Table("价格", ("车型", "指导价"), (("云帆E5", "14.98万"),))]


@pytest.mark.parametrize(
    "said",
    [
        "云帆E5,14.98万,510\n云帆E7,19.98万,600\n",
        "Set A,12\nSet B,14\n",
        "name,,price\nSet A,x,12\n",
        "name,name\nSet A,x\n",
        "Set A,¥12.00\nSet B,¥14.00\n",
    ],
)
def test_no_headers_is_refused_with_its_remedy(tmp_path: Path, said: str) -> None:
    with pytest.raises(InputError, match=r"prices\.csv line 1: no headers.*column names above the data"):
        read(tmp_path / "prices.csv", said)


def test_headers_with_numbers_in_them_are_headers(tmp_path: Path) -> None:
    assert read(tmp_path / "p.csv", "model,0-100 km/h,2024 price\nE5,7.2,14.98\n").headers[1] == "0-100 km/h"


@pytest.mark.parametrize(
    ("name", "said", "what"),
    [
        ("p.csv", "", "no headers|without rows"),
        ("p.csv", "name,price\n", "without rows"),
        ("p.csv", 'name,price\nSet A,"12', "line 2: not CSV, or torn"),
        ("p.csv", "name,price\nSet A,1,200\n", "line 2: 3 cells under 2 headers"),
        ("p.csv", "name,price\n" + "x" * 200_000 + ",1\n", "not CSV"),
        ("p.json", '[{"name": "Set A"', "not JSON, or torn"),
        ("p.json", '[{"name": "Set A"}, 3]', "not a table"),
        ("p.json", '{"name": ["a"], "price": [1, 2]}', "different lengths"),
        ("p.json", "[]", "without rows"),
        ("p.json", '[{"a": ' * 1000, "nested"),
        ("p.json", '[{"a": NaN}]', "NaN"),
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, name: str, said: str, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read(tmp_path / name, said)
    assert "\n" not in str(caught.value)


def test_only_flat_json_is_a_table() -> None:
    assert table.recognises(Path("a.json"), '[{"name": "x", "price": 1}]')
    assert not table.recognises(Path("a.json"), '[{"action": {"item": {}}}]')
    assert not table.recognises(Path("a.json"), '{"meta": {"version": 1}}')
    assert not table.recognises(Path("whisper.tsv"), "start\tend\ttext\n0\t100\thi\n")


cells = st.text(st.characters(categories=["Lu", "Ll", "Lo", "P"], exclude_characters="\u2028\u2029"), min_size=1)


@settings(deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("first name", "second name"), *rows])
    file = tmp_path_factory.mktemp("csv") / "t.csv"
    file.write_text(out.getvalue(), encoding="utf-8", newline="")
    assert list(table.read(file)) == [Table("t", ("first name", "second name"), tuple(rows))]
