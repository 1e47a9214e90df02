"""A voice as a vector: the GE2E encoder (Wan et al., 2018, arXiv 1710.10467) with Resemblyzer's weights, in numpy.

The weights are a file of torch in its old format; it is read without torch, and nothing but tensors is made of it.
Vectors live in memory only. Knows no file of sound.
"""

import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from millstream.errors import InputError
from millstream.listen import Sound, Voice

_FRAME, _HOP, _MELS, _PARTIAL, _STEP = 400, 160, 40, 160, 77
"""Samples of a frame and between two of them, mel bands, frames of a partial utterance and between two of them."""
_LOUDNESS = -30.0
"""Decibels below full scale to which what is softer is raised."""
_LAYERS, _WIDTH = 3, 256
Array = NDArray[np.float32]


def encoder(path: Path) -> Voice:
    """The voice of a sound: the mean over its partial utterances of 1.6 s; a shorter sound is filled up."""
    weights = _tensors(path)

    def voice(sound: Sound) -> Array:
        mels = _mels(_raised(sound))
        if len(mels) < _PARTIAL:
            mels = np.pad(mels, ((0, _PARTIAL - len(mels)), (0, 0)))
        partials = np.stack([mels[at : at + _PARTIAL] for at in range(0, len(mels) - _PARTIAL + 1, _STEP)])
        mean = _encoded(partials, weights).mean(axis=0)
        unit: Array = mean / (np.linalg.norm(mean) + 1e-9)
        return unit

    return voice


def _encoded(partials: Array, weights: dict[str, Array]) -> Array:
    """(n, frames, mels) -> (n, 256): three LSTM layers, the last state through a rectified layer, to unit length."""
    told = partials.transpose(1, 0, 2)
    for layer in range(_LAYERS):
        bias = weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
        told = _lstm(told, weights[f"lstm.weight_ih_l{layer}"], weights[f"lstm.weight_hh_l{layer}"], bias)
    out = np.maximum(told[-1] @ weights["linear.weight"].T + weights["linear.bias"], 0.0)
    unit: Array = out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-9)
    return unit


def _lstm(given: Array, inward: Array, again: Array, bias: Array) -> Array:
    """(frames, n, in) -> (frames, n, 256); gates in torch's order: in, forget, cell, out."""
    frames, n, _ = given.shape
    state, cell = np.zeros((2, n, _WIDTH), np.float32)
    gates = given @ inward.T + bias
    turned, out = np.ascontiguousarray(again.T), np.empty((frames, n, _WIDTH), np.float32)
    for at in range(frames):
        into, forget, new, outward = np.split(gates[at] + state @ turned, 4, axis=1)
        cell = _sigmoid(forget) * cell + _sigmoid(into) * np.tanh(new)
        state = _sigmoid(outward) * np.tanh(cell)
        out[at] = state
    return out


def _sigmoid(x: Array) -> Array:
    half: Array = 0.5 * (1.0 + np.tanh(0.5 * x))
    return half


# --- mel spectrum ------------------------------------------------------------------------------------------


def _raised(sound: Sound) -> Sound:
    loud = 20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-9)
    raised: Sound = sound * np.float32(10 ** ((_LOUDNESS - loud) / 20)) if loud < _LOUDNESS else sound
    return raised


def _mels(sound: Sound) -> Array:
    padded = np.pad(sound.astype(np.float64), _FRAME // 2, mode="reflect" if len(sound) > _FRAME else "constant")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME + 1)[:-1], axis=1)) ** 2
    return np.asarray(power @ _BANK.T, np.float32)


def _bank() -> NDArray[np.float64]:
    """Triangular filters on Slaney's mel scale (linear to 1 kHz, then logarithmic), each of unit area."""
    step = np.log(6.4) / 27
    top = 15 + np.log(8.0) / step
    mels = np.linspace(0.0, top, _MELS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp(step * (mels - 15)))
    bins = np.linspace(0, 8000, _FRAME // 2 + 1)
    low, mid, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (mid - low), (high - bins) / (high - mid)
    bank: NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return bank


_BANK = _bank()


# --- weights -----------------------------------------------------------------------------------------------

_KINDS = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class _Plain(pickle.Unpickler):
    """Reads what torch pickles of tensors; whatever else it names is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, *_: (storage, offset, size)
        if module == "torch" and name in _KINDS:
            return name
        raise pickle.UnpicklingError(f"{module}.{name}")

    def persistent_load(self, named: Any) -> Any:
        """("storage", kind, key, where, length, view) stands for numbers that come behind the pickle."""
        return named[1], named[2]


def _tensors(path: Path) -> dict[str, Array]:
    """The encoder's tensors by name. Torch's old format: three small pickles, the dictionary, the keys of its
    storages, then each storage as a length and its numbers."""
    file = io.BytesIO(path.read_bytes())
    try:
        for _ in range(3):
            _Plain(file).load()
        named = _Plain(file).load()
        kinds = {key: kind for kind, key in _stored(named)}
        storages = {key: _numbers(file, kinds.get(key, "FloatStorage")) for key in _Plain(file).load()}
        return {
            name: storages[key][offset : offset + int(np.prod(size))].reshape(size).astype(np.float32)
            for name, ((_, key), offset, size) in named["model_state"].items()
        }
    except (pickle.UnpicklingError, KeyError, ValueError, TypeError, EOFError) as error:
        what = f"no weights of a voice encoder: {error}"
        raise InputError(what, str(path), "remove it: it is fetched anew") from error


def _stored(value: Any) -> list[tuple[str, str]]:
    """All storages named anywhere in what was pickled."""
    if isinstance(value, dict):
        return [each for inner in value.values() for each in _stored(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in _stored(inner)]
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return [value[0]]
    return []


def _numbers(file: io.BytesIO, kind: str) -> NDArray[Any]:
    length = int(np.frombuffer(file.read(8), "<i8")[0])
    form = np.dtype(_KINDS[kind])
    return np.frombuffer(file.read(length * form.itemsize), form)
