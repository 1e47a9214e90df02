"""A plot and the three ways it goes out: into a page in the page's colours, and into files as SVG and PNG.

Knows matplotlib; refuses to know what is plotted.
"""

import re
from collections.abc import Callable, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from millstream.whole import whole


class Palette(NamedTuple):
    """The colours of a plot, as in style.css.j2."""

    ink: str
    rule: str
    user: str
    agent: str
    accent: str


PRINT = Palette(ink="#23262b", rule="#e2dfd7", user="#3f639c", agent="#0b756b", accent="#0f766e")
"""The page by light."""
_PAGE = Palette("#010203", "#040506", "#070809", "#0a0b0c", "#0d0e0f")
"""Stand-ins: each becomes var(--name), so that the page decides by light or dark."""
_DPI = 200

Draw = Callable[[Axes, Palette], None]


class Plot(NamedTuple):
    """`says` is the plot in a sentence, for those who do not see it. `size` in inches, wide and high. `numbers` are
    what is drawn, each with its name, for those who ask."""

    title: str
    says: str
    draw: Draw
    size: tuple[float, float] = (5.6, 3.2)
    numbers: tuple[tuple[str, int], ...] = ()

    @property
    def svg(self) -> Markup:
        """The element to be set into a page: real text, no script, colours left to the page."""
        out = StringIO()
        self._saved(out, "svg", _PAGE, transparent=True)
        return Markup(_inline(out.getvalue(), self.title))

    def save(self, folder: Path) -> tuple[Path, Path]:
        """The plot as an SVG and as a PNG file, named by its title, on white."""
        name = re.sub(r"\W+", "-", self.title.lower()).strip("-")
        vector, raster = StringIO(), BytesIO()
        self._saved(vector, "svg", PRINT)
        self._saved(raster, "png", PRINT, dpi=_DPI)
        paths = folder / f"{name}.svg", folder / f"{name}.png"
        with whole(paths[0]) as text:
            text.write(vector.getvalue())
        paths[1].write_bytes(raster.getvalue())
        return paths

    def _saved(self, out: TextIO | BinaryIO, form: str, palette: Palette, **how: Any) -> None:
        with mpl.rc_context(_style(palette)):
            figure = Figure(figsize=self.size, layout="constrained")
            self.draw(figure.add_subplot(), palette)
            undated = dict.fromkeys(("Date", "Creator") if form == "svg" else ("Software",))
            figure.savefig(out, format=form, metadata=undated, **how)


def save(plots: Sequence[Plot], folder: Path) -> list[Path]:
    """The files of all plots; the folder is made where it is not there."""
    return [path for plot in plots for path in plot.save(folder)]


def _style(palette: Palette) -> dict[Any, Any]:
    inked = ("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "xtick.labelcolor", "ytick.labelcolor")
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "millstream",
        "font.family": "DejaVu Sans",
        "font.size": 10,
        "axes.edgecolor": palette.rule,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": palette.rule,
        "grid.linewidth": 0.6,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "legend.frameon": False,
        "text.parse_math": False,
    } | dict.fromkeys(inked, palette.ink)


def _inline(svg: str, title: str) -> str:
    """The SVG element alone, with ids of its own in the page, the page's font and the page's colours.

    It is hidden from screen readers: the page says the same in words beside it. matplotlib's own style element
    would be the whole page's.
    """
    key = re.sub(r"\W", "", title.title())
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<(metadata|style)\b.*?</\1>", "", body, flags=re.DOTALL)
    body = re.sub(r'(?<=\bid=")|(?<=href="#)|(?<=url\(#)', f"{key}-", body)
    body = re.sub(r"font: ([\d.]+px) [^;\"]+", r"font: \1 system-ui, sans-serif", body)
    for name, stand_in in _PAGE._asdict().items():
        body = body.replace(stand_in, f"var(--{name})")
    return re.sub(
        r'<svg [^>]*?(viewBox="[^"]+")[^>]*>', r'<svg \1 aria-hidden="true" focusable="false">', body, count=1
    )
