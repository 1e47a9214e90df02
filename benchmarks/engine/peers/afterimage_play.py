"""The load of play.py through afterimage: its `ConversationGenerator`, 64 at a time, with the turns pinned to five of
each side and the scenario in both prompts. It has no cache and goes on with nothing: a restart is the same command.
Run by beside.py in a virtual environment of its own; knows nothing of millstream."""

import asyncio
import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

from afterimage import ConversationGenerator
from afterimage.base import BaseInstructionGeneratorCallback
from afterimage.common import GeneratedInstructions
from afterimage.monitoring import GenerationMonitor
from afterimage.storage import JSONLStorage

load = json.loads(sys.argv[1])
folder = Path(load["folder"])
made = folder / "conversations.jsonl"


class Scenarios(BaseInstructionGeneratorCallback):  # type: ignore[misc]
    """A number for each dialogue that is begun: afterimage begins more than it is asked for."""

    def __init__(self) -> None:
        self.monitor, self.numbers = None, count()

    def set_monitor(self, monitor: Any) -> None:
        self.monitor = monitor

    async def agenerate(self, original_prompt: str) -> GeneratedInstructions:
        item = str(next(self.numbers))
        return GeneratedInstructions(instructions=[item], context="", context_id=item)


class Pinned(ConversationGenerator):  # type: ignore[misc]
    """Of itself it draws the number of turns and gives all dialogues one prompt; the instruction is the scenario."""

    async def go(self, turns: int = 1, first_question: str | None = None, **more: Any) -> Any:
        scenario = f" Scenario {first_question}."
        more |= {"correspondent_prompt": load["user"] + scenario, "respondent_prompt": load["agent"] + scenario}
        return await super().go(load["turns"] // 2, None, **more)


async def main() -> None:
    generator = Pinned(
        respondent_prompt=load["agent"],
        correspondent_prompt=load["user"],
        api_key="none",
        model_name="mock",
        model_provider_name="openai",
        llm_factory_kwargs={"base_url": load["url"]},
        storage=JSONLStorage(conversations_path=made, documents_path=folder / "documents.jsonl"),
        monitor=GenerationMonitor(log_dir=folder / "logs"),
        instruction_generator_callback=Scenarios(),
    )
    await generator.generate(num_dialogs=load["dialogues"], max_concurrency=load["slots"])


asyncio.run(main())
rows = map(json.loads, made.read_text().splitlines())
whole = [row["metadata"]["context_id"] for row in rows if len(row["conversations"]) == load["turns"]]
(folder / "items.json").write_text(json.dumps(whole))
