"""A storm of 429s in the middle of a run, then calm: what is lost, how many are refused, how soon it is fast again."""

from collections.abc import Iterator

from runs import folder, played, served
from server import Entry, Order

from play import Load, export

SLOTS, MEDIAN, SIGMA = 64, 0.2, 0.5


def back(log: list[Entry], end: float, peak: float, share: float) -> float:
    """Seconds from the end of the storm until a second's worth of answers comes at `share` of the peak."""
    answered = sorted(each.left for each in log if each.status == 200 and each.left > end)
    wanted = int(share * peak)
    for first, last in zip(answered, answered[wanted - 1 :], strict=False):
        if last - first <= 1.0:
            return last - end
    return float("inf")


def measured(seconds: float, dialogues: int) -> Iterator[str]:
    order = Order(median=MEDIAN, sigma=SIGMA, storm=seconds)
    with served(order) as server, folder() as place:
        played(Load(server.url, str(place), dialogues, 10, SLOTS))
        log, rows = server.log(), export(place / "dialogues.jsonl").count(b"\n") + 1
    start = log[0].came + order.calm
    calm = [each for each in log if each.status == 200 and start - 4 < each.left < start]
    peak, refused = len(calm) / 4, sum(each.status == 429 for each in log)
    half, full = (back(log, start + seconds, peak, share) for share in (0.5, 0.95))
    yield (
        f"storm of {seconds:g} s: {dialogues - rows} of {dialogues} lost, {refused} refused, half of peak "
        f"({peak:.0f} calls/s) after {half:.1f} s, 0.95 of it after {full:.1f} s"
    )
