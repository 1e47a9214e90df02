"""Small, realistic records for tests: a Chinese dialogue in a car dealer's live room, an English one in a
restaurant's. Every builder has defaults; a test says only what it is about. All of it is fiction.
"""

from itertools import cycle, islice
from typing import Any, TypeVar

from millstream.frames import Frame
from millstream.records import (
    Act,
    Blueprint,
    Constraint,
    Dialogue,
    Evidence,
    Lang,
    Node,
    Outcome,
    Path,
    Persona,
    Record,
    Role,
    Scenario,
    Slot,
    Stage,
    Tactic,
    Trait,
    Turn,
)

R = TypeVar("R", bound=Record)

DOMAIN: dict[Lang, str] = {"zh": "automotive", "en": "restaurant"}
ENTITY: dict[Lang, str] = {"zh": "云帆E5", "en": "Harbour platter"}
RECORDING = "a1b2c3d4e5f60718"

STAGES: dict[Lang, tuple[str, ...]] = {
    "zh": ("破冰寒暄", "需求挖掘", "车型推荐", "信息解答", "价格讨论", "成交促成"),
    "en": ("greeting", "needs", "recommendation", "information", "price", "closing"),
}

# role, stage number, act, slot, value, strategy, text ($ stands for the entity)
SCRIPT: dict[Lang, tuple[tuple[Role, int, str, str, str, str, str], ...]] = {
    "zh": (
        ("user", 0, "greet", "", "", "", "主播在吗，想问问车。"),
        ("agent", 0, "greet", "", "", "礼貌问候", "在的老板，想看轿车还是SUV？"),
        ("user", 1, "inform", "class", "SUV", "", "家里人多，要SUV。"),
        ("agent", 1, "request", "price", "", "细化问题", "明白，那预算大概控制在多少？"),
        ("user", 1, "inform", "price", "15万", "", "十五万以内吧，15万到顶了。"),
        ("agent", 2, "offer", "price", "14.98万", "提供建议", "那您看看$，现在14.98万。"),
        ("user", 3, "request", "range", "", "", "$续航多少啊？"),
        ("agent", 3, "inform", "range", "510公里", "信息传达", "$标的是510公里，市区跑一周没问题。"),
        ("user", 4, "negotiate", "price", "", "", "还能再便宜点吗？"),
        ("agent", 4, "deny", "price", "14.98万", "情感管理", "理解您的心情，14.98万已经是直播间价了。"),
        ("user", 5, "accept", "visit_day", "这周六上午", "", "行，那这周六上午我过去看看。"),
        ("agent", 5, "goodbye", "", "", "感谢与告别", "好嘞，周六店里等您，再见。"),
    ),
    "en": (
        ("user", 0, "greet", "", "", "", "Hi, is anyone there? I'm after a table."),
        ("agent", 0, "greet", "", "", "Greeting", "Welcome in! How many of you are coming?"),
        ("user", 1, "inform", "party_size", "4 people", "", "There'll be 4 people."),
        ("agent", 1, "request", "price", "", "Problem Refinement", "Lovely. What would you like to spend?"),
        ("user", 1, "inform", "price", "$60", "", "Let's keep it under $60."),
        ("agent", 2, "offer", "price", "$58", "Providing Suggestions", "Then I'd go for the {}: it's $58."),
        ("user", 3, "request", "serves", "", "", "How many does the {} feed?"),
        ("agent", 3, "inform", "serves", "4", "Information Delivery", "The {} feeds 4, bread on the side."),
        ("user", 4, "negotiate", "price", "", "", "Can you do anything on the price?"),
        ("agent", 4, "deny", "price", "$58", "Restatement", "I hear you, but $58 is tonight's price."),
        ("user", 5, "accept", "day", "Friday at 7", "", "Fair enough. Friday at 7, then."),
        ("agent", 5, "goodbye", "", "", "Appreciation and Closure", "Booked. See you Friday!"),
    ),
}


def altered(record: R, **fields: Any) -> R:
    """The same record with other fields, validated anew (model_copy would keep the old id)."""
    return type(record)(**{name: getattr(record, name) for name in type(record).model_fields} | fields)


def evidence(
    quote: str = "现在14.98万", start: float = 185.0, recording: str = RECORDING, n: int = 12
) -> Evidence:
    return Evidence(
        source=recording,
        kind="cues",
        track="speech",
        at=(n, n + 1),
        start=start,
        end=start + 7.5,
        quote=quote,
    )


def frame(text: str = "$entity首付多少", **fields: Any) -> Frame:
    """A question of one brief viewer, unless fields say otherwise."""
    values = {
        "text": text, "lang": "zh", "family": "question", "act": "request", "slot": "down_payment", "stage": "inform",
        "delivery": (), "manners": ("brief",), "demand": 1, "evidence": (evidence(text),),
    }  # fmt: skip
    return Frame.model_validate(values | fields)


def persona(role: Role = "user", lang: Lang = "zh", number: int = 0) -> Persona:
    """Three mined or schema fields and one that is not shown; `number` makes another person of it."""
    zh = lang == "zh"
    if role == "user":
        values = (
            ("家里第一台车，接送孩子", "后期用车成本") if zh else ("a family dinner", "whether kids may come")
        )
        names = ("needs", "concerns", "style", "age")
    else:
        values = ("直播销售顾问", "亲和，爱打比方") if zh else ("host of the dining room", "warm and brief")
        names = ("role", "style", "scope", "credentials")
    return Persona(
        role=role,
        domain=DOMAIN[lang],
        lang=lang,
        fields=(
            Trait(name=names[0], value=values[0], origin="mined", evidence=(evidence(values[0]),)),
            Trait(
                name=names[1], value=values[1], origin="mined", evidence=(evidence(values[1], 20.0 + number),)
            ),
            Trait(name=names[2], value=f"{'风格' if zh else 'kind'} {number}", origin="schema"),
            Trait(name=names[3], value=None, origin="not_shown"),
        ),
    )


def blueprint(lang: Lang = "zh", name: str = "", recording: str = RECORDING) -> Blueprint:
    """Six stages, one trigger, one tactic, two paths; another `name` makes another blueprint."""
    zh, stages = lang == "zh", STAGES[lang]
    moves = ("greet", "needs", "recommend", "inform", "negotiate", "close")
    proof = (evidence("还能再便宜点吗" if zh else "anything on the price", 300.0, recording),)
    return Blueprint(
        domain=DOMAIN[lang],
        lang=lang,
        stages=tuple(Stage(name=stage, move=move) for stage, move in zip(stages, moves, strict=True)),
        nodes=(
            Node(
                name="价格异议" if zh else "price objection",
                stage=stages[4],
                signal="嫌贵" if zh else "finds it dear",
                action="说明价格已含优惠" if zh else "explains what the price holds",
                evidence=proof,
            ),
        ),
        tactics=(
            Tactic(
                scene="砍价" if zh else "haggling",
                action="先共情再说明" if zh else "first sympathy, then reasons",
                evidence=proof,
            ),
        ),
        paths=(
            Path(
                name=name or ("顺利成交" if zh else "straight to the end"), stages=stages, outcome="success"
            ),
            Path(name="因价格流失" if zh else "lost over the price", stages=stages, outcome="lost_price"),
        ),
        evidence=proof,
    )


def scenario(
    lang: Lang, number: int, plan: Blueprint, people: tuple[Persona, Persona], ended: Outcome, aim: str
) -> Scenario:
    return Scenario(
        domain=DOMAIN[lang],
        lang=lang,
        user=people[0].id,
        agent=people[1].id,
        blueprint=plan.id,
        path=plan.paths[1 if ended == "lost_price" else 0].name,
        outcome=ended,
        aim=aim,
        constraints=(Constraint(slot="price", op="max", value="15万" if lang == "zh" else "$60"),),
        requests=("range",) if lang == "zh" else ("serves",),
        seed=number,
        number=number,
    )


def turns_of(lang: Lang, count: int, entity: str, recording: str) -> tuple[Turn, ...]:
    """The first two and the last two lines of the script, and as much of its middle as is asked for."""
    script = SCRIPT[lang]
    lines = (
        script[:count] if count <= 4 else (*script[:2], *islice(cycle(script[2:-2]), count - 4), *script[-2:])
    )
    state: dict[str, str] = {}
    made = []
    for n, (role, stage, act, slot, value, strategy, text) in enumerate(lines):
        if role == "user" and slot and value:
            state[slot] = value
        about = entity if role == "agent" and slot and value else ""
        words = text.replace("$", entity) if lang == "zh" else text.replace("{}", entity)
        made.append(
            Turn(
                role=role,
                text=words,
                acts=(Act(act=act, slot=slot, value=value, entity=about),),
                state=tuple(Slot(slot=name, value=held) for name, held in state.items()),
                stage=STAGES[lang][stage],
                strategy=strategy,
                grounding=(evidence(f"{entity} {value}", 60.0 + 37 * n, recording, n),) if about else (),
                draft=words if n % 3 else f"{words} ({act})",
                must=(value,) if about else (),
                worded="template" if n % 3 else "model",
            )
        )
    return tuple(made)


def dialogue(
    turns: int = 12,
    lang: Lang = "zh",
    number: int = 0,
    recording: str = RECORDING,
    entity: str = "",
    plan: Blueprint | None = None,
) -> Dialogue:
    """One kept dialogue. Another `number` is another scenario; every fourth is lost over the price.

    `entity` is what is offered, `plan` the blueprint, `recording` the one id of its lineage.
    """
    plan, entity = plan or blueprint(lang), entity or ENTITY[lang]
    people = (persona("user", lang, number % 3), persona("agent", lang))
    ended: Outcome = "lost_price" if number % 4 == 3 else "success"
    return Dialogue(
        scenario=scenario(lang, number, plan, people, ended, entity),
        personas=people,
        blueprint=plan,
        turns=turns_of(lang, turns, entity, recording),
        ended=ended,
        lineage=(recording,),
        realiser="llm",
        licence="CC-BY-NC-4.0",
    )


def saying(texts: list[str], roles: list[Role] | None = None, **fields: Any) -> Dialogue:
    """A dialogue of exactly these texts; roles take turns from the user on unless given."""
    base = dialogue(turns=1)
    turns = tuple(
        altered(base.turns[0], text=text, role=roles[n] if roles else ("user", "agent")[n % 2])
        for n, text in enumerate(texts)
    )
    return altered(base, turns=turns, **fields)
