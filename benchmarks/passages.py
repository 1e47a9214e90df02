"""The passages and questions of retrieval.py: DSTC11 track 5 with DSTC9 track 1, and the parallel tables and dialogues
of X-RiSAWOZ. Knows their formats and nothing of retrieval."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millstream.errors import InputError
from millstream.records import Evidence, Passage
from millstream.shapes import Query

LINES = 6
"""Of what was said before a question, so many lines are handed on."""

UNASKED = ("电话号码", "phone_number")
"""Columns of the parallel tables that are the same in both languages and that nobody would ask by."""


@dataclass(frozen=True)
class Case:
    """A question, the passages that answer it, and those of what it is about; by their numbers."""

    query: Query
    gold: frozenset[int]
    about: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pool:
    """`asked` are other questions, of which nobody says what answers them."""

    passages: tuple[Passage, ...]
    cases: tuple[Case, ...]
    asked: tuple[str, ...] = ()


def dstc(data: Path) -> Pool:
    """Every review sentence and FAQ of DSTC11 track 5 and every snippet of DSTC9 track 1, the same ones once; the
    validation questions that want knowledge."""
    numbers: dict[tuple[str, str], int] = {}
    places: dict[tuple[str, ...], int] = {}
    for name in ("dstc11_track5/knowledge.json", "dstc9_track1/eval_knowledge.json"):
        for place, title, text in _snippets(_json(data / name), name[:6]):
            places[place] = numbers.setdefault((title, text), len(numbers))
    passages = tuple(passage(title, text) for title, text in numbers)
    titled: dict[str, list[int]] = {}
    for (title, _), n in numbers.items():
        titled.setdefault(title, []).append(n)
    labels, logs = (_json(data / "dstc11_track5" / f"val_{part}.json") for part in ("labels", "logs"))
    found = []
    for log, label in zip(logs, labels, strict=True):
        if label["target"]:
            gold = frozenset(places[_place(each)] for each in label["knowledge"])
            names = dict.fromkeys(passages[n].title for n in sorted(gold))
            said = tuple(turn["text"] for turn in log)
            about = tuple(n for name in names for n in titled[name])
            found.append(Case(Query(said[-1], said[-1 - LINES : -1]), gold, about))
    return Pool(passages, tuple(found))


def faqs(data: Path, entities: int) -> Pool:
    """For tuning: the questions of FAQs, each to be answered by its answer alone, among the reviews and the other
    answers of the same entity."""
    passages, found = list[Passage](), list[Case]()
    for domain, known in _json(data / "dstc11_track5/knowledge.json").items():
        for entity in list(known.values())[: entities // 2]:
            title, first = _title(entity["name"], domain), len(passages)
            texts = [text for review in entity["reviews"].values() for text in review["sentences"].values()]
            asked = [each["question"] for each in entity["faqs"].values()]
            answers = [each["answer"] for each in entity["faqs"].values()]
            passages += [passage(title, text) for text in (*answers, *texts)]
            about = tuple(range(first, len(passages)))
            found += [Case(Query(q), frozenset({first + n}), about) for n, q in enumerate(asked)]
    return Pool(tuple(passages), tuple(found))


def parallel(data: Path, held_out: bool = True) -> dict[str, Pool]:
    """Chinese questions and English passages, and the other way round: rows of parallel tables, user turns, and turns
    with their answers. The questions of one half of the dialogues (and rows) are the cases, those of the other are
    only `asked`; `held_out` False turns the halves round."""
    pools = {}
    tables = ("car", "hotel", "restaurant")
    rows = [(n, pair) for name in tables for n, pair in enumerate(_rows(data / "risawoz_kb", name))]
    said = list(_turns(data / "xrisawoz_fewshot"))
    turns = [(n, {lang: words[0] for lang, words in each.items()}) for n, each in said]
    whole = [(n, {lang: " ".join(words) for lang, words in each.items()}) for n, each in said]
    for source, target in (("zh", "en"), ("en", "zh")):
        for kind, pairs in (("tables", rows), ("user turns", turns), ("exchanges", whole)):
            texts = list(dict.fromkeys(pair[target] for _, pair in pairs))
            gold = {pair[source]: texts.index(pair[target]) for _, pair in pairs}
            half = {pair[source]: n % 2 for n, pair in reversed(pairs)}
            cases = tuple(Case(Query(text), frozenset({n})) for text, n in gold.items() if half[text] == held_out)
            asked = tuple(text for text in gold if half[text] != held_out)
            passages = tuple(passage("", text) for text in texts)
            pools[f"{kind}, {source} asks, {target} answers"] = Pool(passages, cases, asked)
    return pools


def passage(title: str, text: str) -> Passage:
    return Passage(text=text, title=title, evidence=(Evidence(source="pool", kind="span", at=(0, len(text))),))


def _snippets(known: Any, source: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(place, title, text) of every snippet."""
    for domain, entities in known.items():
        for key, entity in entities.items():
            title = _title(entity.get("name"), domain)
            for n, review in entity.get("reviews", {}).items():
                for m, text in review["sentences"].items():
                    yield (domain, key, "review", n, m), title, text
            for n, faq in (entity.get("faqs") or entity.get("docs") or {}).items():
                question, answer = faq.get("question") or faq["title"], faq.get("answer") or faq["body"]
                kind = "faq" if source == "dstc11" else "snippet"
                yield (domain, key, kind, n), title, f"{question} {answer}"


def _title(name: str | None, domain: str) -> str:
    return name.title() if name and name.isupper() else name or domain


def _place(label: dict[str, Any]) -> tuple[str, ...]:
    place = (label["domain"], str(label["entity_id"]), label["doc_type"], str(label["doc_id"]))
    return (*place, str(label["sent_id"])) if label["doc_type"] == "review" else place


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    chinese, english = _json(folder / f"{name}_db.json"), _json(folder / f"{name}_en.json")
    for zh, en in zip(chinese, english, strict=True):
        yield {"zh": _said(zh), "en": _said(en)}


def _said(row: dict[str, Any]) -> str:
    return "; ".join(f"{slot}: {value}" for slot, value in row.items() if value and slot not in UNASKED)[:400]


def _turns(folder: Path) -> Iterator[tuple[int, dict[str, tuple[str, str]]]]:
    """What a user said and what was answered, in both languages, with the number of the dialogue."""
    sides = [{each["dialogue_id"]: each for each in _json(folder / f"{lang}_fewshot.json")} for lang in ("zh", "en")]
    for n, key in enumerate(sorted(sides[0].keys() & sides[1].keys())):
        for zh, en in zip(sides[0][key]["dialogue"], sides[1][key]["dialogue"], strict=False):
            said = {"zh": (zh["user_utterance"], zh["system_utterance"])}
            yield n, said | {"en": (en["user_utterance"][0], en["system_utterance"][0])}


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("cannot be read as JSON", str(path), "give the folder of the data sets") from error
