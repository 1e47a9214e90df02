"""What is wanted of a run: of which inputs, where, how; and the order of a run that is there. Reads no input."""

from dataclasses import dataclass, field
from pathlib import Path

from millstream.budget import Ceiling
from millstream.commands import folder as files
from millstream.errors import InputError
from millstream.recipe import Settings
from millstream.records import Rights


@dataclass(frozen=True)
class Asking:
    """How the models are asked; none of it changes what they are asked.

    `slots` calls side by side, 0: what suits the backend · `batch`, where batches go (see models.Batch) · `ray`, the
    address of a cluster, and how many `workers` there, or here without a model, 0: by the CPUs · `replay`, a run whose
    cache alone answers · `reuse`, one whose cache is asked before the model · `only`, the items to work on beside those
    that are done · `instead`, a model and its address for those items.
    """

    base_url: str = ""
    slots: int = 0
    ceiling: Ceiling = field(default_factory=Ceiling)
    prices: Path | None = None
    batch: str = ""
    ray: str = ""
    workers: int = 0
    replay: Path | None = None
    reuse: Path | None = None
    only: frozenset[str] | None = None
    instead: tuple[str, str] | None = None


@dataclass(frozen=True)
class Order:
    """What is wanted: of which inputs, where, how. `rights` are those declared for all inputs; `events`: progress is
    told in JSON lines."""

    inputs: list[Path]
    out: Path
    settings: Settings
    asking: Asking = field(default_factory=Asking)
    rights: Rights | None = None
    quiet: bool = False
    events: bool = False


def again(run: Path, asking: Asking | None = None, quiet: bool = False) -> Order:
    """The order of a run that is there, as its folder keeps it. InputError where it cannot be read."""
    said = files.settings(files.existing(run))
    rights = files.declared(run)
    known = {name: said[name] for name in Settings.model_fields if name in said}
    try:
        inputs = [Path(each) for each in said["inputs"]]
        chosen = Settings.model_validate(known)
        base_url = str(said["base_url"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("are not those of this version", str(run / files.SETTINGS), "make the run again") from error
    if lost := next((each for each in inputs if not each.exists()), None):
        raise InputError("an input of the run is not there", str(lost), "put it back, or give the whole command again")
    return Order(inputs, run, chosen, asking or Asking(base_url), rights, quiet)
