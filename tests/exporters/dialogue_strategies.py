"""Hypothesis strategies of small dialogues with any text in them."""

from hypothesis import strategies as st

from builders import dialogue, persona, saying
from millstream.records import Dialogue, Lang, Persona, Role, Trait

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ROLE: st.SearchStrategy[Role] = st.sampled_from(["user", "agent"])


@st.composite
def personas(draw: st.DrawFn, role: Role, lang: Lang) -> Persona:
    traits = draw(
        st.lists(st.tuples(TEXT | st.sampled_from(["role", "needs", "style"]), st.none() | TEXT), max_size=4)
    )
    return Persona(
        role=role,
        domain=persona(role, lang).domain,
        lang=lang,
        fields=tuple(
            Trait(name=name, value=value, origin="not_shown" if value is None else "schema")
            for name, value in traits
        ),
    )


@st.composite
def dialogues(draw: st.DrawFn) -> Dialogue:
    lang: Lang = draw(st.sampled_from(["zh", "en"]))
    lines = draw(st.lists(st.tuples(ROLE, TEXT), min_size=1, max_size=6))
    base = dialogue(lang=lang, number=draw(st.integers(0, 99)))
    return saying(
        [text for _, text in lines],
        [role for role, _ in lines],
        scenario=base.scenario,
        blueprint=base.blueprint,
        personas=(draw(personas("user", lang)), draw(personas("agent", lang))),
    )
