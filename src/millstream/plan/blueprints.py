"""Blueprints: induced from what recordings show, taken from released plans, or, for want of both, the schema's.

A stream shows a behaviour (an objection of some kind, haggling, a slip and its repair ...) or it does not; a path
has only stages that were shown or that every service dialogue has. So the outcomes and the orders are ours
(rhythms.py, an assumption), the behaviours, nodes and tactics are the stream's, with their evidence.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations, product

from pydantic import ValidationError

from millstream.domain import Domain
from millstream.plan import repairs
from millstream.plan.rhythms import DOUBTS, Doubt, Doubts, Rhythm, cut, ends, rhythms, room
from millstream.plan.shown import MOVE_OF_LABEL, moves_of
from millstream.records import Blueprint, Evidence, Lang, Move, Node, Outcome, Path, Reject, Signal, Stage, Tactic

ORDER: tuple[Move, ...] = (
    "greet",
    "needs",
    "recover",
    "conflict",
    "recommend",
    "inform",
    "compare",
    "objection",
    "negotiate",
    "invite",
    "close",
)
"""All moves, in the order in which StreamDial's own rhythms make them (stream.md 1.4); rhythms.py has the others, and
where a repair has its place depends on what is mended (repairs.py)."""

STAGE_NAMES: dict[Lang, dict[Move, str]] = {
    "zh": {
        "greet": "建立联系",
        "needs": "需求挖掘",
        "recover": "差错补救",
        "conflict": "条件冲突",
        "recommend": "方案推荐",
        "inform": "答疑",
        "compare": "对比",
        "objection": "异议处理",
        "negotiate": "议价",
        "invite": "邀约",
        "close": "收尾",
    },
    "en": {
        "greet": "greeting",
        "needs": "finding needs",
        "recover": "repair",
        "conflict": "constraint conflict",
        "recommend": "recommendation",
        "inform": "questions",
        "compare": "comparison",
        "objection": "objection",
        "negotiate": "negotiation",
        "invite": "invitation",
        "close": "closing",
    },
}

AGAIN: dict[Lang, dict[Move, str]] = {
    "zh": {"inform": "继续答疑", "objection": "再次异议"},
    "en": {"inform": "more questions", "objection": "second objection"},
}
"""The stage in which a move is made a second time."""

MADE_FOR: dict[Doubt, str] = {"price": "thrifty", "elsewhere": "comparing", "hesitates": "hesitant"}
"""The persona type (personas.py) a blueprint with a first doubt of that kind is made for."""

LEAST_PATHS, MOST_PATHS = 3, 4


def induced(domain: Domain, lang: Lang, signals: Sequence[Signal]) -> Iterator[Blueprint]:
    """The blueprints of what was mined, one for each kind of scenario that its behaviours allow: a kind is a doubt (or
    none), an order of moves, and whether a booking is offered. Every optional move is one that a viewer or the host
    shows; the node that triggers it has the evidence."""
    shown = _shown(signals)
    doubts = [doubt for doubt in DOUBTS if any(_doubt(signal) == doubt for signal in shown.get("objection", ()))]
    orders = (order for size in range(3) for order in permutations(doubts, size))
    kinds = [(order, rhythm) for order in orders for rhythm in dict.fromkeys(rhythms(shown.keys(), order))]
    nodes, tactics = _Nodes(lang, shown), tuple(_tactics(signals))
    asked = len([slot for slot in domain.using("book") if slot.values.get(lang)])
    books = (False, True) if "invite" in shown and asked else (False,)
    for (n, (order, rhythm)), booked in product(enumerate(kinds), books):
        whole: Rhythm = (*rhythm, "invite") if booked else rhythm
        if room(whole, asked) < 0:
            continue
        paths = tuple(paths_over(lang, whole, order, n + booked))
        stages = tuple(stage for stage in _every_stage(lang) if any(stage.name in path.stages for path in paths))
        moves = {stage.move for stage in stages}
        own = tuple(nodes.along(whole, order))
        yield Blueprint(
            domain=domain.name,
            lang=lang,
            made_for=MADE_FOR[order[0]] if order else "",
            stages=stages,
            nodes=own,
            tactics=tuple(each for each in tactics if MOVE_OF_LABEL.get(each.action, "inform") in moves),
            paths=paths,
            origin="mined" if shown else "schema",
            evidence=tuple(dict.fromkeys(each for node in own for each in node.evidence)),
        )


def paths_over(lang: Lang, rhythm: Rhythm, doubts: Doubts, turn: int = 0) -> Iterator[Path]:
    """Three or four paths of one rhythm: the ends that its whole can come to, at most three, and leaving early, by
    turns for good or to somebody else."""
    whole = [(outcome, _ending(rhythm, outcome)) for outcome in ends(rhythm, doubts)][: MOST_PATHS - 1]
    early: list[Outcome] = ["abandoned", "handover"] if turn % 2 else ["handover", "abandoned"]
    leaving = [(outcome, cut(rhythm, outcome, doubts)) for outcome in early]
    for n, (outcome, moves) in enumerate(whole + leaving[: max(1, LEAST_PATHS - len(whole))]):
        route: Rhythm = ("greet", "needs", *moves, "close")
        kind = repairs.fitting(route, outcome, turn + n)
        stages = _stages_of(lang, repairs.placed(route, kind))
        names = {STAGE_NAMES[lang]["recover"]: repairs.NAMES[lang][kind]} if kind else {}
        label = "+".join(names.get(stage, stage) for stage in stages if stage not in _unsaid(lang))
        yield Path(name=f"{outcome}: {label}", stages=stages, outcome=outcome, recovery=kind)


def _unsaid(lang: Lang) -> set[str]:
    """The stages of every path: its name leaves them out."""
    return {STAGE_NAMES[lang][move] for move in ("greet", "needs", "recommend", "close")}


def _ending(rhythm: Rhythm, outcome: Outcome) -> Rhythm:
    """Only who succeeds is invited."""
    return rhythm if outcome == "success" else tuple(move for move in rhythm if move != "invite")


def _stages_of(lang: Lang, route: Sequence[Move]) -> tuple[str, ...]:
    return tuple((AGAIN if move in route[:n] else STAGE_NAMES)[lang][move] for n, move in enumerate(route))


def _every_stage(lang: Lang) -> Iterator[Stage]:
    for move in ORDER:
        yield Stage(name=STAGE_NAMES[lang][move], move=move)
        if move in AGAIN[lang]:
            yield Stage(name=AGAIN[lang][move], move=move)


def from_plan(
    domain: Domain, lang: Lang, key: str, routes: Mapping[str, Sequence[str]], notes: Sequence[Tactic]
) -> Blueprint | Reject:
    """A released plan (StreamDial's) as a typed graph: `routes` are its named arrow strings.

    Its stage names are brought to moves by the domain's vocabulary; what no word of it covers is dropped, and a
    plan of which too little is left is rejected with the reason.
    """
    evidence = (Evidence(source=key, kind="row", at=(1,), quote=" / ".join(routes)),)
    stages: dict[str, Move] = {}
    paths: list[Path] = []
    for name, route in routes.items():
        known = [(stage, move) for stage in route if (move := move_named(domain, lang, stage))]
        known = [pair for i, pair in enumerate(known) if pair[1] not in [move for _, move in known[:i]]]
        outcome = outcome_named(name, lang)
        if outcome and len(known) >= 3 and all(name != each.name for each in paths):
            stages |= dict(known)
            paths.append(Path(name=name, stages=tuple(stage for stage, _ in known), outcome=outcome))
    try:
        return Blueprint(
            domain=domain.name,
            lang=lang,
            stages=tuple(Stage(name=name, move=move) for name, move in stages.items()),
            tactics=tuple(notes),
            paths=tuple(paths),
            origin="seed",
            evidence=evidence,
        )
    except ValidationError as error:
        return Reject(step="blueprints", item=key, reason=f"no whole graph: {error.errors()[0]['msg']}")


def ending(blueprint: Blueprint, outcome: Outcome) -> Blueprint:
    """The blueprint with the paths of one outcome alone, and what stands on them."""
    paths = tuple(path for path in blueprint.paths if path.outcome == outcome)
    kept = {stage for path in paths for stage in path.stages}
    stages = tuple(stage for stage in blueprint.stages if stage.name in kept)
    nodes = tuple(node for node in blueprint.nodes if node.stage in kept)
    return blueprint.model_copy(update={"paths": paths, "stages": stages, "nodes": nodes})


def distinct(blueprints: Iterable[Blueprint | Reject]) -> Iterator[Blueprint | Reject]:
    """Blueprints whose graph is another than all before; the rest are rejected as doubles."""
    seen: dict[object, str] = {}
    for blueprint in blueprints:
        if isinstance(blueprint, Reject):
            yield blueprint
            continue
        made = graph(blueprint)
        if made in seen:
            yield Reject(step="blueprints", item=blueprint.id, reason=f"the same graph as {seen[made]}")
        else:
            seen[made] = blueprint.id
            yield blueprint


def graph(blueprint: Blueprint) -> object:
    """What makes a blueprint another one: the moves of its paths, their outcomes and what goes wrong on them, and what
    triggers which action in which stage. Names, texts, tactics and evidence do not."""
    at = {stage.name: (stage.move, n) for n, stage in enumerate(blueprint.stages)}
    paths = frozenset((p.outcome, p.recovery, tuple(at[stage][0] for stage in p.stages)) for p in blueprint.paths)
    nodes = frozenset((at[node.stage], node.kind, node.action) for node in blueprint.nodes)
    return paths, nodes


OUTCOME_WORDS: tuple[tuple[Outcome, tuple[str, ...]], ...] = (
    ("lost_competitor", ("竞品", "竞争", "其他品牌", "换品牌", "competitor", "切换品牌")),
    ("lost_price", ("价格流失", "lost over price")),
    ("handover", ("转人工", "人工", "hand", "human")),
    ("delayed", ("延迟", "延后", "延期", "考虑", "家人", "搁置", "delay", "later")),
    ("abandoned", ("放弃", "流失", "中断", "不满意", "未成交", "未成功", "未达成", "abandon")),
    ("success", ("成功", "成交", "达成", "留资", "满意", "快速", "success", "试驾")),
)


def outcome_named(name: str, lang: Lang) -> Outcome | None:
    """The outcome a path's name speaks of."""
    found = [outcome for outcome, words in OUTCOME_WORDS if any(word in name.casefold() for word in words)]
    return found[0] if found else None


def move_named(domain: Domain, lang: Lang, stage: str) -> Move | None:
    """The move a stage's name stands for, by the longest word of the domain's vocabulary in it."""
    asked = stage.casefold()
    found = [
        (len(word), move)
        for move, words in domain.stages.items()
        for word in words.get(lang, ())
        if word.casefold() in asked
    ]
    return max(found)[1] if found else None


def _tactics(signals: Iterable[Signal]) -> Iterator[Tactic]:
    """One tactic for each strategy the host shows, most shown first, at most three pieces of evidence."""
    by_label: dict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        if signal.kind == "strategy" and signal.label:
            by_label[signal.label].append(signal)
    for label, group in sorted(by_label.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        evidence = tuple(signal.evidence[0] for signal in group[:3])
        yield Tactic(scene=label, action=label, rhetoric=group[0].text[:80], evidence=evidence)


def _shown(signals: Iterable[Signal]) -> dict[Move, list[Signal]]:
    """The moves a source shows, with the signals that show them."""
    shown: dict[Move, list[Signal]] = defaultdict(list)
    kinds: dict[str, Move] = {
        "objection": "objection",
        "offer": "negotiate",
        "correction": "recover",
        "exchange": "inform",
    }
    for signal in signals:
        first = kinds.get(signal.kind) or MOVE_OF_LABEL.get(signal.label)
        own: tuple[Move, ...] = (first,) if first else ()
        for move in dict.fromkeys((*own, *moves_of(signal))):
            shown[move].append(signal)
    return dict(shown)


def _doubt(signal: Signal) -> Doubt:
    """The kind of a mined objection; one without a label is about the price, as most are."""
    return signal.label if signal.label in DOUBTS else "price"


class _Nodes:
    """The triggers there are: what is shown in a stage, of which kind, and what the host does then."""

    def __init__(self, lang: Lang, shown: Mapping[Move, Sequence[Signal]]) -> None:
        self._lang, self._shown = lang, shown
        self._answers = {signal.text: signal for signal in shown.get("inform", ()) if signal.label}

    def along(self, rhythm: Rhythm, doubts: Doubts) -> Iterator[Node]:
        """The nodes of a rhythm in its order; that of a second round of questions is the first's."""
        kinds = iter(doubts)
        slip = "misheard" if rhythm[0] == "recover" else "mixed_up"
        for n, move in enumerate(("needs", *rhythm)):
            again = move in rhythm[: n - 1] if n else False
            if move == "objection":
                yield from self._node(move, next(kinds), AGAIN if again else STAGE_NAMES)
            elif not again:
                yield from self._node(move, slip if move == "recover" else "", STAGE_NAMES)

    def _node(self, move: Move, kind: str, names: Mapping[Lang, Mapping[Move, str]]) -> Iterator[Node]:
        """The trigger with an answer of the host beside it where there is one, else the first."""
        found = [s for s in self._shown.get(move, ()) if move != "objection" or _doubt(s) == kind]
        if not found:
            return
        first = next((s for s in found if s.text in self._answers or s.kind == "strategy"), found[0])
        answer = self._answers.get(first.text, first) if move == "objection" else first
        stage = names[self._lang][move]
        yield Node(
            name=f"{stage}: {first.text[:40]}",
            stage=stage,
            kind=kind or first.kind,
            signal=first.text[:80],
            action=answer.label if answer.label and answer.label not in DOUBTS else move,
            evidence=tuple(dict.fromkeys((*first.evidence, *answer.evidence))),
        )
