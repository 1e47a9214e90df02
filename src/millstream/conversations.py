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
