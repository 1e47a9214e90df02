"""Spans and metrics of every attempt, by OpenTelemetry's conventions for generative AI (gen_ai.*).

What was said is not in them unless asked for. Importing it needs the extra `otel`. Knows no exporter: whoever opens it
says where they go (commands/observing.py).
"""

import json
import time
from typing import Any

from opentelemetry.metrics import Meter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from millstream.chat import Chat, Reply, Request
from millstream.errors import ChatError

_SENT = {
    "max_tokens": "max_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "seed": "seed",
    "n": "choice.count",
}
"""Keys of a request and what the conventions call them, behind gen_ai.request."""
_BOUNDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
"""Seconds; the buckets that the conventions advise."""


def traced(chat: Chat, tracer: Tracer, meter: Meter, provider: str, content: bool = False) -> Chat:
    """A span and two measurements an attempt. `content`: the messages, too."""
    seconds = meter.create_histogram(
        "gen_ai.client.operation.duration", "s", explicit_bucket_boundaries_advisory=_BOUNDS
    )
    tokens = meter.create_histogram("gen_ai.client.token.usage", "{token}")

    async def ask(asked: Request) -> Reply:
        body = json.loads(asked.body)
        common = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": str(body.get("model", "")),
        }
        started, wrong = time.perf_counter(), {}
        with tracer.start_as_current_span(f"chat {body.get('model', '')}", kind=SpanKind.CLIENT) as span:
            span.set_attributes({**common, **_of(asked, body)})
            if content:
                span.set_attribute("gen_ai.input.messages", json.dumps(body["messages"], ensure_ascii=False))
            try:
                reply = await chat(asked)
            except ChatError as error:
                wrong = {"error.type": str(error.status or type(error).__name__)}
                span.set_attributes(wrong)
                span.set_status(Status(StatusCode.ERROR))
                raise
            finally:
                seconds.record(time.perf_counter() - started, {**common, **wrong})
            _note(span, reply, content)
        for kind, count in (("input", reply.tokens_in), ("output", reply.tokens_out)):
            tokens.record(count, {**common, "gen_ai.token.type": kind})
        return reply

    return ask


def _of(asked: Request, body: dict[str, Any]) -> dict[str, Any]:
    sent = {f"gen_ai.request.{word}": body[key] for key, word in _SENT.items() if body.get(key) is not None}
    return {**sent, "millstream.stage": asked.stage, "millstream.item": asked.item}


def _note(span: Span, reply: Reply, content: bool) -> None:
    span.set_attribute("gen_ai.usage.input_tokens", reply.tokens_in)
    span.set_attribute("gen_ai.usage.output_tokens", reply.tokens_out)
    span.set_attribute("gen_ai.usage.cache_read.input_tokens", reply.tokens_cached)
    if content:
        said = [{"role": "assistant", "content": text} for text in reply.texts]
        span.set_attribute("gen_ai.output.messages", json.dumps(said, ensure_ascii=False))
