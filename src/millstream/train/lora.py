"""A causal language model that learns to answer prompts, through adapters of low rank beside its frozen weights.

LoRA (Hu et al. 2021, section 4.1) as `peft` has it, on the embedded models, whose GGUF files `transformers` unpacks.
It runs on a GPU where there is one, else on the processor. Knows prompts and answers, and nothing of states. Importing
this file needs the extra `tune`.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, NamedTuple

import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

from millstream.errors import InputError
from millstream.train.prompted import Lesson, Messages

LONGEST = 40
"""Tokens of an answer."""
_EVERY = 10
"""Steps between two checkpoints: half a minute of a processor."""

Done = Callable[[int, int], None]
"""(steps done, steps in all)."""


class Plan(NamedTuple):
    """How to tune. `rate` falls to nothing over the one pass; `kept` is the file that a stopped run goes on from."""

    seed: int
    rank: int = 8
    rate: float = 5e-4
    batch: int = 4
    kept: Path | None = None
    done: Done = lambda done, total: None


class Causal:
    """A model and its tokenizer. `name` is the model's, for whoever loads an adapter of it."""

    def __init__(self, model: Any, tokenizer: Any, name: str) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model, self.tokenizer, self.name = model.to(self.device).eval(), tokenizer, name

    def __call__(self, messages: Messages) -> str:
        """The likeliest answer, token by token."""
        text = self._prompt(messages)
        ids = self.tokenizer(text, return_tensors="pt", add_special_tokens=False).to(self.device)
        with torch.no_grad():
            made = self.model.generate(
                **ids, max_new_tokens=LONGEST, do_sample=False, pad_token_id=self.tokenizer.pad_token_id
            )
        return str(self.tokenizer.decode(made[0, ids["input_ids"].shape[1] :], skip_special_tokens=True))

    def _prompt(self, messages: Messages) -> str:
        made = self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
        return str(made)

    def loss(self, lesson: Lesson) -> torch.Tensor:
        """The mean cross-entropy of the answer's tokens, the end among them."""
        answer = self._ids(f"{lesson.answer}{self.tokenizer.eos_token}")
        ids = torch.tensor([self._ids(self._prompt(lesson.messages)) + answer], device=self.device)
        logits = self.model(input_ids=ids, logits_to_keep=len(answer) + 1).logits[0, :-1].float()
        return cross_entropy(logits, ids[0, -len(answer) :])

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def save(self, folder: Path) -> None:
        """The adapter alone, with the name of what it belongs to."""
        self.model.peft_config["default"].base_model_name_or_path = self.name
        self.model.save_pretrained(folder, save_embedding_layers=False)  # else the hub is asked about them


def unpacked(file: Path, name: str) -> Causal:
    """The model of a GGUF file, its weights made whole again."""
    logging.disable_progress_bar()
    kind = torch.bfloat16 if _halves() else torch.float32
    tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=kind)
    return Causal(model, tokenizer, name)


def _halves() -> bool:
    """Does the machine multiply half-wide numbers itself? A processor that does reads a prompt in a third of the time
    and learns a turn in two thirds; one that does not is slower with them. Adapters stay whole."""
    return torch.cuda.is_available() or bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def loaded(base: Causal, folder: Path) -> Causal:
    """The base with the adapter of a folder. InputError where there is none, or one of another model."""
    try:
        told = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        if told["base_model_name_or_path"] != base.name:
            what = f"an adapter of {told['base_model_name_or_path']!r}, not of {base.name!r}"
            raise InputError(what, str(folder), "name its model with --base")
        return Causal(PeftModel.from_pretrained(base.model, folder), base.tokenizer, base.name)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise InputError("no adapter, or torn", str(folder), "train it again: millstream train dst") from error


def tuned(base: Causal, lessons: Sequence[Lesson], plan: Plan) -> Causal:
    """The base with adapters that have seen every lesson once. The base itself is not to be used after it. InputError
    where there is nothing to learn from."""
    if not lessons:
        raise InputError("nothing to learn from: no turn of these services has a state", "", "give more dialogues")
    torch.manual_seed(plan.seed)
    config = LoraConfig(r=plan.rank, lora_alpha=2 * plan.rank, target_modules="all-linear", task_type="CAUSAL_LM")
    learner = Causal(get_peft_model(base.model, config), base.tokenizer, base.name)
    learner.model.train()
    _passed(learner, lessons, plan)
    learner.model.eval()
    return learner


def _passed(learner: Causal, lessons: Sequence[Lesson], plan: Plan) -> None:
    """One pass, from where an earlier one stopped."""
    weights = [each for each in learner.model.parameters() if each.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=plan.rate)
    batches = [lessons[n : n + plan.batch] for n in range(0, len(lessons), plan.batch)]
    mark = _mark(learner, lessons, plan)
    for step in range(_resumed(learner, optimiser, plan.kept, mark), len(batches)):
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * (1 - step / len(batches))
        optimiser.zero_grad()
        for lesson in batches[step]:  # one at a time: a processor gains nothing by padding them, and memory stays small
            (learner.loss(lesson) / len(batches[step])).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        plan.done(step + 1, len(batches))
        if plan.kept and (step + 1) % _EVERY == 0:
            _keep(learner, optimiser, plan.kept, {"mark": mark, "step": step + 1})


def _mark(learner: Causal, lessons: Sequence[Lesson], plan: Plan) -> str:
    """What a checkpoint must agree with: the same lessons in the same order, the same model and plan."""
    told = [learner.name, plan.seed, plan.rank, plan.rate, plan.batch, [tuple(each) for each in lessons]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _keep(learner: Causal, optimiser: torch.optim.Optimizer, kept: Path, told: dict[str, Any]) -> None:
    part = kept.with_name(f"{kept.name}.part")
    weights = get_peft_model_state_dict(learner.model)
    torch.save({**told, "weights": weights, "optimiser": optimiser.state_dict()}, part)
    part.replace(kept)  # whole or not at all


def _resumed(learner: Causal, optimiser: torch.optim.Optimizer, kept: Path | None, mark: str) -> int:
    """The step to go on from: 0 where nothing was kept, or of other lessons. Runs no code of the file."""
    if kept is None or not kept.is_file():
        return 0
    try:
        told = torch.load(kept, map_location=learner.device, weights_only=True)
        if told["mark"] != mark:
            return 0
        set_peft_model_state_dict(learner.model, told["weights"])
        optimiser.load_state_dict(told["optimiser"])
        return int(told["step"])
    except (OSError, EOFError, RuntimeError, UnpicklingError, KeyError, TypeError, ValueError) as error:
        raise InputError("no checkpoint, or torn", str(kept), "remove it: training begins anew") from error
