"""Readers of existing dialogue corpora, one file each. A corpus may also hold seeds for planning.

A reader says by `recognises(path, head)` whether a file is its own and gives plain conversations by `read(path)`. What
the readers share is here: a JSON file that may lie in a zip, and the cleaning of strangers' turns.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, plugins, text
from millstream.conversations import Conversation, Utterance
from millstream.errors import InputError
from millstream.records import Lang

ENDINGS = (".json", ".jsonl", ".zip")
LARGEST = 1 << 28
"""Bytes a zipped file may have when unpacked."""
HAN = re.compile("[\u4e00-\u9fff]")
TOKENISED = re.compile(r"\s+(?=[.,!?;:。，！？]|(?:n't|'(?:s|d|m|t|re|ve|ll))\b)")
"""Blanks that a tokeniser put in front of a mark or a clitic: they would tell a corpus, not a manner."""
ACTS = {
    "goodbye": "bye", "thank_you": "thank", "req_more": "request_more", "reqmore": "request_more", "recommend": "offer",
    "nooffer": "notify_failure", "no-offer": "notify_failure", "offerbook": "offer_booking", "greeting": "greet",
    "offerbooked": "confirm_booking", "notify_success": "confirm_booking", "nobook": "notify_booking_failed",
    "affirm": "accept", "affirm_intent": "accept", "negate": "decline", "negate_intent": "decline",
}  # fmt: skip
"""Other corpora's names of acts that we name otherwise; no more than names, since their annotators drew other lines."""
USERS, AGENTS = ("user", "usr", "customer", "client"), ("agent", "sys", "system", "assistant")


def conversations(path: Path) -> Iterator[Conversation]:
    """Those of a file or of every file below a folder that a reader knows. InputError where there is none."""
    if not path.exists():
        raise InputError("No such file or directory", str(path), "check the path")
    files = sorted(each for each in path.rglob("*") if each.suffix in ENDINGS) if path.is_dir() else [path]
    found = False
    for file in files:
        reader = _reader(file)
        if reader is None and file == path:
            raise InputError("no corpus that is known", str(file), f"known are {', '.join(_known())}")
        for each in reader.read(file) if reader else ():
            found = True
            yield each
    if not found:
        raise InputError("holds no dialogue", str(path), f"known corpora are {', '.join(_known())}")


def _known() -> list[str]:
    return [name for name in plugins.names("corpora") if hasattr(plugins.module("corpora", name), "read")]


def _reader(file: Path) -> Any:
    start = head(file)
    modules = (plugins.module("corpora", name) for name in _known())
    return next((each for each in modules if each.recognises(file, start)), None)


def head(path: Path) -> str:
    """The first 64 KiB of a file, or of the one file in a zip (of several, the one that is called dialogues.json)."""
    if path.suffix != ".zip":
        return text.head(path)
    return text.decode(_unpacked(path, text.HEAD), str(path), whole=False)


def content(path: Path) -> Any:
    """The JSON value of a file, or of the one file in a zip."""
    if path.suffix != ".zip":
        return text.load_json(path)
    return text.parse_json(text.decode(_unpacked(path, LARGEST), str(path)), str(path))


def _unpacked(path: Path, most: int) -> bytes:
    try:
        with text.opened(path) as file, zipfile.ZipFile(file) as packed:
            names = [name for name in packed.namelist() if not name.endswith("/")]
            names = [name for name in names if name.endswith("/dialogues.json")] or names
            if len(names) != 1:
                raise InputError(f"a zip of {len(names)} files", str(path), "unpack it and give the one to read")
            with packed.open(names[0]) as inside:
                return inside.read(most)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise InputError("not a zip file, or torn", str(path), "check that it is complete") from error


def entries(path: Path) -> Iterator[tuple[str, Any]]:
    """(key, dialogue) of a JSON list or object of dialogues, or of one a line; what has no key counts from 1."""
    value = list(pieces.values(path)) if path.suffix == ".jsonl" else content(path)
    if isinstance(value, dict):
        yield from ((text.line(key), each) for key, each in value.items())
    elif isinstance(value, list):
        yield from ((str(n), each) for n, each in enumerate(value, 1))


def listed(value: Any, *keys: str | int) -> list[Any]:
    """The list under `keys`; empty where a stranger's file has something else there."""
    found = text.dig(value, *keys)
    return found if isinstance(found, list) else []


def turns(spoken: Iterable[tuple[Any, ...]]) -> tuple[Utterance, ...]:
    """(speaker, words) or (speaker, words, names of acts) as turns, without a tokeniser's blanks. Who is neither user
    nor agent (an action, an API) and who says nothing is left out."""
    made = []
    for speaker, words, *acts in spoken:
        name = text.line(speaker).casefold()
        said = TOKENISED.sub("", text.line(words))
        if said and name in USERS + AGENTS:
            named = tuple(_act(each) for found in acts for each in found)
            made.append(Utterance(role="user" if name in USERS else "agent", text=said, acts=named))
    return tuple(made)


def _act(name: Any) -> str:
    folded = text.line(name).casefold()
    return ACTS.get(folded, folded)


def language(said: Iterable[Utterance]) -> Lang:
    """Chinese where a third of the turns have a Chinese character; no corpus here mixes the two."""
    texts = [each.text for each in said]
    return "zh" if 3 * sum(bool(HAN.search(each)) for each in texts) > len(texts) else "en"


def values(*found: Any) -> tuple[str, ...]:
    """Every string of two characters or more in nested annotation, as it stands and without its spaces."""
    kept: set[str] = set()
    waiting = list(found)
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each
        elif len(said := text.line(each)) > 1:
            kept |= {said, "".join(said.split())} if HAN.search(said) else {said}
    return tuple(sorted(kept))


def made(corpus: str, key: str, said: tuple[Utterance, ...], names: tuple[str, ...] = ()) -> Iterator[Conversation]:
    """The conversation, if anything was said in it."""
    if said:
        yield Conversation(corpus=corpus, key=key, lang=language(said), turns=said, values=names, group=key)
