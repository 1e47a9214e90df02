"""What the two sides say while they haggle: the rounds of a bargain (bargain.py) over the points that are known.

The agent holds the price and says what it puts on the table; what that is worth to the user is the bargain's to know.
"""

from millstream.plan import talk
from millstream.plan.bargain import LEAST_ROUNDS, MOST_ROUNDS, Bargain, Point, Round, drawn, off
from millstream.plan.script import Script
from millstream.plan.wishes import surface
from millstream.records import Sentence

LATE = 6
"""Turns after which a negotiation is kept to its least rounds, as it is where more than one move is still to come."""
EXTRA = 0.4
"""Share of rounds about to bring something in which the user asks for it."""


def bargain(script: Script) -> Bargain:
    """The hidden ranges of both sides over what is offered, with the points the knowledge holds."""
    asked, left = talk.price(script), talk.untold(script)
    terms = [fact for fact in left if talk.is_granted(script, fact)]
    paid = [fact for fact in terms if script.knowledge.domain.by_name[fact.attribute].kind == "money"]
    spoken = paid[script.scenario.number % len(paid)] if paid else None  # one way to pay it off is enough
    points = [Point(each, "grant", off(each, asked)) for each in terms if each not in paid or each == spoken]
    points += [Point(each, "argument") for each in left if talk.argues(script, each) and each not in terms]
    other = talk.alternative(script)
    points += [Point(other, "alternative")] if other and (other.entity, "price") not in script.told else []
    short = len(script.steps) <= LATE and len(script.ahead) <= 2
    most = MOST_ROUNDS if short else LEAST_ROUNDS
    return drawn(script.scenario, asked, points, talk.budget(script), most)


def haggled(script: Script, before: Round | None, now: Round) -> list[Sentence]:
    """The user opens a round: it takes up what the last gave (`before`) and asks for a better price, by a figure of
    its own or in general, or, where it comes to that, for something thrown in."""
    like = script.knowledge.fact(script.offered, "price")
    if now.bid and like:
        ask = script.part("haggle_bid", "negotiate", "price", surface(now.bid, like, script.lang))
    else:
        extra = before and _gift(script, now.point) and script.rng.random() < EXTRA
        ask = script.part("haggle_extra" if extra else "haggle_again" if before else "haggle", "negotiate", "price")
    if before is None or before.point is None:
        return [ask]
    heard = ("pleased", "acknowledge") if before.moves else ("unmoved", "object")
    return [script.part(*heard), ask]


def _gift(script: Script, point: Point | None) -> bool:
    """Something thrown in, not terms that speak for the thing."""
    if point is None or point.kind != "grant" or point.off:
        return False
    slot = script.knowledge.domain.by_name[point.fact.attribute]
    return slot.kind == "text" and "assure" not in slot.use


def held(script: Script, point: Point | None, first: bool) -> list[Sentence]:
    """The agent holds the price, and puts the round's point on the table."""
    hold = "hold_listed" if point and point.off else "hold_price" if first else "hold_firm"
    refusal = script.part(hold, "refuse")
    if point is None:
        return [refusal]
    if point.kind == "alternative":
        return [refusal, *talk.cheaper(script)]
    return [refusal, talk.given(script, point.fact)]


def strategy(point: Point | None) -> str:
    """What the agent does in a round, by the labels of mined strategies."""
    named = {"grant": "offers_gift", "argument": "reassurance", "alternative": "alternative"}
    return named[point.kind] if point else "holds_price"
