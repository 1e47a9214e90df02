"""A run that is given up while its dialogues are written down does not write them to their end first."""

import asyncio
import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from millstream.dedup import Compared
from millstream.pipeline import Waves, finished
from millstream.records import Reject
from millstream.run import Run


class Long(Waves):
    taken = 0

    def distinct(self) -> Iterator[Reject | bytes]:
        for self.taken in range(400):
            time.sleep(0.02)
            yield b"{}\n"


async def test_writing_ends_with_the_run(tmp_path: Path) -> None:
    waves = Long(Compared(io.BytesIO()))
    with Run(tmp_path) as run:
        making = asyncio.ensure_future(finished(run, waves, lambda accepted: None))
        while waves.taken < 3:
            await asyncio.sleep(0.01)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making
        at = waves.taken
        await asyncio.sleep(0.3)
        assert waves.taken <= at + 2 and not (tmp_path / "8_dialogues.jsonl").exists()


async def test_writing_ends_where_reading_fails(tmp_path: Path) -> None:
    def failing(accepted: object) -> None:
        raise ValueError("not readable")

    waves = Long(Compared(io.BytesIO()))
    with Run(tmp_path) as run:
        with pytest.raises(ValueError, match="not readable"):
            await finished(run, waves, failing)
        at = waves.taken
        await asyncio.sleep(0.3)
        assert waves.taken <= at + 2
