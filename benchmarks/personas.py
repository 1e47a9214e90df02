"""Can a persona be told from its dialogue? `python benchmarks/personas.py RUN... [--of 5] [--seed 0]`

A reader is given a dialogue and five user personas, of which one spoke in it, and says which. The reader is a small
logistic regression over what a person could compare: the need and the opening, what was asked about, the budget and the
price wish, the doubt, patience and the number of questions, knowledge and the kind of questions, manner and wording. It
sees texts and persona fields, no labels. It is fitted on one half of the personas and asked about the other half.
"""

import argparse
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from millstream.manner import manner
from millstream.plan.personas import type_of
from millstream.records import Dialogue, Persona
from millstream.table import Table

DOUBTS = {
    "thrifty": re.compile(r"贵|高了|便宜|超|pric[ey]|expensive|more than|worth|steep|off|cheap|budget", re.I),
    "comparing": re.compile(r"别家|隔壁|别的店|elsewhere|another place|others|near me|compare", re.I),
    "hesitant": re.compile(r"犹豫|拿不准|没底|担心|怕|not sure|worried|fence|wrong one", re.I),
}
FEATURES = ("need", "asked about", "doubt", "budget", "patience", "knowledge", "manner")


def compared(persona: Persona, dialogue: Dialogue) -> list[float]:
    """How well a persona goes with a dialogue, feature by feature; 0 where the persona does not show it."""
    lang = dialogue.scenario.lang
    said = [turn.text for turn in dialogue.turns if turn.role == "user"]
    text, asks = " ".join(said), [each for each in said if each.rstrip().endswith(("?", "？"))]
    own = set((persona.get("asks_about") or "").split(", ")) - {""}
    names = [_words(slot) for slot in own]
    heard = sum(any(name in " ".join(asks).casefold() for name in each) for each in names)
    figures = sum(bool(re.search(r"\d|几|多少|how (?:many|far|long|hot)", each, re.I)) for each in asks)
    doubted = [kind for kind, pattern in DOUBTS.items() if pattern.search(" ".join(said[2:]))]
    return [
        _overlap(persona.get("need") or "", said[0]),
        heard / len(own) if own else 0.0,
        float(type_of(persona) in doubted) - float(type_of(persona) == "curious" and bool(doubted)),
        _budget(persona.get("budget"), text),
        {"impatient": -1.0, "patient": 1.0}.get(persona.get("patience") or "", 0.0) * (len(asks) - 3),
        {"informed": 1.0, "novice": -1.0}.get(persona.get("knowledge") or "", 0.0) * (figures - len(asks) / 2),
        float(len(set(manner(said, lang).split(", ")) & set((persona.get("manner") or "").split(", ")))),
    ]


def _words(slot: str) -> list[str]:
    """What a slot is called, as a reader would know: its own words and those of the packaged lists."""
    return [slot.replace("_", " "), *SAID.get(slot, ())]


SAID = {
    "price": ("多少钱", "什么价", "报价", "how much", "cost", "price"), "down_payment": ("首付",),
    "monthly": ("月供", "每个月", "一个月"), "delivery": ("现车", "提车"), "warranty": ("质保", "保修"),
    "gift": ("礼包", "送点"), "range": ("续航", "跑多远"),
    "energy": ("油车", "动力"), "spice": ("spice", "spicy", "hot"), "allergens": ("allerg",),
    "vegetarian": ("vegetarian",), "highlight": ("special", "made"),
    "serves": ("feed", "serve"), "category": ("kind", "part of the menu"),
}  # fmt: skip


def _overlap(need: str, opening: str) -> float:
    pairs = {need[n : n + 3] for n in range(len(need) - 2)}
    return sum(pair in opening for pair in pairs) / len(pairs) if pairs else 0.0


def _budget(budget: str | None, text: str) -> float:
    priced = bool(re.search(r"预算|以内|最多|budget|under \$|at most|spend", text, re.I))
    if budget and budget != "tight":
        return 2.0 if budget in text else -1.0
    return float(priced) if budget else -0.5 * priced


def asked(dialogues: Sequence[Dialogue], personas: Sequence[Persona], of: int, rng: random.Random) -> list[np.ndarray]:
    """For each dialogue, the features of `of` personas: its own first."""
    rows = []
    for dialogue in dialogues:
        own = dialogue.personas[0]
        others = rng.sample([each for each in personas if each.id != own.id], of - 1)
        rows.append(np.array([compared(each, dialogue) for each in (own, *others)]))
    return rows


def fitted(rows: Iterable[np.ndarray]) -> LogisticRegression:
    """Learns from differences: the own persona less each other, both ways round."""
    less = np.concatenate([row[0] - row[1:] for row in rows])
    return LogisticRegression(fit_intercept=False).fit(
        np.concatenate([less, -less]), np.repeat([1, 0], len(less))
    )


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    p, q = right / n, z * z / n
    middle, half = (p + q / 2) / (1 + q), z * np.sqrt(p * (1 - p) / n + q / (4 * n)) / (1 + q)
    return middle - half, middle + half


def right(model: LogisticRegression, rows: Sequence[np.ndarray], columns: Sequence[int]) -> float:
    """Dialogues whose own persona scores highest; ties count by chance."""
    total = 0.0
    for row in rows:
        scores = row[:, columns] @ model.coef_[0]
        best = np.flatnonzero(np.isclose(scores, scores.max()))
        total += (0 in best) / len(best)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--of", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print("|run|dialogues|chance|right|95%|without the need|alone: " + ", ".join(FEATURES) + "|")
    for run in given.runs:
        rng = random.Random(given.seed)
        dialogues = sorted(Table(run / "8_dialogues.jsonl", Dialogue), key=lambda each: each.id)
        people = sorted({each.personas[0].id: each.personas[0] for each in dialogues}.items())
        rng.shuffle(people)
        half = len(people) // 2
        known, new = [[each for _, each in part] for part in (people[:half], people[half:])]
        parts = [[d for d in dialogues if d.personas[0] in part] for part in (known, new)]
        train, test = (asked(d, part, given.of, rng) for d, part in zip(parts, (known, new), strict=True))
        every = list(range(len(FEATURES)))
        ways = [every, every[1:], *([n] for n in every)]
        found = [right(fitted([row[:, way] for row in train]), test, way) for way in ways]
        low, high = wilson(round(found[0]), len(test))
        shares = [f"{each / len(test):.2f}" for each in found]
        row = (run.name, len(test), f"{1 / given.of:.2f}", shares[0], f"{low:.2f} to {high:.2f}", shares[1])
        print("|".join(("", *map(str, row), ", ".join(shares[2:]), "")))


if __name__ == "__main__":
    main()
