"""What is left of a line of somebody's file: one line, of characters that people see."""

import pytest

from millstream import text


@pytest.mark.parametrize("said", ["level\ufeff\u200c", "a\u200b\u200d b", "\u200clevel\x00\u200d "])
def test_a_line_of_a_line_is_the_same(said: str) -> None:
    """A joiner behind what is taken out has a letter before it then."""
    assert text.line(text.line(said)) == text.line(said)
