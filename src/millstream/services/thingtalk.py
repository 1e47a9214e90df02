"""What a turn means as Genie has it: a dialogue act and the program that is in force (Campagna et al. 2022, section 3).

    $execute; @Teas_1.FindTea(category = "green") => [city];
    $sys_recommend_one; @Teas_1.FindTea(category = "green");

The acts are those of Genie's policy; how ours map on them is an assumption of docs/recipes/thingtalk.md. A target
prints and parses; `executed` says where a dialogue tells what its programs do not give. Knows no words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from millstream.errors import InputError
from millstream.services import program
from millstream.services.annotated import Act, Call, Frame, TaskDialogue, Turn
from millstream.services.knowledge import Knowledge
from millstream.services.program import Program
from millstream.services.schema import IntentSchema, ServiceSchema

USER = ("greet", "execute", "ask_recommend", "learn_more", "cancel", "end")
AGENT = (
    "sys_greet", "sys_search_question", "sys_slot_fill", "sys_recommend_one", "sys_display_result", "sys_empty_search",
    "sys_empty_search_question", "sys_confirm_action", "sys_action_success", "sys_action_error",
    "sys_action_error_question", "sys_anything_else", "sys_end",
)  # fmt: skip
_EXECUTES = {"INFORM_INTENT", "AFFIRM_INTENT", "INFORM", "CORRECT", "AFFIRM", "REQUEST"}


@dataclass(frozen=True)
class Target:
    """`program` None: nothing is wanted of a service."""

    act: str
    program: Program | None = None


def show(target: Target) -> str:
    return f"${target.act};" + (f" {program.show(target.program)}" if target.program else "")


def parse(source: str) -> Target:
    """InputError where it is no target."""
    act, _, rest = source.partition(";")
    if act[:1] != "$" or act[1:] not in (*USER, *AGENT):
        raise InputError(f"no dialogue act: {act!r}", "character 1", "see docs/recipes/thingtalk.md")
    return Target(act[1:], program.parse(rest) if rest.strip() else None)


def targets(dialogue: TaskDialogue, services: Mapping[str, ServiceSchema]) -> list[Target]:
    """One for each turn; an agent's has the program that was in force when it spoke."""
    found: list[Target] = []
    force: Program | None = None
    for turn in dialogue.turns:
        acts = [act for frame in turn.frames for act in frame.acts]
        if turn.role == "user":
            force = next((p for frame in turn.frames if (p := program.meaning(frame))), None)
            found.append(Target(user_act(acts), force))
        else:
            intent = _intent(force, services)
            found.append(Target(agent_act(acts, intent), force))
    return found


def _intent(force: Program | None, services: Mapping[str, ServiceSchema]) -> IntentSchema | None:
    return services[force.service].by_intent.get(force.intent) if force and force.service in services else None


def user_act(acts: Sequence[Act]) -> str:
    names = {act.act for act in acts}
    if names & _EXECUTES:
        return "execute"
    if "REQUEST_ALTS" in names:
        return "ask_recommend"
    if "SELECT" in names:
        return "learn_more"
    if names & {"NEGATE", "NEGATE_INTENT"}:
        return "cancel"
    return "greet" if "CHIT_CHAT" in names else "end"


def agent_act(acts: Sequence[Act], intent: IntentSchema | None) -> str:
    """Of several acts the one that moves the talk on."""
    names = {act.act for act in acts}
    books = intent is not None and intent.transactional
    if "NOTIFY_FAILURE" in names:
        asks = "_question" if names & {"REQUEST", "CONFIRM", "OFFER"} else ""
        return f"sys_action_error{asks}" if books else f"sys_empty_search{asks}"
    if "NOTIFY_SUCCESS" in names:
        return "sys_action_success"
    if "CONFIRM" in names:
        return "sys_confirm_action"
    if "OFFER" in names or ("OFFER_INTENT" in names and "CHIT_CHAT" not in names):
        return "sys_recommend_one"
    if names & {"INFORM", "INFORM_COUNT"}:
        return "sys_display_result"
    if "REQUEST" in names:
        asked = {act.slot for act in acts if act.act == "REQUEST"}
        needed = intent is None or bool(asked & set(intent.required))
        return "sys_slot_fill" if needed else "sys_search_question"
    if "CHIT_CHAT" in names:
        return "sys_greet"
    return "sys_anything_else" if "REQ_MORE" in names else "sys_end"


# --- execution -----------------------------------------------------------------------------------------------


def executed(dialogue: TaskDialogue, knowledge: Knowledge, services: Mapping[str, ServiceSchema]) -> list[str]:
    """A line for each turn in which a program does not print and parse, or a search tells other rows than it gives."""
    found = []
    for n, turn in enumerate(dialogue.turns):
        for frame in turn.frames:
            where = f"turn {n}, {frame.service}"
            found += [f"{where}: {fault}" for fault in _printed(frame)]
            intent = services[frame.service].by_intent.get(frame.call.method) if frame.call else None
            if frame.call and intent and not intent.transactional:
                found += [f"{where}: {fault}" for fault in _told(frame, frame.call, knowledge)]
    return found


def _printed(frame: Frame) -> Iterator[str]:
    made = program.meaning(frame)
    if made and program.parse(program.show(made)) != made:
        yield "its program is another one when it is read again"


def called(service: str, call: Call) -> Program:
    """The program of a call: what the service is really asked."""
    wanted = sorted((slot, tuple(value.split("|"))) for slot, value in call.parameters.items())
    return Program(service, call.method, tuple(wanted))


def _told(frame: Frame, call: Call, knowledge: Knowledge) -> Iterator[str]:
    rows = program.run(program.parse(program.show(called(frame.service, call))), knowledge)
    results = frame.results or ()
    acts: dict[str, list[Act]] = {}
    for act in frame.acts:
        acts.setdefault(act.act, []).append(act)
    if rows[: len(results)] != results or (rows and not results and "OFFER" not in acts):
        yield f"the program gives {len(rows)} rows, and others are told"
    offered = {act.slot: act.values[0] for act in acts.get("OFFER", ())}
    if offered and not any(all(row.get(slot) == value for slot, value in offered.items()) for row in rows):
        yield f"what is offered is no row that the program gives: {offered}"
    if (count := acts.get("INFORM_COUNT")) and count[0].values != (str(len(rows)),):
        yield f"{count[0].values[0]} are told, and the program gives {len(rows)}"
    if "NOTIFY_FAILURE" in acts and rows:
        yield f"nothing is told to be found, and the program gives {len(rows)}"


def annotated(dialogue: TaskDialogue, services: Mapping[str, ServiceSchema]) -> tuple[Turn, ...]:
    """The turns with their target beside them."""
    shown = [show(each) for each in targets(dialogue, services)]
    return tuple(
        Turn(turn.role, turn.text, turn.frames, {**turn.extra, "target": target})
        for turn, target in zip(dialogue.turns, shown, strict=True)
    )
