"""Structured logs, one event a line: the one door for structlog.

Every line carries what is bound where it was written (`bound`): the run's id, the source. Lines of the standard
library's loggers come out the same way. Keys never do: whatever looks like one in an address is masked, and so is the
value of every environment variable whose name says that it is a key.

JSON lines have `timestamp` (ISO 8601, UTC), `level`, `logger`, `event`, and the fields bound or given.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, get_args

import structlog

from tracker.types import SourceReport, StageReport

LogFormat = Literal["text", "json"]
LOG_FORMATS: tuple[LogFormat, ...] = get_args(LogFormat)
MASK = "***"
_SECRET_NAME = re.compile(r"(?i)(?:key|token|secret|password|passwd|credential)s?$")
KEY_PARAMETER = r"(?i)([?&](?:api[_-]?key|key|token|access_token|secret|password|sig|signature)=)"
"""The parameter of an address whose value is a key, to be masked wherever the address is shown."""
_SECRET_PARAMETER = re.compile(KEY_PARAMETER + r"[^&#\s'\"]*")
_SECRET_HEADER = re.compile(
    r"(?i)\b((?:authorization|x-api-key)['\"]?\s*[:=]\s*['\"]?(?:token |bearer |basic )?)[^\s'\",}]+"
)
_LOGIN = re.compile(r"(?i)(\bhttps?://)[^/@\s]+@")
SHORTEST_SECRET = 6
"""A shorter value is no key, and masking it would mangle words."""

_NOISY = {
    "apscheduler": logging.ERROR,  # that a job did not overlap itself is what we want of it
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "procrastinate": logging.CRITICAL,  # how a job ended is told by us, in a line
    "psycopg.pool": logging.ERROR,
}

Event = MutableMapping[str, Any]


class Masking:
    """A processor that masks keys in everything that is written."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        values = {value for name, value in environ.items() if _SECRET_NAME.search(name)}
        self._values = sorted((item for item in values if len(item) >= SHORTEST_SECRET), key=len, reverse=True)

    def __call__(self, logger: object, method: str, event: Event) -> Event:
        """Mask what the event says, field by field."""
        return {name: self._mask_any(value) for name, value in event.items()}

    def _mask_any(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, Mapping):
            return {name: self._mask_any(item) for name, item in value.items()}
        return [self._mask_any(item) for item in value] if isinstance(value, list | tuple) else value

    def mask(self, text: str) -> str:
        """The text without keys."""
        for value in self._values:
            text = text.replace(value, MASK)
        text = _SECRET_PARAMETER.sub(rf"\1{MASK}", text)
        return _LOGIN.sub(rf"\1{MASK}@", _SECRET_HEADER.sub(rf"\1{MASK}", text))


def configure_logs(format: LogFormat, *, level: int = logging.INFO) -> None:
    """Write every event from `level` up to standard error, as lines for people or as JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso" if format == "json" else "%Y-%m-%d %H:%M:%S", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                Masking(os.environ),
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
                if format == "json"
                else _render_text,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _NOISY.items():
        logging.getLogger(name).setLevel(least)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )  # fmt: skip


def _render_text(logger: object, method: str, event: Event) -> str:
    """A line for people: time, source, what happened, then the fields."""
    fields = dict(event)
    time, what = fields.pop("timestamp", ""), fields.pop("event", "")
    level, trace = str(fields.pop("level", "info")), fields.pop("exception", None)
    source = fields.pop("source", None)
    for name in ("logger", "run"):
        fields.pop(name, None)
    shown = " ".join(f"{name}={value}" for name, value in fields.items() if value not in (None, "", 0))
    lead = f"{time}  {'' if level == 'info' else level.upper() + ': '}{f'{source}: ' if source else ''}{what}"
    line = " ".join(filter(None, (lead, shown)))
    # What a host says must neither begin a line of its own nor steer the terminal.
    line = "".join(mark if mark.isprintable() else " " for mark in line)
    return f"{line}\n{trace}" if trace else line


def get_log(name: str) -> Any:
    """A logger of events with fields: `log.info("collected", new=3)`."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Every event that is written within carries these fields, also in the tasks that are begun there."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


_LOG = get_log(__name__)
_COUNTS = ("fetched", "new", "changed", "unchanged", "refused", "failed")


def log_report(report: SourceReport, seconds: float | None = None) -> None:
    """One event for what a source gave, and one for each address that gave nothing."""
    took = {} if seconds is None else {"seconds": round(seconds, 2)}
    if report.skipped:
        _LOG.info("skipped", why=report.skipped)
    elif report.failure:
        _LOG.warning("could not be read", why=report.failure, **took)
    else:
        _LOG.info("collected", **{name: getattr(report, name) for name in _COUNTS}, **took)
    for problem in report.problems:
        if problem.why != report.failure:
            _LOG.info("page", outcome=problem.outcome.value, url=problem.where, why=problem.why)


def log_stage(stage: StageReport, seconds: float | None = None) -> None:
    """One event for what a stage did."""
    took = {} if seconds is None else {"seconds": round(seconds, 2)}
    _LOG.info(stage.stage, done=stage.done, skipped=stage.skipped, failed=len(stage.problems), **took)
    if stage.stage == "reconcile":
        for problem in stage.problems:  # an edit of somebody that is left out must not go unseen
            _LOG.warning("edit left out", where=problem.where, why=problem.why)


def log_reports(sources: Sequence[SourceReport], stages: Sequence[StageReport] = ()) -> None:
    """The events of a whole run."""
    for report in sources:
        with bound(source=report.source):
            log_report(report)
    for stage in stages:
        log_stage(stage)
