"""The behaviours that a stream shows, by stage and act: how viewers put a need, how the host meets a doubt.

A viewer's line is labelled by the frame it is, or by the signal it was taken for; the host's by the strategy it shows
and by what it answers. What presses the viewer is no example (pressure.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from millstream import pressure
from millstream.behaviours import Behaviour
from millstream.frames import Frame, families, is_own
from millstream.plan.shown import MOVE_OF_LABEL, moves_of
from millstream.records import Lang, Move, Signal

ACTS_OF_LABEL: Mapping[str, frozenset[str]] = {
    "needs_mining": frozenset(["request"]),
    "holds_price": frozenset(["refuse"]),
    "offers_gift": frozenset(["offer"]),
    "comparison": frozenset(["inform"]),
    "invitation": frozenset(["offer_booking"]),
    "correction": frozenset(["apologise"]),
    "empathy": frozenset(["empathise"]),
    "reassurance": frozenset(["empathise"]),
    "alternative": frozenset(["notify_failure"]),
}
"""The acts that a strategy of the host's comes to."""


def behaviours(frames: Iterable[Frame], signals: Sequence[Signal], lang: Lang) -> Iterator[Behaviour]:
    """Those of both sides, in the order of the stream."""
    yield from (_framed(frame) for frame in frames if frame.family in families())
    doubts = {signal.text for signal in signals if signal.kind == "objection"}
    for signal in signals:
        if signal.kind in ("user_question", "objection") and not is_own(signal.text, lang, signal.demand):
            yield _asked(signal)
        elif signal.kind in ("exchange", "agent_response", "strategy", "offer") and signal.label not in pressure.LABELS:
            yield _told(signal, doubts)


def _framed(frame: Frame) -> Behaviour:
    stage: Move = families()[frame.family]["stage"]
    slot = "price" if frame.act == "object" else frame.slot  # the frames of doubts are those of what is dear
    return Behaviour("user", frame.evidence[0].quote, frozenset([frame.act]), slot, frozenset([stage]))


def _asked(signal: Signal) -> Behaviour:
    """A question, or a doubt, as its viewer typed it."""
    if signal.kind == "objection":
        slot = "price" if signal.label == "elsewhere" else signal.slot
        return Behaviour("user", signal.text, frozenset(["object"]), slot, frozenset[Move](["objection"]))
    moves: list[Move] = list(moves_of(signal)) or ["inform"]
    return Behaviour("user", signal.text, frozenset([_ASKS.get(moves[0], "request")]), signal.slot, frozenset(moves))


_ASKS: Mapping[Move, str] = {"compare": "request_compare"}


def _told(signal: Signal, doubts: set[str]) -> Behaviour:
    """What the host says: an answer to a doubt is one whatever it was taken for."""
    text = signal.answer or signal.text
    acts, moves = set(ACTS_OF_LABEL.get(signal.label, ())), set[Move](moves_of(signal))
    if move := MOVE_OF_LABEL.get(signal.label):
        moves.add(move)
    if signal.kind == "offer":
        acts, moves = acts | {"offer"}, moves | {"negotiate"}
    if signal.kind in ("exchange", "agent_response"):
        acts.add("inform")
        moves.add("objection" if signal.text in doubts else "inform")
    return Behaviour("agent", text, frozenset(acts), signal.slot, frozenset(moves))
