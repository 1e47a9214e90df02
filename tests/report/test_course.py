"""The plots of a run's course say what came through, what fell out, what follows what, and what it cost."""

from pathlib import Path

from summaries import summary

from builders import altered, dialogue
from millstream import anchored
from millstream.report import drawing, page
from millstream.report.counts import Spend, Summary, Tally, read
from millstream.report.course import course

CRITICS = (("critic shape", "too short", 2), ("critic claims", "a", 3), ("critic claims", "b", 1), ("mine", "c", 9))


def test_the_funnel_takes_what_each_critic_took() -> None:
    stages = (("scenarios drawn", 20), ("dialogues played", 18), ("passed every critic", 12), ("accepted", 11))
    made = course(summary(stages=stages, rejects=CRITICS, accepted=11), Tally()).rejected
    assert made and made.numbers == (
        ("scenarios drawn", 20), ("dialogues played", 18), ("left after critic claims", 14),
        ("left after critic shape", 12), ("passed every critic", 12), ("accepted", 11),
    )  # fmt: skip
    assert made.says == "Of 20 scenarios drawn 11 became accepted dialogues; most fall to critic claims."


def test_the_flow_counts_what_follows_what() -> None:
    tally, _ = read([dialogue(), dialogue(number=2)])
    made = course(Summary(), tally).flow
    assert made and sum(count for _, count in made.numbers) == tally.flow.total() == 10
    assert set(tally.flow.values()) == {2} and not any(one == other for one, other in tally.flow)


def test_coverage_counts_paths_and_cost_counts_tokens() -> None:
    tally, _ = read([dialogue(), dialogue(number=3), dialogue(lang="en", number=4)])
    made = course(summary(spending=(Spend("play", 4, 4, 0, 900, 100, 1.0), Spend("mine", 1, 1, 0, 50, 5, 1.0))), tally)
    assert made.coverage and sum(count for _, count in made.coverage.numbers) == 3
    assert made.cost and dict(made.cost.numbers) == {
        "play, read": 900, "play, written": 100, "mine, read": 50, "mine, written": 5,
    }  # fmt: skip
    assert made.cost.says == "1,055 tokens in 5 calls; the most are for play."


def test_of_nothing_come_no_plots() -> None:
    assert set(course(Summary(), Tally())) == {None}
    silent = altered(dialogue(), turns=())
    assert course(Summary(), read([silent])[0]).flow is None


def test_every_plot_is_drawn_and_saved(tmp_path: Path) -> None:
    made = course(summary(), read([dialogue()])[0])
    shown = [each for each in made if each]
    assert len(shown) == 5 and len(drawing.save(shown, tmp_path)) == 10
    html = page.write(summary(), *read([dialogue()], 1), tmp_path / "r.html").read_text(encoding="utf-8")
    for each in shown:
        assert f"<strong>{each.title}</strong>" in html and each.numbers and str(each.svg).startswith("<svg ")
        assert "$" not in str(each.svg), "a font's own marks, not numbers"


def test_the_page_shows_intervals_beside_the_corpora_and_the_reasons(tmp_path: Path) -> None:
    kept = [*(dialogue(number=n) for n in range(12)), dialogue(lang="en", number=50)]
    path = page.write(summary(), *read(kept, 1), tmp_path / "r.html", beside=anchored.beside(kept))
    html = path.read_text(encoding="utf-8")
    assert "Beside public corpora" in html and "nearest CrossWOZ (17)" in html
    assert "Not enough data (1 dialogues, 10 are needed): turns, en; tokens a turn, en" in html
    without = page.write(summary(), *read(kept, 1), tmp_path / "s.html").read_text(encoding="utf-8")
    assert "Beside public corpora" not in without
