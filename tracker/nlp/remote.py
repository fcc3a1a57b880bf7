"""An extractor that asks a larger language model for claims, on top of the rules. Implements `tracker.ports.Extractor`.

The base extractor reads every document, and its names, figures, dates and relevance stand. The model may only add
claims, each of which has to quote the document (remote_check.py). Where one of them and one of the base are of one
type on the same sentences, the surer of the two stands; what the model does not mention stays in any case. So neither
a server that is down nor a text that tells the model to keep silent takes a claim away. How sure the model is held to
be is a setting, and low enough at first that its claims wait for review.
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
_GIVEN_UP = "not sent, the server failed too often before"
FEATURES = ("larger-model",)
"""By what the confidence of the model's claims was judged: by whose they are alone."""


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
    is_given_up: bool = False
    """The server had failed too often before to be asked about this one."""


def log_report(report: RemoteReport) -> None:
    """Tell the log: a warning where something was dropped or failed. The words are the model's, so they are quoted."""
    if report.fallback is not None:
        level = logging.INFO if report.is_given_up else logging.WARNING  # the end of the batch counts those
        _LOG.log(level, "%s: the rules' claims stand alone: %s", report.document_id, report.fallback)
        return
    level = logging.WARNING if report.dropped else logging.INFO
    cut = "; only the beginning of the text was sent" if report.is_cut else ""
    whole = sum(item.what == "claim" for item in report.dropped)
    _LOG.log(level, "%s: %d claims of the model taken, %d not%s", report.document_id, report.accepted, whole, cut)
    for item in report.dropped:
        words = item.words if len(item.words) <= _SHOWN_CHARS else f"{item.words[: _SHOWN_CHARS - 1]}…"
        _LOG.warning("%s: dropped a %s: %s: %r", report.document_id, item.what, item.why, words)


class RemoteExtractor:
    """The claims of a larger model over a base extractor that stands on its own.

    `max_document_chars` of a text are sent. `confidence`, from 0 to 1, is that of each claim that the model adds.
    `tell` gets one report for each document that was to be asked about.
    """

    def __init__(
        self,
        base: Extractor,
        completions: Completions,
        *,
        gazetteer: Path | None = None,
        max_document_chars: int = 60_000,
        confidence: float = 0.4,
        tell: Callable[[RemoteReport], None] = log_report,
    ) -> None:
        self._base = base
        self._completions = completions
        self._gazetteer = load_gazetteer(gazetteer)
        self._max_document_chars = max_document_chars
        self._confidence = confidence
        self._tell = tell

    @cached_property
    def name(self) -> str:
        """Model, host, what is asked, sent and believed, and the base: changes whenever one of them does."""
        asked = digest_of(PROMPT_DIGEST, str(self._max_document_chars), str(self._confidence), length=8)
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
                    self._tell(RemoteReport(document.id, fallback=_GIVEN_UP, is_given_up=True))
                    yield read
                    continue
                extraction, report, is_up = self._ask(document, read)
                failures = 0 if is_up else failures + 1
                counts["left to the rules" if report.fallback else "documents answered"] += 1
                counts["claims taken"] += report.accepted
                counts["claims dropped"] += sum(item.what == "claim" for item in report.dropped)
                self._tell(report)
                yield extraction
        if counts:
            is_whole = not any(counts[what] for what in ("left to the rules", "not sent", "claims dropped"))
            told = ", ".join(f"{what}: {n}" for what, n in counts.items() if n)
            _LOG.log(logging.INFO if is_whole else logging.WARNING, "%s: %s", self._completions.name, told)

    def _ask(self, document: Document, read: Extraction) -> tuple[Extraction, RemoteReport, bool]:
        """(extraction, report, whether the server is up)."""
        seen = visible(f"{document.title}\n{document.publisher}\n{document.text}")
        if (words := find_address_to_model(seen)) is not None:
            why = f"not sent, the text speaks to machines that read it: {words[:_SHOWN_CHARS]!r}"
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
                accepted.append(replace(check.check(item, dropped), confidence=self._confidence, features=FEATURES))
            except Rejected as exc:
                dropped.append(Dropped("claim", str(exc), item.quote))
        claims, outweighed = join_claims(read.claims, dict.fromkeys(accepted))
        dropped += [Dropped("claim", "the rules read it otherwise and are surer", claim.text) for claim in outweighed]
        taken = len(dict.fromkeys(accepted)) - len(outweighed)
        report = RemoteReport(document.id, taken, tuple(dropped), is_cut=question.is_cut)
        return replace(read, claims=claims), report, True


def join_claims(base: Iterable[Claim], added: Iterable[Claim]) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """(the claims of both in the order of the text, those added that the base outweighs).

    Where both have claims of one type on the same sentences, or the base saw but a statement of the same speaker, the
    surer stand, and those added where they are as sure. A claim without a confidence counts as sure. An added claim
    that says what one of the base says is that claim.
    """
    base, added = list(base), list(added)
    agreed = [old for old in base if any(_says_the_same(new, old) for new in added)]
    others = [new for new in added if not any(_says_the_same(new, old) for old in base)]
    outweighed = [new for new in others if any(_replaces(new, old) and _sureness(old) > _sureness(new) for old in base)]
    taken = [new for new in others if new not in outweighed]
    kept = [old for old in base if old in agreed or not any(_replaces(new, old) for new in taken)]
    return tuple(sorted([*kept, *taken], key=lambda claim: (claim.start, claim.end))), tuple(outweighed)


def _sureness(claim: Claim) -> float:
    return 1.0 if claim.confidence is None else claim.confidence


def _replaces(new: Claim, old: Claim) -> bool:
    if new.start >= old.end or old.start >= new.end:
        return False
    return new.type == old.type or (old.type == "statement" and new.speaker == old.speaker)


def _says_the_same(new: Claim, old: Claim) -> bool:
    return _replaces(new, old) and _content(new) == _content(old)


def _content(claim: Claim) -> tuple[object, ...]:
    sets = (claim.accused, claim.target, claim.quantities, claim.dates, claim.via)
    return (claim.type, claim.speaker, claim.accused_as, claim.status, *(frozenset(item) for item in sets))
