"""`--ray`: whether a run is spread over the workers of a cluster. Ray is imported when it is asked for: it is an extra,
and slow to load."""

import importlib
import importlib.util
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from millstream import prices
from millstream.budget import Cost
from millstream.commands.order import Order
from millstream.errors import InputError
from millstream.records import Rights


@asynccontextmanager
async def spreading(
    order: Order, rights: Mapping[str, Rights], folder: Path, on_done: Callable[[Cost], None]
) -> AsyncIterator[Any]:
    """The cluster (cluster.Cluster), or None where the run stays on this machine."""
    asking = order.asking
    if not asking.ray:
        yield None
        return
    if importlib.util.find_spec("ray") is None:
        raise InputError("--ray needs Ray, which is not installed", remedy="pip install 'millstream[ray]'")
    cluster = importlib.import_module("millstream.cluster")
    kit = cluster.Kit(
        order.settings,
        order.settings.recipe,
        dict(rights),
        asking.base_url,
        asking.slots,
        asking.ceiling,
        prices.read(asking.prices),
        str(folder.absolute()),
        cluster.environment(),
    )
    async with cluster.opened(asking.ray, kit, asking.workers, on_done) as found:
        yield found
