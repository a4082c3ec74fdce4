"""Traces of requests and jobs, sent over OTLP where the standard variables of OpenTelemetry say so.

Without `OTEL_EXPORTER_OTLP_ENDPOINT` nothing is set up and a span costs nothing. With it, requests are traced
by the framework and jobs here; both carry the same service name (`OTEL_SERVICE_NAME`, default tallystick).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"


def configure() -> bool:
    """Send spans where the environment says; False where it says nothing. Once per process."""
    if not os.environ.get(ENDPOINT):
        return False
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return True
    os.environ.setdefault("OTEL_SERVICE_NAME", "tallystick")
    provider = TracerProvider(resource=Resource.create())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


def flush() -> None:
    """Send what waits, before the process ends."""
    end = getattr(trace.get_tracer_provider(), "shutdown", None)
    if end is not None:
        end()


@contextmanager
def job(kind: str, number: int) -> Iterator[None]:
    """A span around a job."""
    with trace.get_tracer("tallystick").start_as_current_span(f"job {kind}") as span:
        span.set_attribute("tallystick.job", number)
        yield
