"""A dialogue as plain turns: what a corpus of other people's dialogues can honestly be read into.

A `records.Dialogue` has two personas, a blueprint, a scenario with its seed and evidence for every label. A corpus that
was collected elsewhere has none of them, and filling them in would be inventing. So what only needs words reads this
smaller record. Knows no file format.
"""

from pydantic import Field

from millstream.records import Lang, Record, Role


class Utterance(Record):
    """One turn; its words are on one line and never empty. `acts` are its dialogue acts, where the corpus has them, in
    the words of SGD (inform, request, offer ...)."""

    role: Role
    text: str = Field(min_length=1)
    acts: tuple[str, ...] = ()


class Conversation(Record):
    """One dialogue of a corpus.

    `corpus` is the name of its reader and `key` its name there. `values` are the words that its annotation marks as
    names and values (longest first when masked). `group` names what dialogues may share so closely that they must not
    stand on both sides of a split; for most corpora that is the dialogue itself.
    """

    corpus: str
    key: str
    lang: Lang
    turns: tuple[Utterance, ...] = Field(min_length=1)
    values: tuple[str, ...] = ()
    group: str = ""


class Said(Record):
    """One go of one side of a dialogue that was found: its words, the cues they stand in, and when (seconds).
    `others` are what other people answered at this point: further references for the same context."""

    role: Role
    text: str = Field(min_length=1)
    cues: tuple[int, ...] = Field(min_length=1)
    start: float | None = None
    end: float | None = None
    others: tuple[str, ...] = ()


class Found(Record):
    """A dialogue that two people had, cut out of a recording as it is; nothing in it is made. The cues are those of
    `track`; `licence` and `basis` are of the source's rights."""

    recording: str
    track: str
    lang: str
    turns: tuple[Said, ...] = Field(min_length=2)
    licence: str = ""
    basis: str = "unknown"
