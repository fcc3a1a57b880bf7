"""Every error that the tracker raises on purpose, in one tree.

    TrackerError
    +-- InputError              exit code 2: somebody can mend what they gave us
    |   +-- ConfigError         config.yaml: names the file, the line, the key and what was expected
    |   +-- UnknownSource       a source name that config.yaml does not hold
    |   +-- UnreadableInput     a file that cannot be opened, decoded or parsed at all
    |   +-- QueryRefused        SQL that is wrong, would write, or costs more than it may
    |   |   +-- QueryTooSlow    a query that takes longer than it may
    |   +-- ModelMissing        nlp.model names a pipeline that is not installed
    +-- StoreError              exit code 2: the database or the disk does not let us work
    |   +-- StoreLocked         another run holds the data folder
    |   +-- StoreUnusable       not a database, not writable, disk full
    |   |   +-- RecordLost      a record of the archive that is gone or damaged: it costs its own page, never a run
    |   +-- StoreNewer          written by a newer version of the tracker
    +-- OutputUnusable          exit code 2: a file or folder that we were told to write cannot be written or replaced
    +-- WorkerLost              exit code 2: a process that worked for this one was ended from outside
    +-- BuildRefused            exit code 2: a publish gate found the built site wrong; the old one stays
    +-- SpanMismatch            exit code 1: a span that does not hold the words it claims (our bug)
    +-- FetchError              a value in the run report, never the end of a run
        +-- Refused             robots.txt, 401, 403, 451, a challenge page, a spent budget, an address out of bounds
        +-- FetchFailed         no answer, an error status, a body that breaks a limit
        +-- NotParsable         the answer came, but it is not what the source promised
        +-- KeyMissing          a source whose key is not in the environment: it is skipped, not failed

The class docstring is the message; `str(error)` adds what, where and what to do.
"""

from __future__ import annotations

from typing import Any


class TrackerError(Exception):
    """Something went wrong."""

    exit_code = 1

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        message = (type(self).__doc__ or "").strip()
        return f"{message.rstrip('.')}: {self.detail}" if self.detail else message


class InputError(TrackerError):
    """The input cannot be used."""

    exit_code = 2


class ConfigError(InputError):
    """The configuration is wrong."""


class UnknownSource(InputError):
    """There is no such source."""


class UnreadableInput(InputError):
    """The input cannot be read."""


class QueryRefused(InputError):
    """The query cannot be answered."""


class QueryTooSlow(QueryRefused):
    """The query cannot be answered in time."""


class ModelMissing(InputError):
    """The language model is not installed."""


class StoreError(TrackerError):
    """The data folder cannot be used."""

    exit_code = 2


class StoreLocked(StoreError):
    """Another run is using the data folder."""


class StoreUnusable(StoreError):
    """The database cannot be read or written."""


class RecordLost(StoreUnusable):
    """The archived page is lost."""


class StoreNewer(StoreError):
    """The database was written by a newer version of the tracker."""


class OutputUnusable(TrackerError):
    """The output cannot be written."""

    exit_code = 2


class WorkerLost(TrackerError):
    """A process that worked for this one was ended, so nothing was changed."""

    exit_code = 2


class BuildRefused(TrackerError):
    """The built site is wrong, so the old one stays."""

    exit_code = 2


class SpanMismatch(TrackerError):
    """A span does not hold the words that it claims."""


class FetchError(TrackerError):
    """The page could not be had."""

    outcome = "failed"
    """`types.Outcome` of the attempt."""
    default_reason = "failed"

    def __init__(
        self,
        detail: str = "",
        *,
        reason: str | None = None,
        status: int | None = None,
    ) -> None:
        """Say why.

        Args:
            detail: what, where and what to do, for people.
            reason: a short code, for health and metrics. Of Refused: `robots`, `forbidden`, `login`, `legal`,
                `challenge`, `budget`, `address`. Of FetchFailed: `timeout`, `dns`, `tls`, `connection`, `status`,
                `busy`, `held`, `cut`, `too_large`, `damaged`, `redirects`, `key_refused`. Of NotParsable:
                `not_parsable`, `api_error`, `layout`. Of KeyMissing: `no_key`.
            status: the HTTP status, if an answer came.
        """
        super().__init__(detail)
        self.reason = reason or self.default_reason
        self.status = status
        self.answer: Any = None
        """The answer that was refused or of no use, as a `types.Response`; None if none came whole."""
        self.before: tuple[Any, ...] = ()
        """What else came on the way, as `types.Response.before`."""
        self.elapsed_ms: int | None = None
        """How long the host was asked in vain; None where it was not asked at all."""


class Refused(FetchError):
    """The host does not want us to have this page."""

    outcome = "refused"
    default_reason = "refused"


class FetchFailed(FetchError):
    """The page could not be fetched."""


class NotParsable(FetchError):
    """The answer is not what the source promised."""

    default_reason = "not_parsable"


class KeyMissing(FetchError):
    """The source wants a key that the environment does not hold."""

    outcome = "skipped"
    default_reason = "no_key"
