"""A mark of 1 to 5 as the mean over the probabilities of the five digits (G-Eval, Liu et al. 2023, section 2.3): finer
than the one digit a model would write, and the same every time."""

from millstream.judges import Asker, Dimension, asked
from millstream.odds import likely
from millstream.records import Lang

MARKS = ("1", "2", "3", "4", "5")


async def score(asker: Asker, about: Dimension, lang: Lang, talk: str, item: str = "") -> tuple[float, tuple[int, ...]]:
    """(the mark, no citations)."""
    values = {"about": about.about[lang], "low": about.low[lang], "high": about.high[lang], "talk": talk}
    reply = await asker.chat(asked(asker, "rubric", lang, item, values))
    return sum(n * chance for n, chance in enumerate(likely(reply, MARKS), 1)), ()
