"""The load of play.py through sdialog: `Agent.dialog_with`. It plays one dialogue after another and goes on with
nothing; the 64 threads, and that a dialogue whose file is there is not played again, are this script's. Run by
beside.py in a virtual environment of its own; knows nothing of millstream."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sdialog import Dialog
from sdialog.agents import Agent

load = json.loads(sys.argv[1])
made = Path(load["folder"]) / "made"
made.mkdir(exist_ok=True)


def agent(name: str, prompt: str, item: int) -> Agent:
    server = {"base_url": load["url"], "api_key": "none", "temperature": 0.7}
    return Agent(name=name, system_prompt=f"{prompt} Scenario {item}.", model="openai:mock", **server)


def play(item: int) -> None:
    file = made / f"{item}.json"
    if file.exists():
        return
    user, host = agent("user", load["user"], item), agent("agent", load["agent"], item)
    user.dialog_with(host, max_turns=load["turns"], id=item, seed=item, keep_bar=False).to_file(str(file))


with ThreadPoolExecutor(load["slots"]) as pool:
    list(pool.map(play, range(load["dialogues"])))
dialogues = [Dialog.from_file(str(file)) for file in made.glob("*.json")]
whole = [str(each.id) for each in dialogues if len(each.turns) == load["turns"]]
(Path(load["folder"]) / "items.json").write_text(json.dumps(whole))
