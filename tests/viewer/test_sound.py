"""Which file is which recording, and that nothing is served that was not named."""

from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from runs import many, run

from millstream.errors import InputError
from millstream.viewer import server, sound

TWO = {"kitchen": "a1", "cars": "b2"}


def file(path: Path) -> Path:
    path.write_bytes(bytes(range(100)))
    return path


def test_one_file_is_the_only_recordings_whatever_its_name(tmp_path: Path) -> None:
    path = file(tmp_path / "x.wav")
    assert sound.matched([path], {"kitchen": "a1"}) == {"a1": path}


def test_several_are_told_apart_by_name(tmp_path: Path) -> None:
    cars, kitchen = file(tmp_path / "cars.m4a"), file(tmp_path / "kitchen.mp3")
    assert sound.matched([cars, kitchen], TWO) == {"b2": cars, "a1": kitchen}
    with pytest.raises(InputError, match=r"no recording of this name.*cars, kitchen"):
        sound.matched([file(tmp_path / "menu.wav")], TWO)
    with pytest.raises(InputError, match="no such file"):
        sound.matched([tmp_path / "none.wav"], {"kitchen": "a1"})


async def test_a_part_is_served_of_what_was_named_alone(tmp_path: Path) -> None:
    runner = web.AppRunner(server.opened(run(tmp_path / "r", many(1)), {"a1": file(tmp_path / "x.wav")}))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession() as session:
        part = await session.get(f"{url}/media/a1", headers={"Range": "bytes=10-19"})
        assert (part.status, await part.read()) == (206, bytes(range(10, 20)))
        assert (await session.get(f"{url}/media/b2")).status == 404
        assert (await session.get(f"{url}/media/..%2Fx.wav")).status == 404
        assert (await session.get(f"{url}/media/a1", headers={"Origin": "http://evil.example"})).status == 403
        assert (await (await session.get(f"{url}/api/run")).json())["media"] == ["a1"]
    await runner.cleanup()
