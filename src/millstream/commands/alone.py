"""Recipes that do not go through the pipeline: those that cut dialogues out of recordings, and runs of their own."""

from millstream.commands import cutting
from millstream.commands.order import Order
from millstream.commands.owning import make_own
from millstream.recipe import Recipe


def alone(order: Order, recipe: Recipe, dry_run: bool = False, as_json: bool = False) -> int | None:
    """Make what is asked for and return the exit code; None for a recipe of the pipeline."""
    if recipe.cut:
        return cutting.cut(order, recipe, dry_run, as_json)
    return make_own(order, recipe, dry_run) if recipe.make else None
