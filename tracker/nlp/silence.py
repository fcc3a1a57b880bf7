"""Frames of silence: comment declined or not given, one for each silent party."""

from __future__ import annotations

import re

from tracker.nlp.frames import Frame, SentenceReader
from tracker.nlp.lexicon import pattern_of
from tracker.nlp.phrases import Phrase, subject_phrase


def read_silence(r: SentenceReader) -> list[Frame]:
    """no_response: comment declined or not given, one for each silent party."""
    pattern = pattern_of("claims", "no_response_text")
    if not pattern.search(r.s.text):
        return []
    frames: list[Frame] = []
    seen: set[str | None] = set()
    for match in pattern.finditer(r.s.text):
        start = r.s.start + match.start()
        speakers = _silent(r, match.group(), start, r.s.start + match.end())
        for token in r.d.view.tokens_in(start, r.s.start + match.end()):
            r.used.add(token.i)
        speakers = [who for who in speakers if who[0] not in seen and not r.d.is_publisher(who[0])]
        everyone = {i for ids in r.d.accused_of.values() for i in ids} | set(r.d.accused)
        among = bool({who[0] for who in speakers} & everyone) or any(m.entity_id in everyone for m in r.mentions)
        seen |= {who[0] for who in speakers}
        for who in speakers:
            # where nobody of the silent is accused, the sentence does not say what they were asked about
            accused = _accused_of_silence(r, who[0]) if among else ()
            frames.append(
                Frame(
                    "no_response",
                    [who],
                    accused,
                    status="asserted",
                    via=r.via if "according to" in r.s.text.lower() else (),
                    extra={"whole": "1"},
                    features=("cue-only",),
                )
            )
    return frames


def _silent(r: SentenceReader, words: str, start: int, end: int) -> list[tuple[str | None, str | None]]:
    text = r.d.view.text
    after = text[end : r.s.end]
    found: list[tuple[str | None, str | None]] = []
    lead = re.match(r"[^.;]{0,40}?\b(?:from|by|of|sent to|put to|for) ", after)
    if (
        re.search(r"include any|unanswered|no (?:immediate )?(?:comment|response|reply|answer|word)|silence", words)
        and lead
    ):
        parties = r.d.parties_in(
            end + lead.end() - 1, clause_end(text, end + lead.end(), r.s.end, r" regarding | about | on | to ")
        )
        found = [(m.entity_id, None) for m in parties]
        if found:
            return found
    opening = re.match(
        r"(?:none|neither|nobody) of (.+?) (?:had|has|have|responded|replied|commented"
        r"|answered|would|agreed|offered)\b",
        words,
        re.I,
    )
    if opening:
        begin = start + opening.start(1)
        named = r.d.parties_in(begin, start + opening.end(1))
        ids = tuple(m.entity_id for m in named) or r.d.resolve_text(opening.group(1), begin)
        return [(i, None) for i in ids]
    neither = re.search(r"\b(?:neither|nor) (?:did|has|had|have|was|were|would) (.+?)(?:[.;]|$)", after)
    subject = _subject_before(r, start)
    found = r.who(subject)
    if (
        subject is not None
        and re.match(r"(?:none|neither|nobody|no one)\b", subject.text, re.I)
        and not r.d.parties_in(subject.start, subject.end)
    ):
        ids = r.d.resolve_text(re.sub(r"^(?:none|neither) of ", "", subject.text, flags=re.I), subject.start)
        found = [(i, None) for i in ids]
    if neither:
        begin = end + neither.start(1)
        found += [(m.entity_id, None) for m in r.d.parties_in(begin, end + neither.end(1))]
    return found


def clause_end(text: str, start: int, end: int, stop: str) -> int:
    """The offset at which a pattern first matches in a span, else the span\'s end."""
    match = re.search(stop, text[start:end])
    return start + match.start() if match else end


def _subject_before(r: SentenceReader, start: int) -> Phrase | None:
    """The subject of the verb that begins at an offset, by the parse, or the names that stand before it."""
    view = r.d.view
    clause_start = max(
        [
            r.s.start,
            *(
                r.s.start + m.end()
                for m in re.finditer(r"; |, while |, but |, and (?=(?:the |its )?[A-Z])", r.s.text)
                if r.s.start + m.end() <= start and _has_verb_between(r, r.s.start + m.end(), start) is False
            ),
        ]
    )
    for token in view.tokens_in(start, min(r.s.end, start + 40)):
        if token.pos_ in ("VERB", "AUX", "ADJ", "NOUN"):
            head = token if token.pos_ == "VERB" or token.dep_ not in ("aux", "cop") else token.head
            phrase = subject_phrase(head)
            if phrase is not None and clause_start <= phrase.start < start:
                wider = Phrase(clause_start, start, view.text[clause_start:start].strip(" ,"), phrase.head)
                names = r.d.parties_in(clause_start, start)
                inside = r.d.parties_in(phrase.start, phrase.end)
                if (
                    inside
                    and len(names) > len(inside)
                    and re.fullmatch(r"(?:[^;.]*)", wider.text)
                    and not re.search(r"\b(?:said|told|accused|that|after|when|where|alleged)\b", wider.text)
                ):
                    return wider
                return phrase
            if token.pos_ == "VERB":
                break
    tokens = view.tokens_in(clause_start, start)
    if not tokens:
        return None
    text = view.text[clause_start:start].strip(" ,")
    return Phrase(clause_start, start, text, tokens[-1]) if text else None


def _has_verb_between(r: SentenceReader, start: int, end: int) -> bool:
    return any(t.pos_ == "VERB" and t.tag_ in ("VBD", "VBZ", "VBP") for t in r.d.view.tokens_in(start, end))


def _accused_of_silence(r: SentenceReader, speaker: str | None) -> tuple[str, ...]:
    everyone = {i for ids in r.d.accused_of.values() for i in ids} | set(r.d.accused)
    if speaker in everyone and speaker is not None:
        return (speaker,)
    return r.d.accused
