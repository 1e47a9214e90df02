"""Playing: what a speaker is handed, and that the labels do not depend on who words them."""

from collections.abc import Iterator

from pydantic import BaseModel

import builders
from millstream.play.perform import Cast, perform
from millstream.records import (
    Act,
    Blueprint,
    Dialogue,
    Evidence,
    Outline,
    Persona,
    Role,
    Scenario,
    Slot,
    Step,
    Trait,
    Turn,
    View,
)
from millstream.shapes import Worded

PLAN = builders.blueprint()
PROOF = builders.evidence("13.98万元", 60.0, "table")


def persona(role: Role) -> Persona:
    """Every field holds a word no other record has."""
    proof = (builders.evidence(f"{role}原话", 5.0, f"{role}-room"),)
    fields = (
        Trait(name=f"{role}需求", value=f"{role}秘密一", origin="mined", evidence=proof),
        Trait(name=f"{role}底线", value=f"{role}秘密二", origin="schema"),
    )
    return Persona(role=role, domain="automotive", lang="zh", fields=fields)


PEOPLE: dict[Role, Persona] = {"user": persona("user"), "agent": persona("agent")}


def step(n: int) -> Step:
    role: Role = "agent" if n % 2 else "user"
    state = tuple(Slot(slot=f"slot{m}", value=f"愿望{m}") for m in range(0, n, 2))
    return Step(
        role=role,
        acts=(Act(act="inform", slot=f"slot{n}", value=f"值{n}号"),),
        state=state,
        stage=PLAN.stages[0].name,
        draft=f"草稿{n}号",
        must=(f"必须{n}号",),
        refs=("fact",) if role == "agent" else (),
        strategy=f"策略{n}号",
    )


def outline(length: int = 8) -> Outline:
    scenario = builders.scenario("zh", 4, PLAN, (PEOPLE["user"], PEOPLE["agent"]), "success", "目标车型")
    return Outline(scenario=scenario, steps=tuple(step(n) for n in range(length)))


CAST = Cast({each.id: each for each in PEOPLE.values()}, {PLAN.id: PLAN}, {"fact": (PROOF,)}, "CC-BY-4.0")


class Watching:
    """A realiser that keeps what it is handed."""

    def __init__(self) -> None:
        self.views: list[View] = []

    async def __call__(self, view: View) -> Worded:
        self.views.append(view)
        return Worded(f"{view.step.draft}说法", "model", view.step)


async def played() -> tuple[Dialogue, list[View]]:
    watching = Watching()
    return await perform(outline(), watching, CAST, "watching"), watching.views


def reachable(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from reachable(getattr(value, name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from reachable(each)


async def test_a_view_holds_nothing_of_the_other_side() -> None:
    _, views = await played()
    assert len(views) == 8
    for view in views:
        other = PEOPLE["agent" if view.role == "user" else "user"]
        secrets = {other.id, *(word for field in other.fields for word in (field.name, field.value))}
        secrets |= {proof.quote for field in other.fields for proof in field.evidence}
        held = [each for each in reachable(view) if isinstance(each, str)]
        assert not [secret for secret in secrets if secret and any(str(secret) in each for each in held)]
        assert [each for each in reachable(view) if isinstance(each, Persona)] == [PEOPLE[view.role]]


async def test_a_view_holds_no_step_to_come_and_not_the_job() -> None:
    _, views = await played()
    for n, view in enumerate(views):
        held = list(reachable(view))
        assert [each for each in held if isinstance(each, Step)] == [step(n)]
        assert not [each for each in held if isinstance(each, Outline | Scenario | Blueprint | Dialogue)]
        assert len([each for each in held if isinstance(each, Turn)]) == n
        words = " ".join(each for each in held if isinstance(each, str))
        assert not [m for m in range(n + 1, 8) if f"{m}号" in words]
        assert "目标车型" not in words, "nobody knows what the wishes were drawn around"


def test_a_view_has_no_room_for_more() -> None:
    assert set(View.model_fields) == {"scenario", "role", "persona", "step", "turns", "seed"}


async def test_the_labels_are_the_outlines_whoever_words_them() -> None:
    worded, _ = await played()
    plain = await perform(outline(), None, CAST, "template")
    assert [turn.text for turn in plain.turns] == [each.draft for each in outline().steps]
    for one, other, planned in zip(worded.turns, plain.turns, outline().steps, strict=True):
        assert (one.acts, one.state, one.stage, one.strategy, one.must) == (
            planned.acts, planned.state, planned.stage, planned.strategy, planned.must,
        )  # fmt: skip
        assert one.grounding == other.grounding and one.draft == other.draft == planned.draft
        assert (one.worded, other.worded) == ("model", "template")
    assert worded.id == plain.id


async def test_what_a_turn_rests_on_goes_along() -> None:
    dialogue, _ = await played()
    assert [turn.grounding for turn in dialogue.turns[:2]] == [(), (PROOF,)]
    assert dialogue.lineage == ("agent-room", "table", "user-room")
    assert dialogue.licence == "CC-BY-4.0" and dialogue.ended == "success" and dialogue.realiser == "watching"


async def test_every_turn_has_a_seed_of_its_own_the_same_each_time() -> None:
    (_, one), (_, same) = await played(), await played()
    seeds = [view.seed for view in one]
    assert seeds == [view.seed for view in same] and len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**31 for seed in seeds)


async def test_an_unknown_reference_gives_no_evidence() -> None:
    bare = Cast(CAST.personas, CAST.blueprints, {})
    dialogue = await perform(outline(), None, bare, "template")
    assert not [turn for turn in dialogue.turns if turn.grounding]
    assert isinstance(PROOF, Evidence)
