"""Traces by OpenTelemetry: where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `tracing` is installed.

Everything else about them (sampling, headers, names) is OpenTelemetry's own OTEL_… settings.
"""

import logging
import os
from collections.abc import MutableMapping
from typing import Any

log = logging.getLogger(__name__)

MISSING = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but nothing is traced (%s): pip install '.[tracing]' brings the rest."
_trace: Any = None


def start(part: str) -> bool:
    """Trace this process from now on, if that is wanted; before the first request, and once in each process."""
    global _trace
    if _trace or not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return bool(_trace)
    os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", "health/,metrics$,static/")
    os.environ.setdefault("OTEL_SERVICE_NAME", "slipway")
    try:
        _trace = _set_up(part)
    except ImportError as error:
        log.warning(MISSING, error)
    return bool(_trace)


def _set_up(part: str) -> Any:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"slipway.part": part}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument()
    CeleryInstrumentor().instrument()
    # It looks for a distribution called psycopg2; ours is psycopg2-binary. Statements are told, what is in them is not.
    Psycopg2Instrumentor().instrument(skip_dep_check=True)
    return trace


def add_ids(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """So that a line in the log leads to its trace."""
    if _trace and (context := _trace.get_current_span().get_span_context()).is_valid:
        line["trace_id"], line["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return line
