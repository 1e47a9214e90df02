"""The load of play.py through datatrove: a rollout a document, its request cache on. Run by beside.py in a virtual
environment of its own; knows nothing of millstream."""

import json
import sys
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.inference.run_inference import InferenceConfig, InferenceRunner
from datatrove.pipeline.writers import JsonlWriter

load = json.loads(sys.argv[1])
folder = Path(load["folder"])


async def rollout(document: Document, generate: Any) -> list[str]:
    said: list[str] = []
    for n in range(load["turns"]):
        mine, prompt = (("user", load["user"]), ("agent", load["agent"]))[n % 2]
        turns = [
            {"role": "assistant" if (k % 2 == 0) == (mine == "user") else "user", "content": text}
            for k, text in enumerate(said)
        ]
        system = {"role": "system", "content": f"{prompt} Scenario {document.id}."}
        said.append((await generate({"messages": [system, *turns], "temperature": 0.7})).text)
    return said


config = InferenceConfig(
    server_type="endpoint",
    model_name_or_path="mock",
    endpoint_url=load["url"].removesuffix("/v1"),
    max_concurrent_generations=load["slots"],
    max_concurrent_documents=load["slots"],
    metric_interval=3600,
)
runner = InferenceRunner(
    rollout_fn=rollout,
    config=config,
    output_writer=JsonlWriter(str(folder / "out"), "${rank}_${chunk_index}.jsonl", compression=None),
    checkpoints_local_dir=str(folder / "checkpoints"),
    records_per_chunk=10,
)
documents = [Document(text="", id=str(n)) for n in range(load["dialogues"])]
LocalPipelineExecutor([documents, runner], logging_dir=str(folder / "logs"), skip_completed=False).run()
rows = [json.loads(line) for file in (folder / "out").glob("*.jsonl") for line in file.read_text().splitlines()]
whole = [row["id"] for row in rows if len(row["metadata"]["rollout_results"][0]) == load["turns"]]
(folder / "items.json").write_text(json.dumps(whole))
