"""What the words of a line tell, by the terms that are known; a torn file is refused."""

from pathlib import Path

import numpy as np
import pytest

from millstream.errors import InputError
from millstream.mine.linking.bag import Bag, load, save, terms


def test_terms_tell_the_name_called_from_the_words() -> None:
    assert terms("anna: try it") == terms("bob2: try it") != terms("try it")
    assert terms("Try 42 it?") == ["try", "#", "it", "?", "try #", "# it", "it ?", "^try", "^try #", "it ?$"]
    assert "怎 么" in terms("怎么装") and terms("") == ["^", "$"]


def test_a_line_is_told_by_the_terms_that_are_known(tmp_path: Path) -> None:
    bag = Bag(("hello", "^hello"), np.array([[1.0], [3.0]], dtype=np.float32), np.array([-1.0], dtype=np.float32))
    assert bag.told(["hello there", "no"]).ravel().tolist() == [pytest.approx(-1 + 4 / 2**0.5), -1.0]
    save(bag, tmp_path / "bag.npz")
    again = load(tmp_path / "bag.npz")
    assert again.known == bag.known and again.told(["hello"]).tolist() == bag.told(["hello"]).tolist()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no arrays at all"])
def test_a_torn_bag_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "torn.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"torn\.npz"):
        load(path)
