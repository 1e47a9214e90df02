"""The load of play.py through data-designer: a column of text a turn, which is all the dialogue form it has, so the
exchange so far stands in one message; 64 requests at a time. `resume=IF_POSSIBLE` goes on from the groups of records
that are whole: their size and how many are open at a time may be told, else it is its own default (1,000, so that all
are one). Run by beside.py in a virtual environment of its own; knows nothing of millstream."""

import json
import os
import sys
from pathlib import Path

load = json.loads(sys.argv[1])
folder = Path(load["folder"])
os.environ |= {"NEMO_TELEMETRY_ENABLED": "false", "DATA_DESIGNER_HOME": str(folder / "home")}

import data_designer.config as dd  # noqa: E402  # it reads the environment when it is imported
import pandas as pd  # noqa: E402
from data_designer.interface import DataDesigner  # noqa: E402

groups = dict(zip(("buffer_size", "max_concurrent_row_groups"), map(int, sys.argv[2:]), strict=False))

model = dd.ModelConfig(
    alias="model",
    model="mock",
    provider="mock",
    skip_health_check=True,
    inference_parameters=dd.ChatCompletionInferenceParams(temperature=0.7, max_parallel_requests=load["slots"]),
)
builder = dd.DataDesignerConfigBuilder(model_configs=[model])
items = [str(n) for n in range(load["dialogues"])]
builder.with_seed_dataset(dd.DataFrameSeedSource(df=pd.DataFrame({"item": items})))
for n in range(load["turns"]):
    said = "\n".join(f"{('user', 'agent')[k % 2]}: {{{{ turn_{k} }}}}" for k in range(n))
    role = (load["user"], load["agent"])[n % 2]
    builder.add_column(
        dd.LLMTextColumnConfig(
            name=f"turn_{n}",
            model_alias="model",
            system_prompt=f"{role} Scenario {{{{ item }}}}.",
            prompt=said or "Begin.",
        )
    )
designer = DataDesigner(
    artifact_path=folder / "artifacts",
    model_providers=[dd.ModelProvider(name="mock", endpoint=load["url"], api_key="none")],
)
designer.set_run_config(dd.RunConfig(**groups))
made = designer.create(builder, num_records=load["dialogues"], dataset_name="play", resume=dd.ResumeMode.IF_POSSIBLE)
rows = made.load_dataset().dropna()
(folder / "items.json").write_text(json.dumps([str(item) for item in rows["item"]]))
