"""The encoder's arithmetic, and weights that are none."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from listen.toned import A, B, tones
from millstream import weights
from millstream.errors import InputError
from millstream.listen import ge2e


def test_mels_are_of_the_length_of_the_sound_and_rise_with_the_tone() -> None:
    low, high = ge2e._mels(tones([(A, 1.0)])), ge2e._mels(tones([(B, 1.0)]))
    assert low.shape == high.shape == (101, 40)
    assert low.mean(0).argmax() < high.mean(0).argmax()


@pytest.mark.parametrize("what", [b"", b"no pickle", pickle.dumps(Path), pickle.dumps(1) * 6])
def test_what_holds_no_weights_is_one_line_and_runs_nothing(what: bytes, tmp_path: Path) -> None:
    file = tmp_path / "weights.pt"
    file.write_bytes(what)
    with pytest.raises(InputError, match=r"weights\.pt: no weights of a voice encoder"):
        ge2e.encoder(file)


@pytest.mark.media
def test_the_same_sound_is_the_same_voice_and_a_unit_vector() -> None:
    if not weights.have("ge2e"):
        pytest.skip("the weights of ge2e are not here: millstream models --fetch ge2e")
    voice = ge2e.encoder(weights.fetch("ge2e"))
    noise = np.random.default_rng(0).normal(0, 0.1, 40_000).astype(np.float32)
    one, other = voice(noise), voice(tones([(A, 0.5)]))
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5) and np.allclose(one, voice(noise))
    assert one @ other < 0.9
