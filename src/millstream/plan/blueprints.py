"""Blueprints: induced from what a recording shows, taken from released plans, or, for want of both, the schema's.

A recording shows a behaviour (objection, haggling, a slip and its repair ...) or it does not; a path is offered
only over stages the source shows or that every service dialogue has. So the outcomes and the order are ours (an
assumption, see docs/recipes/stream.md), the behaviours, nodes and tactics are the stream's, with their evidence.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from pydantic import ValidationError

from millstream.domain import Domain
from millstream.plan import repairs
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
"""The order in which a service dialogue can make its moves; StreamDial's own rhythms keep it (stream.md 1.4). Where a
repair has its place depends on what is mended (repairs.py)."""

ALWAYS: tuple[Move, ...] = ("greet", "needs", "recommend", "inform", "close")

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

ENDINGS: dict[Outcome, tuple[frozenset[Move], frozenset[Move]]] = {
    # outcome: (moves it needs one of, moves it may not have)
    "success": (frozenset({"invite", "recommend"}), frozenset()),
    "delayed": (frozenset({"objection", "compare", "inform"}), frozenset({"invite"})),
    "lost_price": (frozenset({"negotiate"}), frozenset({"invite", "compare", "recover", "objection"})),
    "lost_competitor": (frozenset({"compare", "objection"}), frozenset({"invite", "negotiate"})),
    "abandoned": (frozenset({"inform"}), frozenset({"invite", "negotiate", "objection", "compare"})),
    "handover": (frozenset({"inform"}), frozenset({"invite", "negotiate", "compare"})),
}


def induced(domain: Domain, lang: Lang, signals: Sequence[Signal]) -> Blueprint:
    """The blueprint of one recording: its behaviours with their evidence, and the paths they allow."""
    shown = _shown(signals)
    moves = [move for move in ORDER if move in ALWAYS or move in shown]
    nodes = tuple(
        Node(
            name=f"{STAGE_NAMES[lang][move]}: {first.text[:40]}",
            stage=STAGE_NAMES[lang][move],
            signal=first.text[:80],
            action=first.label or move,
            evidence=first.evidence,
        )
        for move in moves
        if (first := next(iter(shown.get(move, ())), None))
    )
    evidence = tuple(each for move in moves for signal in shown.get(move, ())[:2] for each in signal.evidence[:1])
    return Blueprint(
        domain=domain.name,
        lang=lang,
        stages=_stages(lang, moves),
        nodes=nodes,
        tactics=tuple(_tactics(signals)),
        paths=tuple(paths_over(lang, moves)),
        origin="mined" if shown else "schema",
        evidence=evidence,
    )


def paths_over(lang: Lang, moves: Sequence[Move]) -> Iterator[Path]:
    """Every path of the always-made moves and at most two optional ones, with every outcome that fits it."""
    routes = list(_routes(moves))
    for (extra, outcome), kind in zip(routes, repairs.assigned(routes), strict=True):
        route = repairs.placed([move for move in ORDER if move in ALWAYS or move in extra], kind)
        stages = tuple(STAGE_NAMES[lang][move] for move in route)
        names = STAGE_NAMES[lang] | ({"recover": repairs.NAMES[lang][kind]} if kind else {})
        label = "+".join(names[move] for move in extra)
        name = f"{outcome}: {label}" if label else outcome
        yield Path(name=name, stages=stages, outcome=outcome, recovery=kind)


def _routes(moves: Sequence[Move]) -> Iterator[tuple[tuple[Move, ...], Outcome]]:
    """(optional moves, outcome) of every path."""
    optional = [move for move in moves if move not in ALWAYS]
    for size in range(3):
        for extra in combinations(optional, size):
            route = {*ALWAYS, *extra}
            for outcome, (needed, banned) in ENDINGS.items():
                if needed & route and not banned & set(extra) and _makes_sense(outcome, extra):
                    yield extra, outcome


def _makes_sense(outcome: Outcome, extra: Sequence[Move]) -> bool:
    """An outcome of its own cause only: what was lost was argued about, what was left early was not."""
    needs_one: dict[Outcome, set[Move]] = {
        "delayed": {"objection", "compare", "recover", "conflict"},
        "lost_price": {"negotiate"},
        "lost_competitor": {"compare", "objection"},
    }
    return not needs_one.get(outcome) or bool(needs_one[outcome] & set(extra))


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


def distinct(blueprints: Iterable[Blueprint | Reject]) -> Iterator[Blueprint | Reject]:
    """Blueprints whose graph is another than all before; the rest are rejected as doubles."""
    seen: dict[object, str] = {}
    for blueprint in blueprints:
        if isinstance(blueprint, Reject):
            yield blueprint
            continue
        graph = frozenset(
            (path.outcome, tuple(blueprint.move(stage) for stage in path.stages)) for path in blueprint.paths
        )
        if graph in seen:
            yield Reject(step="blueprints", item=blueprint.id, reason=f"the same graph as {seen[graph]}")
        else:
            seen[graph] = blueprint.id
            yield blueprint


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


def _stages(lang: Lang, moves: Iterable[Move]) -> tuple[Stage, ...]:
    return tuple(Stage(name=STAGE_NAMES[lang][move], move=move) for move in moves)


def _tactics(signals: Iterable[Signal]) -> Iterator[Tactic]:
    """One tactic for each strategy the host shows, most shown first, at most three pieces of evidence."""
    by_label: dict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        if signal.kind == "strategy" and signal.label:
            by_label[signal.label].append(signal)
    for label, group in sorted(by_label.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        evidence = tuple(signal.evidence[0] for signal in group[:3])
        yield Tactic(scene=label, action=label, rhetoric=group[0].text[:80], evidence=evidence)


_MOVE_OF_LABEL: dict[str, Move] = {
    "needs_mining": "needs",
    "holds_price": "negotiate",
    "offers_gift": "negotiate",
    "comparison": "compare",
    "invitation": "invite",
    "correction": "recover",
    "empathy": "objection",
    "reassurance": "objection",
    "conflict": "conflict",
    "alternative": "conflict",
}


def _shown(signals: Iterable[Signal]) -> dict[Move, list[Signal]]:
    """The moves a source shows, with the signals that show them."""
    shown: dict[Move, list[Signal]] = defaultdict(list)
    for signal in signals:
        kinds: dict[str, Move] = {
            "objection": "objection",
            "offer": "negotiate",
            "correction": "recover",
            "exchange": "inform",
        }
        if move := kinds.get(signal.kind) or _MOVE_OF_LABEL.get(signal.label):
            shown[move].append(signal)
    if any(signal.kind in ("objection", "user_question") and signal.slot == "price" for signal in signals):
        shown.setdefault("negotiate", [])
    return {move: found for move, found in shown.items() if found}
