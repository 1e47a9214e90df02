"""Schema-Guided Dialogue (Rastogi et al. 2020): from a schema and its rows, played and worded by program.

`millstream simulate` makes the same without a run folder, in several processes, and runs/sgd.sh is the whole way to the
proof. Knows no policy and no words.
"""


from millstream import taskwork
from millstream.recipe import Recipe, Task
from millstream.services.problems import refuse
from millstream.simulate.play import outline
from millstream.taskwork import Way


def recipe() -> Recipe:
    return Recipe(
        name="sgd",
        about="schema and rows -> task dialogues with states by acts of SGD (a run of its own)",
        make=make,
        check=taskwork.checked,
    )


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    ground = taskwork.ground(task.inputs, task.settings.seed)
    refuse(ground.problems())
    world, policy, seed = ground.world, taskwork.probabilities(task.settings), task.settings.seed
    played = await taskwork.made(task, ground.services, Way(lambda number: outline(world, policy, seed, number)))
    taskwork.write(task, ground, played, {})
    return taskwork.close(task, played, "sgd", {})
