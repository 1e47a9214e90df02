"""A disk that is full at whatever file: one clear line, exit code 2, and the same command goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"
CODE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from millstream.cli import app
app(sys.argv[2:])
"""


def ended(out: Path, largest: int) -> "subprocess.CompletedProcess[str]":
    """A run in a process that can make no file larger than that many bytes."""
    ask = ("run", str(KITCHEN), "--out", str(out), "--model", "none", "--count", "2", "-q")
    command = [sys.executable, "-c", CODE, str(largest), *ask]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("largest", [3_000, 120_000])
def test_a_full_disk_is_one_clear_line_and_the_same_command_goes_on(tmp_path: Path, largest: int) -> None:
    """What does not fit: the run's own domain, which is written at the start; a table that is made at once."""
    stopped = ended(tmp_path / "run", largest)
    assert stopped.returncode == 2, stopped.stderr
    assert stopped.stderr.startswith("millstream: ") and stopped.stderr.count("\n") == 1, stopped.stderr
    assert "File too large; make room or name another folder, and run again" in stopped.stderr
    if largest == 3_000:
        assert ended(tmp_path / "run", 2**30).returncode == 0
