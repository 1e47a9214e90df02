"""Days in many spellings; what may be two days is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.dates import iso


@pytest.mark.parametrize(
    "said",
    [
        *("2026-05-31", "2026/5/31", "2026.05.31", "20260531", "2026年5月31日", "31 May 2026", "31st May, 2026"),
        *("May 31, 2026", "31-May-2026", "31.05.2026", "31/05/2026", "05/31/2026", "2026-05-31 00:00:00"),
    ],
)
def test_one_day_in_many_spellings(said: str) -> None:
    assert iso(said) == "2026-05-31"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("03/04/2026", "may be two days"),
        ("2026-02-30", "no day of the calendar"),
        ("31/31/2026", "no day of the calendar"),
        ("soon", "is no date"),
        ("", "is no date"),
        ("5月31日", "is no date"),
    ],
)
def test_what_is_no_day_or_two_is_refused(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        iso(said)


@given(st.dates(date(1000, 1, 1)))
def test_what_is_written_year_first_is_read_back(day: date) -> None:
    assert iso(day.isoformat()) == iso(day.strftime("%Y/%m/%d")) == iso(f"{day.day}.{day.month}.{day.year}") == str(day)
