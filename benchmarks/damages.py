"""Fourteen kinds of deliberate damage to accepted dialogues, each to one thing: for benchmarks/sensitivity.py.

A damage takes all dialogues and chance, and gives as many. Labels stay as they are unless the labels are what is
damaged. Knows no measure.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import cycle
from random import Random

from millstream.metrics.tokens import TOKEN
from millstream.records import Act, Dialogue, Turn

Damage = Callable[[Sequence[Dialogue], Random], list[Dialogue]]


def said_so(dialogue: Dialogue, turns: Sequence[Turn]) -> Dialogue:
    return dialogue.model_copy(update={"turns": tuple(turns)})


def worded(turn: Turn, text: str) -> Turn:
    return turn.model_copy(update={"text": text})


def zh(dialogue: Dialogue) -> bool:
    return dialogue.scenario.lang == "zh"


def shuffled(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """The turns of each dialogue in random order."""
    return [said_so(each, chance.sample(each.turns, len(each.turns))) for each in dialogues]


def copied(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """Half of the dialogues say what another one says, turn for turn."""
    places = set(chance.sample(range(len(dialogues)), len(dialogues) // 2))
    others = [each for n, each in enumerate(dialogues) if n not in places]
    return [chance.choice(others) if n in places else each for n, each in enumerate(dialogues)]


def one_opener(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """Every dialogue begins with the same three words, in Chinese the same six characters."""
    made = []
    for each in dialogues:
        first = each.turns[0]
        stock = "打扰一下各位，" if zh(each) else "Pardon the intrusion,"
        made.append(said_so(each, [worded(first, f"{stock} {first.text}"), *each.turns[1:]]))
    return made


def cut_short(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """Only the first half of each dialogue."""
    return [said_so(each, each.turns[: len(each.turns) // 2]) for each in dialogues]


def padded(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """Every turn of the agent ends in the same empty words."""
    made = []
    for each in dialogues:
        fluff = "，整体情况大概就是这个样子的" if zh(each) else ", to put it in so many words as it were"
        turns = [worded(turn, turn.text.rstrip("。.") + fluff) if turn.role == "agent" else turn for turn in each.turns]
        made.append(said_so(each, turns))
    return made


def impoverished(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """All but the 60 commonest words and characters become one and the same: "item", in Chinese a single character too,
    or two of them side by side would be a new word."""
    texts = (turn.text.casefold() for each in dialogues for turn in each.turns)
    counts = Counter(token for text in texts for token in TOKEN.findall(text))
    kept = {token for token, _ in counts.most_common(60)}

    def poor(turn: Turn, stock: str) -> Turn:
        return worded(turn, TOKEN.sub(lambda one: one[0] if one[0] in kept else stock, turn.text.casefold()))

    return [said_so(each, [poor(turn, "某" if zh(each) else "item") for turn in each.turns]) for each in dialogues]


def gibberish(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """Every word is one drawn from all words of all dialogues: as varied as before, and nonsense."""
    every = [token for each in dialogues for turn in each.turns for token in TOKEN.findall(turn.text.casefold())]

    def drawn(turn: Turn) -> Turn:
        return worded(turn, TOKEN.sub(lambda _: chance.choice(every), turn.text.casefold()))

    return [said_so(each, [drawn(turn) for turn in each.turns]) for each in dialogues]


def unasked(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """Question marks become full stops."""
    return [said_so(each, [worded(turn, turn.text.replace("?", ".").replace("？", "。")) for turn in each.turns])
            for each in dialogues]  # fmt: skip


COMPLAINTS = {
    "en": ("terrible", "that is awful", "so disappointing", "I am upset", "what a poor show", "you people are rude",
           "this is ridiculous", "I hate it", "that annoys me", "how frustrating", "that is just wrong", "I am angry",
           "worst stream ever", "sad to hear", "that went badly", "I feel worse now"),
    "zh": ("太糟了", "很失望", "真让人生气", "这也太差了", "讨厌", "我要投诉", "太吵了", "好失望啊",
           "真遗憾", "太麻烦了", "服务真差", "气死了，真糟", "太可惜了", "这体验太坏了", "越听越失望", "真叫人讨厌"),
}  # fmt: skip


def soured(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """The user's last turn ends in a complaint: the same one behind the same words, another behind others, so that
    dialogues stay about as alike as they were."""
    drawing = {lang: cycle(chance.sample(said, len(said))) for lang, said in COMPLAINTS.items()}
    behind: dict[tuple[str, str], str] = {}
    made = []
    for each in dialogues:
        last = max(n for n, turn in enumerate(each.turns) if turn.role == "user")
        turns, lang = list(each.turns), each.scenario.lang
        words = turns[last].text.rstrip("。.!")
        if (lang, words) not in behind:
            behind[lang, words] = next(drawing[lang])
        turns[last] = worded(turns[last], words + ("，" if zh(each) else ", ") + behind[lang, words])
        made.append(said_so(each, turns))
    return made


def split(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """Every turn of the user with a comma or a blank in its middle is said in two turns."""
    made = []
    for each in dialogues:
        turns: list[Turn] = []
        for turn in each.turns:
            at = len(turn.text) // 2 if zh(each) else turn.text.find(" ", len(turn.text) // 2)
            parts = [turn.text[:at].strip(), turn.text[at:].strip()] if at > 0 and turn.role == "user" else [turn.text]
            turns += [worded(turn, part) for part in parts if part]
        made.append(said_so(each, turns))
    return made


def corrupted(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """In the agent's words each digit is another one: prices, sizes and hours that no table has."""

    def other(turn: Turn) -> Turn:
        text = "".join(str((int(char) + chance.randint(1, 8)) % 10) if char in "0123456789" else char
                       for char in turn.text)  # fmt: skip
        return worded(turn, text) if turn.role == "agent" else turn

    return [said_so(each, [other(turn) for turn in each.turns]) for each in dialogues]


def mislabelled(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """What the agent tells and offers is labelled a request."""

    def wrong(turn: Turn) -> Turn:
        wrongly = {"act": "request"}
        acts = [act.model_copy(update=wrongly) if act.act in ("inform", "offer") else act for act in turn.acts]
        return turn.model_copy(update={"acts": tuple(acts)}) if turn.role == "agent" else turn

    return [said_so(each, [wrong(turn) for turn in each.turns]) for each in dialogues]


def misplanned(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """The labels of the stages of each dialogue in random order."""
    made = []
    for each in dialogues:
        stages = chance.sample([turn.stage for turn in each.turns], len(each.turns))
        turns = [turn.model_copy(update={"stage": stage}) for turn, stage in zip(each.turns, stages, strict=True)]
        made.append(said_so(each, turns))
    return made


def changed_mind(dialogues: Sequence[Dialogue], chance: Random) -> list[Dialogue]:
    """The user tells another value of every wish, in the labels."""

    def other(act: Act) -> Act:
        return act.model_copy(update={"value": f"not {act.value}"}) if act.act == "inform" and act.value else act

    return [
        said_so(each, [turn.model_copy(update={"acts": tuple(map(other, turn.acts))}) if turn.role == "user" else turn
                       for turn in each.turns])
        for each in dialogues
    ]  # fmt: skip
