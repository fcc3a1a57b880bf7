"""An extractor that asks a larger language model for claims, on top of the rules. Implements `tracker.ports.Extractor`.

The base extractor reads every document, and its names, figures, dates and relevance stand. The model may only add
claims, each of which has to quote the document (remote_check.py); where a model's claim and one of the base are of one
type on the same sentences, the model's reading is kept; what the model does not mention stays. So neither a server
that is down nor a text that tells the model to keep silent takes a claim away.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from tracker.errors import FetchFailed, NotParsable
from tracker.ids import digest_of
from tracker.nlp.gazetteer import load_gazetteer
from tracker.nlp.remote_answer import Dropped, parse_answer
from tracker.nlp.remote_check import ClaimCheck, Rejected
from tracker.nlp.remote_prompt import (
    PROMPT_DIGEST,
    SCHEMA,
    SCHEMA_NAME,
    SYSTEM,
    find_address_to_model,
    render_question,
    visible,
)
from tracker.ports import Extractor
from tracker.types import Claim, Document, Entity, Extraction

_LOG = logging.getLogger(__name__)
_BATCH = 8
_GIVE_UP_AFTER = 3
"""Failures of the server in a row after which the rest of a batch is not sent: an hour of time-outs helps nobody."""
_SHOWN_CHARS = 60


class Completions(Protocol):
    """A door to a language model."""

    @property
    def name(self) -> str:
        """The model and the host that answers for it."""
        ...

    def ask(self, system: str, user: str, schema_name: str, schema: Mapping[str, Any]) -> str:
        """The model's answer as text.

        Raises:
            FetchFailed: no answer.
            NotParsable: an answer that is of no use.
        """
        ...


@dataclass(frozen=True, slots=True)
class RemoteReport:
    """What came of asking the model about one document."""

    document_id: str
    accepted: int = 0
    dropped: tuple[Dropped, ...] = ()
    fallback: str | None = None
    """Why the base extractor's claims stand alone."""
    is_cut: bool = False
    """Only the beginning of the text was sent."""


def log_report(report: RemoteReport) -> None:
    """Tell the log: a warning where something was dropped or failed. The words are the model's, so they are quoted."""
    if report.fallback is not None:
        _LOG.warning("%s: the rules' claims stand alone: %s", report.document_id, report.fallback)
        return
    level = logging.WARNING if report.dropped else logging.INFO
    cut = "; only the beginning of the text was sent" if report.is_cut else ""
    whole = sum(item.what == "claim" for item in report.dropped)
    _LOG.log(level, "%s: %d claims of the model taken, %d not%s", report.document_id, report.accepted, whole, cut)
    for item in report.dropped:
        words = item.words if len(item.words) <= _SHOWN_CHARS else f"{item.words[: _SHOWN_CHARS - 1]}…"
        _LOG.warning("%s: dropped a %s: %s: %a", report.document_id, item.what, item.why, words)


class RemoteExtractor:
    """The claims of a larger model over a base extractor that stands on its own.

    `max_document_chars` of a text are sent. `tell` gets one report for each document that was to be asked about.
    """

    def __init__(
        self,
        base: Extractor,
        completions: Completions,
        *,
        gazetteer: Path | None = None,
        max_document_chars: int = 60_000,
        tell: Callable[[RemoteReport], None] = log_report,
    ) -> None:
        self._base = base
        self._completions = completions
        self._gazetteer = load_gazetteer(gazetteer)
        self._max_document_chars = max_document_chars
        self._tell = tell

    @cached_property
    def name(self) -> str:
        """Model, host, what is asked and how much is sent, and the base: changes whenever one of them does."""
        asked = digest_of(PROMPT_DIGEST, str(self._max_document_chars), length=8)
        return f"remote:{self._completions.name}#{asked}+{self._base.name}"

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The gazetteer's entities."""
        return self._gazetteer.entities()

    def extract(self, document: Document) -> Extraction:
        """Everything read out of one document, as `extract_all` does.

        Raises:
            ModelMissing: the base's pipeline is not installed.
        """
        return next(iter(self.extract_all([document])))

    def extract_all(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """Extractions in the order of the documents. Whatever the model's server does, each document gets one.

        Raises:
            ModelMissing: the base's pipeline is not installed.
        """
        rest = iter(documents)
        counts: Counter[str] = Counter()
        failures = 0
        while batch := list(islice(rest, _BATCH)):
            for document, read in zip(batch, self._base.extract_all(batch), strict=True):
                if read.relevance == "irrelevant":
                    yield read
                    continue
                if failures >= _GIVE_UP_AFTER:
                    counts["not sent"] += 1
                    self._tell(RemoteReport(document.id, fallback="not sent, the server failed too often before"))
                    yield read
                    continue
                extraction, report, is_up = self._ask(document, read)
                failures = 0 if is_up else failures + 1
                counts["left to the rules" if report.fallback else "answered"] += 1
                counts["claims taken"] += report.accepted
                counts["claims dropped"] += sum(item.what == "claim" for item in report.dropped)
                self._tell(report)
                yield extraction
        if counts:
            _LOG.info("%s: %s", self._completions.name, ", ".join(f"{n} {what}" for what, n in counts.items()))

    def _ask(self, document: Document, read: Extraction) -> tuple[Extraction, RemoteReport, bool]:
        """(extraction, report, whether the server is up)."""
        seen = visible(f"{document.title}\n{document.publisher}\n{document.text}")
        if (words := find_address_to_model(seen)) is not None:
            why = f"not sent, the text speaks to machines that read it: {words[:_SHOWN_CHARS]!a}"
            return read, RemoteReport(document.id, fallback=why), True
        question = render_question(document, self._max_document_chars)
        try:
            answer = self._completions.ask(SYSTEM, question.user, SCHEMA_NAME, SCHEMA)
        except FetchFailed as exc:
            return read, RemoteReport(document.id, fallback=exc.detail), False
        except NotParsable as exc:
            return read, RemoteReport(document.id, fallback=exc.detail), True
        try:
            proposed, dropped = parse_answer(answer)
        except NotParsable as exc:
            return read, RemoteReport(document.id, fallback=exc.detail), True
        check = ClaimCheck(document, question.text, read, self._gazetteer)
        accepted: list[Claim] = []
        for item in proposed:
            try:
                accepted.append(check.check(item, dropped))
            except Rejected as exc:
                dropped.append(Dropped("claim", str(exc), item.quote))
        accepted = list(dict.fromkeys(accepted))
        report = RemoteReport(document.id, len(accepted), tuple(dropped), is_cut=question.is_cut)
        return replace(read, claims=join_claims(read.claims, accepted)), report, True


def join_claims(base: Iterable[Claim], added: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims of both, in the order of the text.

    Where both have claims of one type on the same sentences, those added stand instead; but one that says what a
    claim of the base says is that claim, which knows how sure it is.
    """
    added = list(added)
    base = list(base)
    joined = [claim for claim in base if not any(_same_place(claim, other) for other in added)]
    joined += [next((other for other in base if _same_words(claim, other)), claim) for claim in added]
    return tuple(sorted(dict.fromkeys(joined), key=lambda claim: (claim.start, claim.end)))


def _same_place(one: Claim, other: Claim) -> bool:
    return one.type == other.type and one.start < other.end and other.start < one.end


def _same_words(one: Claim, other: Claim) -> bool:
    return _same_place(one, other) and (
        one.speaker,
        set(one.accused),
        one.accused_as,
        set(one.target),
        one.status,
        set(one.quantities),
        set(one.dates),
        set(one.via),
    ) == (
        other.speaker,
        set(other.accused),
        other.accused_as,
        set(other.target),
        other.status,
        set(other.quantities),
        set(other.dates),
        set(other.via),
    )
