"""The same jobs played by sdialog (Idiap, MIT): `python benchmarks/sdialog_play.py JOBS --url ADDRESS --out FILE`.

Runs in an environment of its own (pip install sdialog), because of what that package depends on, and imports nothing
of millstream. JOBS is what `benchmarks/peers.py RUN --jobs FILE` wrote, ADDRESS what `benchmarks/serving.py` printed.
Two agents with a role each, the length set by its own orchestrator: the package's standard way.
"""

import argparse
import json
import os
import time
from pathlib import Path

import sdialog
from langchain_core.callbacks import get_usage_metadata_callback
from sdialog.agents import Agent
from sdialog.orchestrators import LengthOrchestrator
from sdialog.personas import Persona


def played(job: dict[str, object]) -> list[dict[str, str]]:
    """A job as chat messages."""
    user = Agent(persona=Persona(name="viewer", role=str(job["user"]), language=str(job["language"])), name="viewer")
    host = Agent(persona=Persona(name="host", role=str(job["agent"]), language=str(job["language"])), name="host")
    turns = int(str(job["turns"]))
    made = (user | LengthOrchestrator(min=turns, max=turns + 2)).dialog_with(host, max_turns=turns + 2)
    roles = {"viewer": "user", "host": "assistant"}
    return [{"role": roles[turn.speaker], "content": turn.text} for turn in made.turns if turn.speaker in roles]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    os.environ.setdefault("OPENAI_API_KEY", "none")
    sdialog.config.llm("openai:local", base_url=asked.url, temperature=0.8)
    jobs = [json.loads(line) for line in asked.jobs.read_text(encoding="utf-8").splitlines()]
    with asked.out.open("w", encoding="utf-8") as out:
        for job in jobs:
            begun = time.perf_counter()
            with get_usage_metadata_callback() as usage:
                row = {"id": job["id"], "messages": played(job)}
            row |= {"tokens": sum(each["total_tokens"] for each in usage.usage_metadata.values()),
                    "seconds": round(time.perf_counter() - begun, 1)}  # fmt: skip
            out.write(f"{json.dumps(row, ensure_ascii=False)}\n")
            out.flush()


if __name__ == "__main__":
    main()
