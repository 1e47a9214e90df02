"""Which language a short text is in. Scripts decide first; a statistical detector decides among Latin ones.

Chat lines are short: a guess comes with its confidence, and a text without letters has no language. This file
knows nothing of cues.
"""

import functools
import re
import unicodedata
from typing import NamedTuple

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

_LATIN = (Language.ENGLISH, Language.SPANISH, Language.FRENCH, Language.GERMAN, Language.PORTUGUESE)
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
}
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
_SHORT, _SURE = 3, 0.6
_FOREIGN = 0.8
"""From here on a single word is the one language's: "work", "bake", "night", and not "cycle", "piano", "jazz"."""
_FEW = 4
"""Latin words below which two languages are not told apart."""
_ASKED = 2_000  # characters that are looked at: the rest of a long text says nothing new


class Guess(NamedTuple):
    """An ISO 639-1 code ("" where the text has no letters) and how sure it is, 0 to 1."""

    lang: str
    confidence: float


def detect(text: str) -> Guess:
    """The language of a text. Chinese with English model names in it is Chinese."""
    text = text[:_ASKED]
    words = len(_WORD.findall(text))
    best, marks = _marked(text)
    if marks and marks >= words:
        return Guess(best, round(marks / (marks + words), 2))
    return _latin(text, words) if words else Guess("", 0.0)


def written(text: str) -> str:
    """The language that the script alone tells, in microseconds; "" for Latin letters, or none."""
    text = text[:_ASKED]
    best, marks = _marked(text)
    return best if marks and marks >= len(_WORD.findall(text)) else ""


def _marked(text: str) -> tuple[str, int]:
    """The language whose script has most letters here, and how many."""
    marks = {lang: len(script.findall(text)) for lang, script in _SCRIPTS.items()}
    best = max(marks, key=lambda lang: marks[lang])
    if marks["ja"] and marks["zh"]:
        best = "ja" if marks["ja"] * 4 >= marks["zh"] else "zh"
    return best, marks[best]


def share(text: str, script: str) -> float:
    """The share of a text's letters whose Unicode names begin with one of these words ("latin", "hiragana katakana");
    1 where it has none."""
    letters = [char for char in text if char.isalpha()]
    begun = tuple("CJK" if word == "han" else word.upper() for word in script.split())
    mine = sum(unicodedata.name(char, "").startswith(begun) for char in letters)
    return mine / len(letters) if letters else 1.0


def among(text: str, lang: str) -> bool:
    """Is a text in `lang`, and not in another language of the detector? What has fewer than four words, or a language
    that the detector cannot be taught, is not contradicted."""
    known = {each.iso_code_639_1.name.lower(): each for each in Language.all()}
    if lang not in known or (lang not in _SCRIPTS and len(_WORD.findall(text)) < _FEW):
        return True
    first, *_ = _taught(known[lang]).compute_language_confidence_values(text)
    return first.language == known[lang] or (lang in _SCRIPTS and detect(text).lang in (lang, ""))


def borrowed(word: str, source: str, lang: str) -> bool:
    """Is a word surely of the language it comes from, and not one that `lang` has too? False where the detector does
    not know them both."""
    known = {each.iso_code_639_1.name.lower(): each for each in Language.all()}
    if lang == source or not {lang, source} <= set(known):
        return False
    return _pair(known[source], known[lang]).compute_language_confidence(word, known[source]) >= _FOREIGN


@functools.cache
def _pair(one: Language, other: Language) -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(one, other).build()


@functools.cache
def _taught(language: Language) -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*{*_LATIN, language}).build()


def _latin(text: str, words: int) -> Guess:
    first, *_ = _detector().compute_language_confidence_values(text)
    if first.language is not Language.ENGLISH and words < _SHORT and first.value < _SURE:
        return Guess("en", 0.3)  # two words decide nothing; English is what most of them are
    return Guess(first.language.iso_code_639_1.name.lower(), round(first.value, 2))


@functools.cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LATIN).build()
