"""Programs say what a state means: they print, parse and run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worlds
from millstream.errors import InputError
from millstream.services import program
from millstream.services.annotated import Frame, State
from millstream.services.program import Program

NAME = st.from_regex(r"[A-Za-z人均_][A-Za-z0-9_消费]{0,6}", fullmatch=True).filter(lambda name: name != "any")
VALUE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    lambda v: v != "dontcare"
)
VALUES = st.just(("dontcare",)) | st.lists(VALUE, min_size=1, max_size=3).map(tuple)
PROGRAMS = st.builds(
    Program,
    NAME,
    NAME,
    st.lists(st.tuples(NAME, VALUES), max_size=3).map(tuple),
    st.lists(NAME, max_size=3).map(tuple),
)


@given(PROGRAMS)
def test_what_is_shown_is_parsed_again(one: Program) -> None:
    assert program.parse(program.show(one)) == one


def test_a_state_as_a_program() -> None:
    values = {"price_range": ("cheap|moderate",), "city": ("dontcare",), "category": ("green", "a green one")}
    frame = Frame("Teas_1", state=State("FindTea", ("city",), values))
    made = program.meaning(frame)
    assert made is not None
    said = '@Teas_1.FindTea(category = "green", city = any, price_range = "cheap" || "moderate") => [city];'
    assert program.show(made) == said
    assert program.meaning(Frame("Teas_1", state=State())) is None


def test_a_program_runs_on_the_rows() -> None:
    rows = worlds.WORLD.knowledge.rows["Teas_1"]
    city = rows[0]["city"]
    found = program.run(program.parse(f'@Teas_1.FindTea(city = "{city}");'), worlds.WORLD.knowledge)
    assert found == tuple(row for row in rows if row["city"] == city)
    told = program.told(program.parse(f'@Teas_1.FindTea(city = "{city}") => [category];'), worlds.WORLD.knowledge)
    assert told[0] == {"category": rows[0]["category"]}


@pytest.mark.parametrize("torn", ["", "@A", "@A.b(", '@A.b(c = "d"', "@A.b(c = d);", "@A.b() => [];", "@A.b()"])
def test_a_torn_program_is_one_clear_line(torn: str) -> None:
    with pytest.raises(InputError, match=r"character \d+: no program"):
        program.parse(torn)
