"""Records are named by their content, refuse what they do not know, and some of them refuse to be dishonest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import builders
from millstream.records import (
    Act,
    Blueprint,
    Constraint,
    Dialogue,
    Evidence,
    Fact,
    Node,
    Passage,
    Path,
    Recording,
    Rights,
    Signal,
    Stage,
    Trait,
)

GREET, CLOSE = Stage(name="hello", move="greet"), Stage(name="end", move="close")
ROUTE = Path(name="all", stages=("hello", "end"), outcome="success")
EVIDENCE = (builders.evidence(),)


def test_content_names_a_record() -> None:
    one, same, other = (Act(act="inform", slot="price", value=value) for value in ("15万", "15万", "16万"))
    assert one.id == same.id != other.id
    assert {one, same, other} == {one, other}
    assert len(one.id) == 16 and int(one.id, 16) >= 0


def test_a_copy_with_other_content_has_another_name() -> None:
    act = Act(act="inform", value="a")
    assert act.id == Act(act="inform", value="a").id
    copied = act.model_copy(update={"value": "b"})
    assert copied.id == Act(act="inform", value="b").id != act.id


def test_a_record_is_frozen_and_refuses_unknown_fields() -> None:
    with pytest.raises(ValidationError):
        Act(act="inform").value = "x"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Act.model_validate({"act": "inform", "colour": "red"})


def test_a_recording_is_named_by_where_it_is_from_alone() -> None:
    one = Recording(source="srt", key="room")
    assert one.id == Recording(source="srt", key="room", title="now", rights=Rights(basis="owned")).id
    assert one.id != Recording(source="vtt", key="room").id
    assert Recording(source="a", key="bc").id != Recording(source="ab", key="c").id


def test_a_dialogue_is_named_by_its_scenario_whoever_worded_it() -> None:
    dialogue = builders.dialogue()
    assert dialogue.id == dialogue.scenario.id
    assert dialogue.model_copy(update={"realiser": "template", "turns": dialogue.turns[:2]}).id == dialogue.id


@pytest.mark.parametrize("record", [Signal, Fact, Passage])
def test_what_is_mined_has_evidence(record: type) -> None:
    fields = {"kind": "fact", "text": "x", "entity": "e", "attribute": "a", "value": "v", "evidence": ()}
    known = {name: value for name, value in fields.items() if name in record.model_fields}
    with pytest.raises(ValidationError, match="evidence"):
        record(**known)
    assert record(**known | {"evidence": EVIDENCE})


@pytest.mark.parametrize(
    "fields",
    [
        {"value": "40", "origin": "mined"},
        {"value": "40", "origin": "not_shown"},
        {"value": None, "origin": "schema"},
        {"value": None, "origin": "mined", "evidence": EVIDENCE},
    ],
)
def test_a_trait_without_a_source_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="age"):
        Trait.model_validate({"name": "age", **fields})


@pytest.mark.parametrize(
    ("stages", "paths", "nodes", "fault"),
    [
        ((GREET, CLOSE), (Path(name="x", stages=("hello", "gone"), outcome="success"),), (), "no such stage: gone"),
        ((GREET, CLOSE, Stage(name="idle", move="inform")), (ROUTE,), (), "on no path: idle"),
        ((GREET, CLOSE, GREET), (ROUTE,), (), "a stage is named twice"),
        ((GREET, CLOSE), (ROUTE, ROUTE), (), "a path is named twice"),
        ((GREET, CLOSE), (ROUTE,), (Node(name="n", stage="lost", signal="s", action="a"),), "no such stage: lost"),
        ((GREET,), (ROUTE,), (), "stages"),
        ((GREET, CLOSE), (), (), "paths"),
    ],
)
def test_a_blueprint_that_is_no_whole_graph_is_refused(
    stages: tuple[Stage, ...], paths: tuple[Path, ...], nodes: tuple[Node, ...], fault: str
) -> None:
    with pytest.raises(ValidationError, match=fault):
        Blueprint(domain="d", lang="en", stages=stages, paths=paths, nodes=nodes)


def test_a_whole_graph_knows_its_moves() -> None:
    plan = Blueprint(domain="d", lang="en", stages=(GREET, CLOSE), paths=(ROUTE,))
    assert [plan.moves[stage] for stage in ROUTE.stages] == ["greet", "close"]


def test_a_dialogue_is_always_marked_as_synthetic() -> None:
    with pytest.raises(ValidationError):
        Dialogue.model_validate(builders.dialogue().model_dump() | {"synthetic": False})


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.integers(0, 99), max_size=4))
def test_a_record_reads_back_from_its_line_as_itself(quote: str, value: str, at: list[int]) -> None:
    quote, value = (text.encode("utf-8", "replace").decode() for text in (quote, value))
    for record in (
        Evidence(source="r", kind="cues", at=tuple(at), quote=quote),
        Constraint(slot="price", op="max", value=value),
    ):
        assert type(record).model_validate_json(record.model_dump_json()).id == record.id
