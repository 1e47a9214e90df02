"""What a collector is told of an attempt, by the conventions; and nothing of what was said."""

import contextlib
import importlib.util
from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="the extra `otel` is not installed")
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from millstream.chat import Chat, Message, Reply, Request, request
from millstream.commands.observing import observing
from millstream.errors import ChatError, InputError
from millstream.telemetry import traced

SECRET = "my phone is on the table"


class Collector:
    def __init__(self) -> None:
        self.spans, self.reader, self.tracing = InMemorySpanExporter(), InMemoryMetricReader(), TracerProvider()
        self.tracing.add_span_processor(SimpleSpanProcessor(self.spans))
        self.measuring = MeterProvider([self.reader])

    def watch(self, chat: Chat, content: bool = False) -> Chat:
        tracer, meter = self.tracing.get_tracer("t"), self.measuring.get_meter("t")
        return traced(chat, tracer, meter, "openai", content)

    def points(self) -> list[tuple[str, dict[str, Any], float]]:
        data: Any = self.reader.get_metrics_data()
        metrics = data.resource_metrics[0].scope_metrics[0].metrics
        return [(each.name, dict(point.attributes), point.sum) for each in metrics for point in each.data.data_points]


async def good(asked: Request) -> Reply:
    return Reply(("fine",), 11, 3, 4)


async def bad(asked: Request) -> Reply:
    raise ChatError("no", 500)


def asked() -> Request:
    return request("big", [Message("user", SECRET)], stage="play", item="s1", max_tokens=9, n=2, temperature=0.5)


async def test_an_attempt_is_a_span_by_the_conventions() -> None:
    collector = Collector()
    assert (await collector.watch(good)(asked())).text == "fine"
    (span,) = collector.spans.get_finished_spans()
    assert span.name == "chat big" and span.kind.name == "CLIENT"
    assert dict(span.attributes or {}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "big",
        "gen_ai.request.max_tokens": 9,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.choice.count": 2,
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 3,
        "gen_ai.usage.cache_read.input_tokens": 4,
        "millstream.stage": "play",
        "millstream.item": "s1",
    }


async def test_what_was_said_is_told_only_if_asked_for() -> None:
    silent, open_ = Collector(), Collector()
    await silent.watch(good)(asked())
    await open_.watch(good, content=True)(asked())
    assert SECRET not in str(silent.spans.get_finished_spans()[0].to_json())
    told = open_.spans.get_finished_spans()[0].attributes or {}
    assert SECRET in str(told["gen_ai.input.messages"]) and "fine" in str(told["gen_ai.output.messages"])


async def test_seconds_and_tokens_are_measured_and_errors_have_a_type() -> None:
    collector = Collector()
    await collector.watch(good)(asked())
    with pytest.raises(ChatError):
        await collector.watch(bad)(asked())
    points = collector.points()
    used = {attributes["gen_ai.token.type"]: total for name, attributes, total in points if name.endswith("usage")}
    assert used == {"input": 11, "output": 3}
    durations = [attributes for name, attributes, _ in points if name.endswith("duration")]
    assert sorted(each.get("error.type", "") for each in durations) == ["", "500"]
    assert not collector.spans.get_finished_spans()[1].status.is_ok


def test_nothing_is_watched_where_no_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    with observing("openai") as watched:
        assert watched(good) is good


def test_a_collector_without_the_extra_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.suppress(ModuleNotFoundError):
        if importlib.util.find_spec("opentelemetry.exporter.otlp.proto.http"):
            pytest.skip("the exporter is installed")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    with pytest.raises(InputError, match=r"is not installed; pip install"), observing("openai"):
        pass
