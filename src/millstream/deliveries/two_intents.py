"""Two intents at once: a user says two wishes in one turn, or asks two things, and the agent answers both in their
order. Two exchanges become one; nothing that was said is lost."""

import re
from collections.abc import Iterator, Sequence

from millstream.deliveries import How, answers, asked, in_a_row, led, mending, rebuilt, with_steps, worded
from millstream.deliveries.ellipsis import short_name
from millstream.records import Act, Outline, Sentence, Step, Turn

_RAISING = {"inform", "request", "inform_intent"}

_PLEASE = re.compile(r",? please$", re.IGNORECASE)
"""One please is enough for two wishes."""


def deliver(outline: Outline, how: How) -> Outline:
    """At most two pairs of wishes (the opening is one) and one of questions a dialogue."""
    for of in ("wishes", "wishes", "questions"):
        outline = _merged(how, outline, of)
    return outline


def shown(turns: Sequence[Turn], n: int) -> bool:
    """Two things are asked or told, in one message or in several in a row."""
    said = [act for turn in in_a_row(turns, n) for act in turn.acts if act.act in _RAISING]
    return len({(act.act, act.slot) for act in said}) >= 2


def _merged(how: How, outline: Outline, of: str) -> Outline:
    steps = list(outline.steps)
    fits = _wishes if of == "wishes" else _questions
    places = [n for n in range(len(steps) - 3) if fits(how, steps, n)]
    repair = mending(steps) if places else frozenset()
    places = [n for n in places if not {n, n + 1, n + 2} & repair]
    if not places or not how.happens():
        return outline
    n = how.rng.choice(places)
    made = _both_wishes(how, steps[n : n + 4]) if of == "wishes" else _both_questions(how, steps[n : n + 4])
    return with_steps(outline, [*steps[:n], *made, *steps[n + 4 :]])


def _wishes(how: How, steps: Sequence[Step], n: int) -> bool:
    """A wish (or the opening), the question for the next one, that wish, and an agent's turn."""
    one, ask, two, then = steps[n : n + 4]
    wish, told = one.acts[-1], two.acts[0]
    return (
        (one.role, ask.role, two.role, then.role) == ("user", "agent", "user", "agent")
        and wish.act in ("inform", "inform_intent")
        and len(two.acts) == 1
        and told.act == "inform"
        and bool(told.slot)
        and {act.act for act in ask.acts} <= {"acknowledge", "request", "greet"}
        and not any(slot.name in (told.slot, wish.slot) for slot in how.known.domain.using("book"))
        and bool(then.parts and one.parts and two.parts)
        and not (one.delivery or two.delivery)
    )


def _both_wishes(how: How, steps: Sequence[Step]) -> Iterator[Step]:
    """The welcome that stood before the dropped question moves to the turn that follows."""
    one, ask, two, then = steps
    *before, first = one.parts
    opens = one.acts[-1].act == "inform_intent"
    joint = how.wording("two_intents", "opening" if opens else "wishes")
    if first.text.endswith(("?", "？", "！", "!")):
        joint = " " if how.lang == "en" else ""
    second = led(two.parts[0], joint, how.lang)
    whole = Sentence(
        text=_PLEASE.sub("", first.text.rstrip("。.")) + second.text,
        acts=(*first.acts, *second.acts),
        must=(*first.must, *second.must),
        refs=(*first.refs, *second.refs),
    )
    said = rebuilt(one, [*before, whole], how.lang, "two_intents")
    yield said._replace(state=two.state)
    welcome = [part for part in ask.parts if part.acts[0].act == "greet"]
    nods = bool(welcome) and len(then.parts) > 1 and then.parts[0].acts[0].act == "acknowledge"
    yield rebuilt(then, [*welcome, *(then.parts[1:] if nods else then.parts)], how.lang)


def _questions(how: How, steps: Sequence[Step], n: int) -> bool:
    """A question, its answer, a question about the same thing, its answer."""
    one, told, two, then = steps[n : n + 4]
    first, second = asked(one), asked(two)
    return bool(
        first
        and second
        and first.entity == second.entity
        and answers(told, first)
        and answers(then, second)
        and {act.act for act in told.acts} <= {"inform", "notify_unknown"}
        and short_name(how, first)
        and short_name(how, second)
        and not (one.delivery or two.delivery)
        and told.parts
    )


def _both_questions(how: How, steps: Sequence[Step]) -> Iterator[Step]:
    one, told, two, then = steps
    act = two.acts[-1]
    text = how.wording("two_intents", "questions").replace("$slot", short_name(how, act))
    *before, first = one.parts
    mark = ("，" if how.lang == "zh" else ",") if first.text[-1:].isalnum() else ""
    text = text[0].lower() + text[1:] if mark else text
    asking = [*before, worded(first, first.text + mark), Sentence(text=text, acts=(act,), refs=two.refs)]
    yield rebuilt(one, asking, how.lang, "two_intents")
    yield rebuilt(then, [*told.parts, *(_in_full(how, part, act) for part in then.parts)], how.lang)


def _in_full(how: How, part: Sentence, asked: Act) -> Sentence:
    """The second answer with the name of what it answers where it was told in a word ("含双早")."""
    named, value = how.named(asked.slot), part.acts[0].value
    beside = part.text.replace(value, "")
    if part.acts[0].act != "inform" or how.speaks_of(beside, asked.slot) or not value:
        return part
    said = f"{named}是{value}。" if how.lang == "zh" else f"And the {named}: {value}."
    return worded(part, said)
