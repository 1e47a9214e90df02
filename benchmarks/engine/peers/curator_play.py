"""The load of play.py through curator: a pass of its `LLM` a turn over all dialogues, 64 requests at a time, its cache
on. Its own two-sided form, `MultiTurnAgents`, plays one dialogue at a time. Run by beside.py in a virtual environment
of its own; knows nothing of millstream."""

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

load = json.loads(sys.argv[1])
litellm = find_spec("litellm")
assert litellm and litellm.origin
# It counts tokens by a file that litellm brings along; from anywhere else it would be downloaded.
os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers")
os.environ |= {"TELEMETRY_ENABLED": "false", "CURATOR_DISABLE_RICH_DISPLAY": "1", "OPENAI_API_KEY": "none"}

from bespokelabs import curator  # noqa: E402  # it reads the environment when it is imported
from datasets import Dataset  # noqa: E402

NO_LIMIT = 10**9


class Turn(curator.LLM):  # type: ignore[misc]
    def prompt(self, row: dict[str, Any]) -> list[dict[str, str]]:
        side = len(row["said"]) % 2
        turns = [
            {"role": "user" if (n + side) % 2 else "assistant", "content": text} for n, text in enumerate(row["said"])
        ]
        return [{"role": "system", "content": f"{row['roles'][side]} Scenario {row['item']}."}, *turns]

    def parse(self, row: dict[str, Any], answer: str) -> dict[str, Any]:
        return {**row, "said": [*row["said"], answer]}


player = Turn(
    model_name="mock",
    backend="openai",
    generation_params={"temperature": 0.7},
    backend_params={
        "base_url": load["url"],
        "max_concurrent_requests": load["slots"],
        "max_requests_per_minute": NO_LIMIT,
        "max_tokens_per_minute": NO_LIMIT,
    },
)
rows: list[dict[str, Any]] = [
    {"item": str(n), "roles": [load["user"], load["agent"]], "said": []} for n in range(load["dialogues"])
]
for _ in range(load["turns"]):
    rows = player(Dataset.from_list(rows), working_dir=str(Path(load["folder"]) / "cache")).dataset.to_list()
whole = [row["item"] for row in rows if len(row["said"]) == load["turns"]]
(Path(load["folder"]) / "items.json").write_text(json.dumps(whole))
