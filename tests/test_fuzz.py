"""The fuzz command: it runs, reads its seeds, and its changes depend on the seed alone."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_moment_of_it_ends_well(tmp_path: Path) -> None:
    keep = tmp_path / "kept"
    command = [sys.executable, "benchmarks/fuzz.py", "--minutes", "0.02", "--keep", str(keep)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout and " read" in done.stdout and not keep.exists()
