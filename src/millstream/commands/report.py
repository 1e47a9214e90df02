"""`millstream report`: the page and the card again, of what the run folder holds. Counts nothing anew."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from millstream import anchored
from millstream.commands import folder as files
from millstream.commands.terminal import tell
from millstream.report import card, drawing, page
from millstream.report.counts import read
from millstream.report.course import course
from millstream.report.plots import plots


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    sample: Annotated[int, Option(min=0, help="Dialogues shown in full.")] = page.SAMPLE
    seed: Annotated[int, Option(min=0, help="Which ones.")] = 0
    plots: Annotated[Path | None, Option(help="Write each plot as SVG and PNG into this folder.")] = None


def command(options: Options) -> int:
    """Write the report and the card of a run again, and say where they lie.

    millstream report runs/kitchen --sample 40
    """
    summary = files.summary(options.run)
    tally, drawn = read(files.accepted(options.run), options.sample, options.seed)
    beside = anchored.beside(files.accepted(options.run))
    tell(page.write(summary, tally, drawn, options.run / files.REPORT, options.seed, beside))
    tell(card.write(summary, tally, options.run / files.CARD))
    if options.plots:
        drawing.save([*plots(tally), *filter(None, course(summary, tally))], options.plots)
        drawing.save([each.plot for each in page.compared(beside) if each.plot], options.plots)
        tell(options.plots)
    return 0
