"""LoRA on a causal model: one of the tests' own, of four thousand random weights; marked ones have the embedded one."""

import json
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")
pytest.importorskip("torch", reason="the extra `tune` is not installed")
pytest.importorskip("transformers", reason="the extra `tune` is not installed")
pytest.importorskip("peft", reason="the extra `tune` is not installed")
pytest.importorskip("gguf", reason="the extra `tune` is not installed")

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from torch import manual_seed
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import worlds
from millstream import weights
from millstream.errors import InputError
from millstream.train import lora, prompted
from millstream.train.candidates import Lexicon
from millstream.train.lora import Causal, Plan
from millstream.train.prompted import Lesson

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers by an older name
TEMPLATE = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% endfor %}<assistant>"
LEXICONS = {service.name: Lexicon(service, worlds.WORLD.knowledge) for service in worlds.SERVICES}
COLOURS = ("red", "blue", "green", "black")
LESSONS = [Lesson(({"role": "user", "content": f"a {one} boat"},), f"colour={one}") for one in COLOURS] * 25


def tiny(name: str = "tiny") -> Causal:
    """Two layers over single characters; the same every time."""
    letters = {each: n for n, each in enumerate(["<pad>", "<end>", *map(chr, range(10, 127))])}
    words = Tokenizer(models.WordLevel(letters, unk_token="<pad>"))
    words.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    words.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<end>")
    tokenizer.chat_template = TEMPLATE
    manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=len(letters), pad_token_id=0, bos_token_id=None, eos_token_id=1, **sizes)
    return Causal(LlamaForCausalLM(config), tokenizer, name)


def loss(model: Causal, lessons: list[Lesson]) -> float:
    return sum(float(model.loss(each).detach()) for each in lessons) / len(lessons)


def answers(model: Causal) -> list[str]:
    return [model(each.messages) for each in LESSONS[:4]]


def test_it_learns_and_the_base_did_not_know(tmp_path: Path) -> None:
    base = tiny()
    before = loss(base, LESSONS[:4])
    done: list[tuple[int, int]] = []
    learnt = lora.tuned(tiny(), LESSONS, Plan(0, rate=2e-2, done=lambda n, of: done.append((n, of))))
    assert loss(learnt, LESSONS[:4]) < 0.95 * before
    assert done == [(n, 25) for n in range(1, 26)]
    learnt.save(tmp_path)
    again = lora.loaded(tiny(), tmp_path)
    assert answers(again) == answers(learnt) != answers(base)
    told = json.loads((tmp_path / "adapter_config.json").read_text())
    assert told["base_model_name_or_path"] == "tiny"


def test_a_stopped_one_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == 11:
            raise Stopped

    kept, steps = tmp_path / "checkpoint", []
    plan = Plan(3, rate=1e-2, kept=kept)
    few = LESSONS[:52]
    with pytest.raises(Stopped):
        lora.tuned(tiny(), few, plan._replace(done=stop))
    resumed = lora.tuned(tiny(), few, plan._replace(done=lambda n, _: steps.append(n)))
    whole = lora.tuned(tiny(), few, plan._replace(kept=None))
    other = lora.tuned(tiny(), few, plan._replace(kept=None, seed=4))
    assert steps[0] == 11
    assert loss(resumed, few) == loss(whole, few) != loss(other, few)


def test_a_checkpoint_of_other_lessons_or_none(tmp_path: Path) -> None:
    kept, steps = tmp_path / "checkpoint", []
    lora.tuned(tiny(), LESSONS[:48], Plan(0, kept=kept))
    lora.tuned(tiny(), LESSONS[:44], Plan(0, kept=kept, done=lambda n, _: steps.append(n)))
    assert steps[0] == 1, "lessons that are others begin anew"
    kept.write_bytes(kept.read_bytes()[:500])
    with pytest.raises(InputError, match=r"no checkpoint, or torn.*remove it"):
        lora.tuned(tiny(), LESSONS[:48], Plan(0, kept=kept))


def test_what_cannot_be_tuned_or_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to learn from"):
        lora.tuned(tiny(), [], Plan(0))
    with pytest.raises(InputError, match="no adapter, or torn"):
        lora.loaded(tiny(), tmp_path)
    lora.tuned(tiny(), LESSONS[:4], Plan(0)).save(tmp_path)
    with pytest.raises(InputError, match="an adapter of 'tiny', not of 'other'"):
        lora.loaded(tiny("other"), tmp_path)
    (tmp_path / "adapter_model.safetensors").write_bytes(b"torn")
    with pytest.raises(InputError, match="no adapter, or torn"):
        lora.loaded(tiny(), tmp_path)


@pytest.mark.model
@pytest.mark.skipif(not weights.have("smollm2-135m"), reason="smollm2-135m is not on this machine")
def test_the_embedded_model_is_unpacked_and_tuned() -> None:
    model = lora.unpacked(weights.fetch("smollm2-135m"), "smollm2-135m")
    lessons = prompted.lessons(worlds.talks(4), LEXICONS, 8, 0)
    before = loss(model, lessons[:2])
    tuned = lora.tuned(model, lessons[:2] * 4, Plan(0, batch=2))
    assert loss(tuned, lessons[:2]) < before
