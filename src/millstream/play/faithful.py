"""May this wording stand for that draft? The checks between what the model wrote and what the dialogue takes.

A wording has to carry the draft's labels and values, ask where the draft asks, stay in role and language, and
bring in nothing new: no number, no name, no promise the draft does not make. These are the faults a small model
was measured to make when it rewords (roles swapped, questions turned, facts added).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from rapidfuzz.distance import Levenshtein

from millstream import heard, phrases, resources, worked
from millstream.affirmed import Affirmed
from millstream.domain import Domain
from millstream.labels import CONTEXT, Labels
from millstream.phrases import common
from millstream.play import sense
from millstream.records import Act, Lang, Role, Step
from millstream.shapes import Known
from millstream.vouched import Vouched

_MARKS = r"[，。！？；：、…~,!?;:—]+|\.(?!\d)"
_CLAUSE: dict[Lang, re.Pattern[str]] = {"zh": re.compile(rf"{_MARKS}|\s+"), "en": re.compile(_MARKS)}
"""Where a clause ends. In a chat typed in Chinese, a space is a comma."""
_INTERJECTION: dict[Lang, int] = {"zh": 3, "en": 9}
"""Characters up to which a clause is an interjection ("好嘞", "oh well") and may be added freely."""
_CODE = re.compile(r"[A-Za-z]+\d+")
"""What a thing of a series is called (E7)."""
_NAMED = 3
"""Characters above which a word that must be said is no bare number."""
_RUN: dict[Lang, int] = {"zh": 6, "en": 14}
"""Characters from which on words taken over from the other side are no chance."""
TAKEN = 4
"""Words (pairs of characters of Chinese) of a clause from which on the same is so."""
_QUESTION = re.compile("[?？]")
_WANTING = ("request", "request_compare", "negotiate")
"""Acts that want an answer, whether they are worded as a question or not ("E7首付")."""
_SETTLING = {"select", "confirm_booking"}
"""Acts by which it is done."""
_COURTEOUS = {"bye", "thank", "accept", "acknowledge"}
"""Acts that one word may carry, however many their draft has."""
_NEED: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"(?=([\u4e00-\u9fff]{3}))"), "en": re.compile(r"(?=\b([a-z]{4,} [a-z]{4,})\b)"),
}  # fmt: skip
"""What of a need is told from other talk: three characters in a row, or two long words."""
_MARKUP = re.compile(r"</?draft>|[*_#`]{1,3}|^[\"“「]|[\"”」]$")
_FOREIGN: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"[a-zA-Z]{5,}"), "en": re.compile(r"[一-鿿]")}


def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("play/faithful.yaml")
    return loaded


@cache
def _pattern(kind: str, lang: Lang, role: Role | None = None) -> re.Pattern[str]:
    entry = _data()[kind][lang]
    pattern = entry[role] if role else entry
    return re.compile(pattern, 0 if kind == "person" else re.IGNORECASE)


@cache
def _leading_name() -> re.Pattern[str]:
    return re.compile(rf"^\s*(?:[\"“「]?\s*)?(?:{_data()['names']})\s*[:：]\s*", re.IGNORECASE)


@cache
def _function(lang: Lang) -> frozenset[str]:
    said = _data()["function"][lang]
    return frozenset(said if lang == "zh" else said.split())


@cache
def _topics(lang: Lang) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _data()["topics"][lang].items()}


@dataclass(frozen=True)
class Against:
    """What wordings are checked against: the labels, what an agent may say at all, and how it tells a value."""

    labels: Labels
    vouched: Vouched
    affirmed: Affirmed


def against(known: Known) -> Against:
    return Against(Labels.of(known.domain, known.lang), Vouched(known), Affirmed(known))


@dataclass(frozen=True)
class Checked:
    """A cleaned wording, the faults found in it, how far it is from the draft (edits per character), what share of
    it is new, whether it copies a worked example, and how sure of it the model is (mean log-probability)."""

    text: str
    faults: tuple[str, ...]
    distance: float
    novelty: float
    copied: bool = False
    sure: float = 0.0


def check(wording: str, step: Step, against: Against, said: Sequence[str], sure: float = 0.0) -> Checked:
    """`said`: the turns before, oldest first. How the worked examples near the draft speak may be taken over, what
    they speak of may not; an opening is its need, and takes over nothing."""
    text = clean(wording)
    manner = () if _opens(step) else worked.manner(against.labels.domain, against.labels.lang, step.role, step.draft)
    faults = _faults(text, step, against.labels, said, manner)
    faults += [f"names {name!r}" for name in worked.names(text) if name.casefold() not in step.draft.casefold()]
    said_of = [word for word in step.must if len(word) > _NAMED]
    faults += [f"names {word!r} again" for word in said_of if text.count(word) > step.draft.count(word)]
    faults += [f"names {name!r}" for name in against.vouched.names(text) if name not in step.draft]
    faults += against.vouched.unknown_names(text, " ".join([step.draft, *said[-1:]])) if step.role == "user" else []
    if (
        foreign := against.vouched.values(text)
        - heard.pieces(" ".join([step.draft, *said[-1:]]))
        - common(against.labels.lang)
    ):
        faults.append(f"brings in values: {sorted(foreign)}")
    if step.role == "agent":
        faults += against.vouched.strange(text, step.acts, " ".join([*said[-2:], *manner]))
        faults += against.affirmed.faults(text, step.acts)
    novelty = _novelty(text, step, against.labels, [*said[-1:], *manner])
    copied = worked.echoes(against.labels.lang, step.role, text)
    return Checked(text, tuple(faults), distance(text, step.draft), novelty, copied, sure)


def clean(wording: str) -> str:
    line = next((line for line in wording.strip().splitlines() if line.strip()), "")
    return _MARKUP.sub("", _leading_name().sub("", line.strip())).strip()


def distance(text: str, draft: str) -> float:
    """Edit distance to the draft, as a share of the draft's length."""
    return Levenshtein.distance(text, draft) / max(len(draft), 1)


def _faults(text: str, step: Step, labels: Labels, said: Sequence[str], manner: Sequence[str]) -> list[str]:
    lang, draft = labels.lang, step.draft
    faults = labels.lost(text, step.acts, said[-CONTEXT:])
    faults += [f"{word!r} is not said" for word in heard.missing(text, step.must) if word not in " ".join(said[-2:])]
    least = 0.0 if all(act.act in _COURTEOUS for act in step.acts) else 0.35
    if not least * len(draft) <= len(text) <= 1.6 * len(draft) + 10:
        faults.append("too long or too short")
    if step.asks and not labels.asks(text):
        faults.append("no longer a question")
    if not step.asks and _QUESTION.search(text) and not any(act.act in _WANTING for act in step.acts):
        faults.append("became a question")
    asked = [act.slot for act in step.acts if act.act == "request" and act.slot in labels.domain.by_name]
    if step.role == "agent" and any(labels.asks_as_user(text, slot) for slot in asked):
        faults.append("asks as the other")
    if lost := [slot for slot in asked if labels.tells_slot(draft, slot) and not labels.tells_slot(text, slot)]:
        faults.append(f"no longer asks for: {', '.join(lost)}")
    if lost := [act.slot for act in _unasked_for(step, said, labels) if not _is_named(act, text, labels)]:
        faults.append(f"no longer says of what: {', '.join(lost)}")
    if begun := _unasked(text, step, lang):
        faults.append(f"begins with {begun!r}")
    if (swapped := _pattern("other_role", lang, step.role).search(text)) and swapped.group() not in draft:
        faults.append(f"speaks as the other: {swapped.group()!r}")
    if strange := heard.strange_numbers(text, [draft, *said[-1:]]):
        faults.append(f"new numbers: {sorted(strange)}")
    if (foreign := _FOREIGN[lang].search(text)) and foreign.group().casefold() not in draft.casefold():
        faults.append(f"another language: {foreign.group()!r}")
    if new := [
        word for word in labels.domain.claims.get(lang, ()) if word in text.casefold() and word not in draft.casefold()
    ]:
        faults.append(f"promises more: {new}")
    if brought := list(_brought_in(text, step, lang, manner)):
        faults.append(f"brings up: {', '.join(brought)}")
    faults += _shifted(text, step, lang, manner)
    faults += sense.changed(text, step, lang, manner)
    if len(said) > 1 and sense.begins_alike(text, said[-2], lang) and not sense.begins_alike(draft, said[-2], lang):
        faults.append("begins as the turn before")
    if text in said:
        faults.append("said before")
    if strange_codes := set(_CODE.findall(text)) - set(_CODE.findall(draft)):
        faults.append(f"new codes: {sorted(strange_codes)}")
    if len({act.entity for act in step.acts if act.act == "inform"}) > 1 and _order(text, step) != _order(draft, step):
        faults.append("sets the two side by side in another order")
    if step.role == "user" and _is_turned(text, draft, lang):
        faults.append("says of the other what is its own")
    if (added := _pattern("added", lang).search(text)) and added.group() not in draft:
        faults.append(f"adds {added.group()!r} to nothing")
    done = _pattern("done", lang).search(text)
    if done and not _pattern("done", lang).search(draft) and not {act.act for act in step.acts} & _SETTLING:
        faults.append(f"says that it is done: {done.group()!r}")
    if need := _needed(text, draft, labels.domain, said, lang):
        faults.append(f"names a need that nobody stated: {need!r}")
    if twice := _regraded(text, step, labels.domain):
        faults.append(f"wants it two ways: {twice!r}")
    if meant := _denied(text, step, lang):
        faults.append(f"denies what it means: {meant!r}")
    if echoed := _echoed(text, draft, said, lang):
        faults.append(f"says what the other just said: {echoed!r}")
    return faults


def _unasked_for(step: Step, said: Sequence[str], labels: Labels) -> list[Act]:
    """The texts that are told with the word of their slot though the last turn did not speak of it: without that nobody
    knows what "4 years or 60,000 miles" is."""
    told = (act for act in step.acts if act.act == "inform" and act.value and act.slot in labels.domain.by_name)
    texts = (act for act in told if labels.domain.by_name[act.slot].kind == "text")
    fresh = (act for act in texts if not labels.speaks_of(" ".join(said[-1:]), act.slot))
    return [act for act in fresh if _is_named(act, step.draft, labels)]


def _is_named(act: Act, text: str, labels: Labels) -> bool:
    """Whether the words around a value tell its slot."""
    return bool(labels.tells_slot(text.replace(act.value, " "), act.slot))


def _is_turned(text: str, draft: str, lang: Lang) -> bool:
    """The draft speaks of the speaker, the wording of the other alone ("I've been waiting" -> "have you waited")."""
    persons = _data()["persons"]
    first, second = (re.compile(persons[who][lang], re.IGNORECASE) for who in ("first", "second"))
    return bool(first.search(draft) and second.search(text)) and not first.search(text)


def _denied(text: str, step: Step, lang: Lang) -> str:
    """What a correction means and the wording denies ("not E7, I meant C3" -> "not C3, I meant E7")."""
    meant = [word for act in step.acts if act.act == "correct" for word in (act.entity, act.value) if word]
    denials = {word: rf"(?:{_data()['denials'][lang]})\s*{re.escape(word)}" for word in meant}
    said = (word for word, denial in denials.items() if re.search(denial, text, re.IGNORECASE))
    return next((word for word in said if not re.search(denials[word], step.draft, re.IGNORECASE)), "")


def _regraded(text: str, step: Step, domain: Domain) -> str:
    """A grade with its slot's own word beside it, as if that were another one ("mild and spicy")."""
    graded = ((act, spec) for act in step.acts if act.value and (spec := domain.by_name.get(act.slot)) and spec.graded)
    for act, spec in graded:
        names = "|".join(re.escape(name) for name in spec.names.get("en", ()))
        if found := re.search(rf"\b{re.escape(act.value)},? (?:and|but|yet) (?:{names})\b", text, re.IGNORECASE):
            return found.group()
    return ""


def _needed(text: str, draft: str, domain: Domain, said: Sequence[str], lang: Lang) -> str:
    """What of a need of the domain a wording speaks of, though neither the draft nor anybody before did ("if you drive
    far" to who has just learned to drive); "" mostly."""
    heard_so_far = " ".join([*said, draft]).casefold()
    return next((run for run in _telling(domain, lang) if run in text.casefold() and run not in heard_so_far), "")


@cache
def _telling(domain: Domain, lang: Lang) -> Sequence[str]:
    """What tells one need: no part of two of them ("a meal with"), nor of how slots are asked for ("几个人")."""
    needs = [need.words.casefold() for need in domain.needs.get(lang, ())]
    spread = Counter(run for words in needs for run in {*_NEED[lang].findall(words)})
    asked = (text for slot in domain.slots for words in (slot.ask, slot.query) for text in words.get(lang, ()))
    usual = " ".join(phrases.forms(asked)).casefold()
    return [run for run, times in spread.items() if times == 1 and run not in usual]


def _order(text: str, step: Step) -> list[str]:
    """The names and values of a turn in the order they are said. Of two things set side by side, each value stands
    where the draft has it: told in another order, a small model gives one the other's."""
    found = [(match.start(), word) for word in step.must for match in re.finditer(re.escape(word), text, re.IGNORECASE)]
    return [word for _, word in sorted(found)]


def _unasked(text: str, step: Step, lang: Lang) -> str:
    """The answer a wording begins with though its turn answers nothing; a no that the draft has is one."""
    begins = _pattern("begins", lang)
    found = begins.match(text)
    answers = not step.acts or step.acts[0].act not in _data()["begun_by"] or begins.search(step.draft)
    denies = re.search(r"n't|\bnot?\b|[不没]", step.draft)
    return "" if not found or answers or denies else found.group()


def _echoed(text: str, draft: str, said: Sequence[str], lang: Lang) -> str:
    """The longest run of the last turn that the wording takes over, where it is long and no part of the draft; or a
    clause that is for the most part made of the last turn's words and not of the draft's."""
    if not said:
        return ""
    match = SequenceMatcher(None, text, said[-1], autojunk=False).find_longest_match()
    run = text[match.a : match.a + match.size].strip()
    if len(run) >= _RUN[lang] and run not in draft and not _CODE.search(run):
        return run
    last, drafted = heard.pieces(said[-1]), heard.pieces(draft)
    clauses = {clause: heard.pieces(clause) for clause in _CLAUSE[lang].split(text)}
    taken = {clause: (of - drafted) & last for clause, of in clauses.items()}  # "if I'd like it", "if you like it"
    return next((clause for clause, of in taken.items() if len(of) >= TAKEN and 2 * len(of) > len(clauses[clause])), "")


def _shifted(text: str, step: Step, lang: Lang, manner: Sequence[str]) -> Iterator[str]:
    """A wording with other persons, more clauses, or a clause that has nothing of the draft."""
    strange = _pattern("person", lang, step.role)
    if strange.search(text) and not any(map(strange.search, (step.draft, *manner))):
        yield "another person"
    asking = _pattern("asking", lang)
    if not (step.asks or _opens(step)) and asking.search(text) and not asking.search(step.draft):
        yield "asks"
    clauses = [clause for clause in _CLAUSE[lang].split(text) if len(heard.plain(clause)) > _INTERJECTION[lang]]
    if len(clauses) > 1 + sum(bool(heard.plain(clause)) for clause in _CLAUSE[lang].split(step.draft)):
        yield "more clauses"  # one more is how people begin ("as for the price, ...")
    drafted, usual = content(" ".join((step.draft, *manner)), lang), common(lang)
    units = {clause: _units(clause, lang) for clause in clauses}
    if loose := [clause for clause, of in units.items() if not of & drafted and not of <= usual]:
        yield f"a loose clause: {loose[0].strip()!r}"
    if _opens(step) and (lost := _lost_need(text, step, lang)):
        yield f"the need is lost: {lost!r}"


def _opens(step: Step) -> bool:
    return any(act.act == "inform_intent" for act in step.acts)


def _lost_need(text: str, step: Step, lang: Lang) -> str:
    """The need of an opening of whose words more than a third are gone."""
    need = next(act.value for act in step.acts if act.act == "inform_intent")
    said = content(need, lang)
    return need if len(said - _units(text, lang)) > len(said) / 3 else ""


def _brought_in(text: str, step: Step, lang: Lang, manner: Sequence[str]) -> Iterator[str]:
    """Topics of the wording that neither the draft nor a line shown has, nor an act of the turn is about."""
    allowed = {topic for act in step.acts for topic in _data()["acts"].get(act.act, ())}
    heard_of = (step.draft, *manner)
    for topic, pattern in _topics(lang).items():
        if topic not in allowed and (found := pattern.search(text)) and not any(map(pattern.search, heard_of)):
            yield found.group()


def _novelty(text: str, step: Step, labels: Labels, heard_of: Sequence[str]) -> float:
    """Share of the wording's words (characters of Chinese) that neither the draft, nor what was heard, nor common
    speech has."""
    known = _units(" ".join([step.draft, *heard_of]), labels.lang) | common(labels.lang)
    mine = _units(text, labels.lang)
    return len(mine - known) / max(len(mine), 1)


def content(text: str, lang: Lang) -> frozenset[str]:
    """The words (characters of Chinese) of a text that mean something by themselves."""
    return _units(text, lang) - _function(lang)


def _units(text: str, lang: Lang) -> frozenset[str]:
    return frozenset(heard.plain(text)) if lang == "zh" else heard.pieces(text)
