"""`millstream recipes`. Knows no recipe by name."""

from dataclasses import dataclass

from millstream import plugins
from millstream.commands.terminal import Json, show


@dataclass(frozen=True)
class Options:
    as_json: Json = False


def command(options: Options) -> int:
    """List the recipes.

    A recipe is the list of functions a run is made of: millstream run --recipe NAME, or their.module from outside.
    """
    recipes = [plugins.load("recipes", name)() for name in plugins.names("recipes")]
    rows = [
        {"name": each.name, "about": each.about, "critics": [_name(critic) for critic in each.critics]}
        for each in recipes
    ]
    show(rows, options.as_json)
    return 0


def _name(critic: object) -> str:
    return getattr(critic, "__module__", "").rpartition(".")[2]
