"""Where spans and metrics go: to the collector that the environment names, where the extra `otel` is installed.

OTEL_EXPORTER_OTLP_ENDPOINT switches them on; OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true adds what was
said. OpenTelemetry is imported only then: it is an extra.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from millstream.chat import Chat
from millstream.commands.release import version
from millstream.errors import InputError

_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"


@contextmanager
def observing(provider: str) -> Iterator[Callable[[Chat], Chat]]:
    """A wrapper for an attempt; one that does nothing where no collector is named. At its end all is sent."""
    if not os.environ.get(_ENDPOINT):
        yield lambda chat: chat
        return
    tracing, measuring = _opened()
    telemetry = importlib.import_module("millstream.telemetry")
    content = os.environ.get(_CONTENT, "").lower() == "true"
    try:
        yield partial(
            telemetry.traced,
            tracer=tracing.get_tracer("millstream", version()),
            meter=measuring.get_meter("millstream", version()),
            provider=provider,
            content=content,
        )
    finally:
        tracing.shutdown()
        measuring.shutdown()


def _opened() -> tuple[Any, Any]:
    """(tracer provider, meter provider) to the collector."""
    otlp = "opentelemetry.exporter.otlp.proto.http"
    try:
        found = [importlib.import_module(each) for each in (f"{otlp}.trace_exporter", f"{otlp}.metric_exporter")]
        trace, metrics = (importlib.import_module(f"opentelemetry.sdk.{each}") for each in ("trace", "metrics"))
        spans, readers = (importlib.import_module(f"{each.__name__}.export") for each in (trace, metrics))
        resources = importlib.import_module("opentelemetry.sdk.resources")
    except ModuleNotFoundError as error:
        what = f"{_ENDPOINT} is set, and {error.name} is not installed"
        raise InputError(what, remedy="pip install 'millstream[otel]', or unset it") from error
    resource = resources.Resource.create({"service.name": "millstream", "service.version": version()})
    tracing = trace.TracerProvider(resource=resource)
    tracing.add_span_processor(spans.BatchSpanProcessor(found[0].OTLPSpanExporter()))
    reader = readers.PeriodicExportingMetricReader(found[1].OTLPMetricExporter())
    return tracing, metrics.MeterProvider([reader], resource=resource)
