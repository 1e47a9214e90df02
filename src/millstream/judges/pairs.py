"""Which of two is better, asked in both orders: only a verdict that both orders give is one, anything else is a tie
(Zheng et al. 2023, section 3.4). How often the order decided is kept beside it."""

from millstream.judges import Asker, Choice, Dimension, asked
from millstream.odds import likely
from millstream.records import Lang

NAMES = ("A", "B")


async def prefer(asker: Asker, about: Dimension, lang: Lang, talk: str, other: str, item: str = "") -> float:
    """1 where the one shown first is found better, 0 where the other is, 0.5 where both are as likely."""
    values = {"about": about.about[lang], "high": about.high[lang], "talk": talk, "other": other}
    first, second = likely(await asker.chat(asked(asker, "pairs", lang, item, values)), NAMES)
    return 0.5 if first == second else float(first > second)


async def choice(asker: Asker, about: Dimension, lang: Lang, talk: str, other: str, item: str = "") -> Choice:
    one = await prefer(asker, about, lang, talk, other, item)
    turned = await prefer(asker, about, lang, other, talk, item)
    same = one == 1 - turned
    name = asker.name("pairs")
    return Choice(judge=name, dimension=about.name, item=item, score=one if same else 0.5, same=same,
                  first=(one + turned) / 2)  # fmt: skip
