"""The realiser without a model: the draft is the turn. Thousands a second; the baseline of every comparison."""

from millstream.records import View
from millstream.shapes import Worded


async def say(view: View) -> Worded:
    return Worded(text=view.step.draft, worded="template", step=view.step)
