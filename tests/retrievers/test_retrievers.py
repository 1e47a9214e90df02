"""Retrieval: what is found, what is kept on disk, and what is refused."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.records import Evidence, Passage
from millstream.retrievers import VERSION, across, best, searching, terms
from millstream.retrievers.across import LEAST
from millstream.retrievers.dense import index as dense_index
from millstream.retrievers.fused import convex, reciprocal
from millstream.shapes import Embedding, Hit, Query

bm25 = pytest.importorskip("millstream.retrievers.bm25", reason="the extra `retrieval` is not installed")
titles = pytest.importorskip("millstream.retrievers.titles", reason="the extra `retrieval` is not installed")


def passage(said: str, title: str = "") -> Passage:
    proof = Evidence(source="guide", kind="span", at=(0, len(said)), quote=said)
    return Passage(text=said, title=title, evidence=(proof,))


INNS = (
    passage("Breakfast is served until ten.", "Harbour Inn"),
    passage("Dogs are welcome in the garden rooms.", "Harbour Inn"),
    passage("早餐供应到十点，可以带宠物。", "青屿酒店"),
    passage("Dogs stay outside.", "Mill House"),
)


class Counting:
    """An encoder that counts letters, and how many texts it was given."""

    def __init__(self) -> None:
        self.given = Counter[str]()

    async def encode(self, texts: list[str]) -> list[list[float]]:
        self.given.update(texts)
        return [[float(text.casefold().count(letter)) + 0.01 for letter in "adegorsu早宠"] for text in texts]

    def embedding(self, name: str = "letters") -> Embedding:
        return Embedding(self.encode, self.encode, name)


async def found(retriever: object, query: Query, k: int = 2) -> list[int]:
    assert callable(retriever)
    return [hit.passage for hit in (await searching(retriever)([query], k))[0]]


async def test_words_find_their_passage_in_both_languages(tmp_path: Path) -> None:
    retriever = await bm25.index(INNS, tmp_path)
    assert await found(retriever, Query("until when is breakfast served?"), 1) == [0]
    assert await found(retriever, Query("能带宠物吗"), 1) == [2]
    assert await found(retriever, Query("do you take dogs", among=(0, 3)), 1) == [3]
    assert len(await found(retriever, Query("quantum"), 9)) == len(INNS)


async def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    encoder = Counting()
    await dense_index(INNS[:2], tmp_path, encoder.embedding())
    retriever = await dense_index(INNS[1:], tmp_path, encoder.embedding())
    assert max(encoder.given.values()) == 1 and len(encoder.given) == len(INNS)
    assert (await found(retriever, Query(f"{INNS[3].title}: {INNS[3].text}"), 1)) == [2]
    assert len(list(tmp_path.glob("dense-*"))) == 1, "the old vectors are gone"


async def test_an_updated_index_finds_what_one_made_at_once_finds(tmp_path: Path) -> None:
    await bm25.index(INNS[:3], tmp_path / "grown")
    grown = await bm25.index(INNS, tmp_path / "grown")
    whole = await bm25.index(INNS, tmp_path / "whole")
    asked = [Query("dogs in the rooms"), Query("早餐")]
    assert np.array_equal(await grown(asked), await whole(asked))


async def test_an_older_index_is_one_clear_line(tmp_path: Path) -> None:
    await bm25.index(INNS, tmp_path)
    path = tmp_path / "bm25.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"version": VERSION - 1}))
    with pytest.raises(InputError, match=r"bm25\.json: an index of version 0, .*; delete the folder"):
        await bm25.index(INNS, tmp_path)
    path.write_text(json.dumps(said)[:20])
    with pytest.raises(InputError, match=r"bm25\.json"):
        await bm25.index(INNS, tmp_path)
    path.write_text(json.dumps(said | {"data": "bm25-none"}))
    with pytest.raises(InputError, match="are gone"):
        await bm25.index(INNS, tmp_path)


async def test_two_encoders_do_not_share_an_index(tmp_path: Path) -> None:
    await dense_index(INNS, tmp_path, Counting().embedding("one"))
    with pytest.raises(InputError, match="made by one, not other"):
        await dense_index(INNS, tmp_path, Counting().embedding("other"))
    with pytest.raises(InputError, match="needs an encoder"):
        await dense_index(INNS, tmp_path)


async def test_the_name_said_last_comes_first(tmp_path: Path) -> None:
    retriever = await titles.index(INNS, tmp_path)
    said = ("Is the Mill House free?", "No, but the Harbour Inn is.")
    assert set(await found(retriever, Query("And breakfast there?", said))) == {0, 1}
    assert await found(retriever, Query("And at the Mill House?", said), 1) == [3]


def test_terms_are_stems_and_words() -> None:
    found = terms("The dogs were barking at 3.5 酒店的早餐", lambda run: run.split("的"))
    assert found == ["dog", "bark", "3.5", "酒店", "早餐"]


def test_the_best_come_first_and_what_may_not_answer_never() -> None:
    assert best(np.array([1.0, 3.0, -np.inf, 3.0], np.float32), 9) == [Hit(1, 3.0), Hit(3, 3.0), Hit(0, 1.0)]


@given(st.lists(st.floats(-5, 5, width=32), min_size=2, max_size=8), st.floats(0.5, 4), st.floats(-3, 3))
def test_a_fused_ranking_does_not_hang_on_the_scale_of_a_part(row: list[float], stretch: float, shift: float) -> None:
    one = np.array([[round(x, 1) for x in row]], np.float32)
    other = np.array([list(range(len(row)))], np.float32)
    for fuse in (convex((0.5, 0.5)), reciprocal):
        plain, scaled = fuse([one, other]), fuse([one * stretch + shift, other])
        assert np.allclose(plain, scaled, atol=1e-3)


def test_fusing_keeps_out_what_may_not_answer() -> None:
    rows = np.array([[1.0, -np.inf, 0.0]], np.float32)
    for fuse in (convex((1, 1)), reciprocal):
        assert np.isneginf(fuse([rows, rows])[0, 1]) and fuse([rows, rows])[0, 0] > fuse([rows, rows])[0, 2]


class Tongues:
    """An encoder to which a question means its number; each language lies apart, and the third passage is in the
    middle of everything."""

    async def encode(self, texts: list[str]) -> list[list[float]]:
        rows = []
        for text in texts:
            n = int(re.findall(r"\d+", text)[0])
            row = [float(n == k) for k in range(4)] + [4.0 * ("问" in text), 4.0 * ("ask" in text)]
            rows.append([each + 0.6 if n == 2 else each for each in row])
        return rows


async def test_across_languages_the_centre_is_taken_off_and_what_is_near_to_all_marked_down(tmp_path: Path) -> None:
    encode = Tongues().encode
    embedding = Embedding(encode, encode, "tongues")
    pool = [passage(f"ask {n}") for n in range(4)] + [passage("问 9"), passage("问 8")]
    asked = [f"问 {n % 4}" for n in range(LEAST + 4)]
    plain, level = await dense_index(pool, tmp_path, embedding), await across.index(pool, tmp_path, embedding, asked)
    assert (await found(plain, Query("问 1"), 1))[0] in (4, 5), "its own language is nearest"
    assert [await found(level, Query(f"问 {n}"), 1) for n in range(4)] == [[0], [1], [2], [3]]
    assert await found(level, Query("问 1", among=(0, 3)), 1) in ([0], [3])


async def test_of_a_language_that_was_hardly_asked_in_nothing_is_learnt(tmp_path: Path) -> None:
    encode = Tongues().encode
    pool = [passage(f"ask {n}") for n in range(4)]
    for asked in ([], ["问 1"] * (LEAST - 1)):
        level = await across.index(pool, tmp_path, Embedding(encode, encode, "tongues"), asked)
        assert await found(level, Query("ask 3"), 1) == [3]


async def test_a_half_translated_name_is_found_by_either_half(tmp_path: Path) -> None:
    pool = (passage("Rooftop room, 428.", "灯笼山 Lantern Hill Inn"), passage("Sea view, 588.", "望潮 Tide House"))
    retriever = await titles.index(pool, tmp_path)
    for said, place in (("Lantern Hill怎么样", 0), ("灯笼山有房吗", 0), ("the Tide House?", 1)):
        assert await found(retriever, Query(said), 1) == [place]
