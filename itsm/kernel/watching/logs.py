"""Logs: a line of JSON per event with request, actor and route or job and task; what is secret is struck out.

Works for `logging` everywhere, libraries included; what `structlog.contextvars` knows goes into each line.
"""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from itsm.kernel.watching import tracing

FORMATS = ("json", "console")
STRUCK_OUT = "[redacted]"
NAMES = "authorization|cookie|sessionid|csrftoken|token|password|passwd|secret|api[_-]?key|private[_-]?key"
SECRET_NAME = re.compile(rf"{NAMES}|credential", re.IGNORECASE)
# An id of a token tells nothing that opens a door.
HARMLESS = frozenset({"token_id"})
# `password=…`, `"token": "…"`, `Authorization: Bearer …` within a sentence; user:password@ within an address.
SECRET_TEXT = re.compile(
    rf"(?P<name>\b[\w-]*(?:{NAMES})[\w-]*[\"']?\s*[=:]\s*[\"']?(?:(?:token|bearer|basic)\s+)?)(?P<value>[^\s,;&\"']+)",
    re.IGNORECASE,
)
SECRET_ADDRESS = re.compile(r"(://[^\s/:@]*:)[^\s/@]+@")


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> dict[str, Any]:
    """The last step before a line is written, so that nothing comes after it."""
    return {name: _without_secrets(value, name) for name, value in line.items()}


def _without_secrets(value: Any, name: str = "") -> Any:
    if name not in HARMLESS and SECRET_NAME.search(name):
        return STRUCK_OUT
    if isinstance(value, dict):
        return {inner: _without_secrets(item, str(inner)) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(item) for item in value]
    if isinstance(value, str):
        return SECRET_ADDRESS.sub(rf"\1{STRUCK_OUT}@", SECRET_TEXT.sub(rf"\g<name>{STRUCK_OUT}", value))
    return value


STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    tracing.add_ids,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
]


def config(form: str, level: str) -> dict[str, Any]:
    """The LOGGING setting."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
    }


def formatter(form: str) -> structlog.stdlib.ProcessorFormatter:
    end: Any = structlog.processors.JSONRenderer(default=str)
    if form == "console":
        end = structlog.dev.ConsoleRenderer(
            colors=False, timestamp_key="time", exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=STEPS,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            end,
        ],
    )
