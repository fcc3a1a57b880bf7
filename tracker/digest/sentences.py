"""What changed, in one sentence each: made from the data, with whose word it is, and no more than the words say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.days import day_words
from tracker.digest.drafts import Draft
from tracker.digest.witness import Row, Witness
from tracker.render.accusedwords import names_outright
from tracker.render.laws import STAGE_WORDS
from tracker.render.wording import CLAIM_TYPE_WORDS, LEDGER_WORDS, STEP_WORDS, count_words, measure_words, shorten

_QUOTED = 140
"""Characters of a quote within a title."""
_WORDS = 600
"""Of what was and what is."""
_SPOKEN = frozenset({"allegation", "admission", "denial", "statement"})
"""Types whose speaker speaks; of an act it is who acts, of silence who is silent."""
_ANSWERS: Mapping[str, str] = {
    "denied": "{} denied the allegations",
    "declined": "{} declined to comment",
    "no_reply": "A source reports no answer by {}",
    "counter_claim": "{} answered with a charge of its own",
    "admitted": "There is an admission by {}",
}
_FIELDS: Mapping[str, str] = {
    "figure": "a figure",
    "qualifier": "how exact a figure is",
    "speaker": "whose word it is",
    "accused": "who is accused",
    "target": "whose model it is about",
    "date": "a date",
    "status": "whether it is said or denied",
    "type": "what kind of statement it is",
    "words": "its words",
}


_LEFT: Mapping[str, str] = {
    "all": "but other sources of the event still do",
    "part": "of which other sources of the event still say a part",
    "none": "and no other source of the event does",
}


class Sentence(NamedTuple):
    """A title, and what was and what is in words."""

    title: str
    before: str = ""
    after: str = ""


def say(draft: Draft, witness: Witness) -> Sentence:
    """The sentence of a draft."""
    said = _SAYING[draft.kind](draft, witness)
    return Sentence(*(shorten(words, _WORDS) for words in said))


# --- the words of a claim ---------------------------------------------------------------------------------------


def listed(names: Sequence[str]) -> str:
    """Names as one phrase: "A", "A and B", "A, B and C"."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _quoted(texts: Iterable[str]) -> str:
    return listed([f"“{shorten(text, _QUOTED)}”" for text in texts])


def _speaker(row: Row) -> str:
    """Whose word a claim is: with whom it is said for; "" where the page names nobody."""
    name, behalf = row["speaker_name"] or row["speaker"], row["on_behalf_of_name"] or row["on_behalf_of"]
    if name and behalf and name != behalf:
        return f"{name}, for {behalf},"
    return str(name or behalf or "")


def _claim_words(draft: Draft, witness: Witness) -> str:
    """What is said, on whose word, as a sentence without its end."""
    rows = witness.shown(draft.claims)
    if not rows:
        return _reading(draft.about, [draft.who] if draft.who else [], draft.accused, witness)
    row = rows[0]
    type_ = draft.about if draft.about in CLAIM_TYPE_WORDS else row["type"]
    words = witness.texts(draft.event or "", draft.claims, draft.values) if draft.values else []
    figures = f": {_quoted(words[:3])}" if words else ""
    who = _speaker(row) or (witness.name(draft.who) if draft.who else "")
    if type_ == "allegation" and draft.accused:
        return _charge(draft, witness, rows, who) + figures
    kind = CLAIM_TYPE_WORDS[type_].lower()
    by = f"{kind} by {who.rstrip(',')}" if who else f"{kind} without a named speaker, in {row['publisher']}"
    return f"{by[0].upper()}{by[1:]}: {_quoted([row['quote']])}"


def _charge(draft: Draft, witness: Witness, rows: Sequence[Row], who: str) -> str:
    """A charge, by name only where the words are: "operators affiliated with Alibaba" are not Alibaba."""
    names = listed([witness.name(party) for party in draft.accused])
    lesser = sorted((item for item in rows if item["accused_as"]), key=lambda item: item["language"] != "en")
    if not rows[0]["accused_as"] and all(_is_outright(rows[0], party, witness) for party in draft.accused):
        whom, concerns = names, False
    elif lesser:
        own = rows[0] if rows[0]["accused_as"] and rows[0]["language"] == lesser[0]["language"] else lesser[0]
        whom, concerns = f"“{shorten(own['accused_as'], _QUOTED)}”, in words that concern {names}", False
    else:
        whom, concerns = names, True
    if who:
        return f"{who} makes a charge that concerns {whom}" if concerns else f"{who} accuses {whom}"
    kind = "that concerns" if concerns else "against"
    return f"A charge without a named speaker, in {rows[0]['publisher']}, {kind} {whom}"


def _is_outright(row: Row, party: str, witness: Witness) -> bool:
    start = row["start_offset"]
    named = witness.mentions.get(row["id"], ())
    inside = [(m["entity_id"], m["start_offset"] - start, m["end_offset"] - start) for m in named]
    names = (witness.name(party), *(item["alias"] for item in witness.aliases.get(party, ())))
    return names_outright(row["quote"], row["accused_as"], party, names, inside)


# --- what is new ------------------------------------------------------------------------------------------------


def _event(draft: Draft, witness: Witness) -> Sentence:
    rows = witness.shown(draft.claims)
    texts = witness.texts(draft.event or "", [row["id"] for row in rows])
    after = "; ".join(texts[:3]) or (rows[0]["quote"] if rows else "")
    return Sentence(witness.events[draft.event or ""]["title"], after=after)


def _claim(draft: Draft, witness: Witness) -> Sentence:
    rows = witness.shown(draft.claims)
    return Sentence(_claim_words(draft, witness), after=rows[0]["quote"] if rows else "")


def _sources(draft: Draft, witness: Witness) -> Sentence:
    before, now = (count_words(n, "independent source") for n in (draft.sources_before, draft.sources))
    verb = "reports" if draft.sources == 1 else "report"
    if draft.key.startswith("event:"):
        title = witness.events[draft.event or ""]["title"]
        return Sentence(f"{now} now {verb} this event, {draft.sources_before:,} before: {title}", before, now)
    if draft.key.startswith("figure:"):
        words = f"{_quoted(witness.texts(draft.event or '', draft.claims, draft.values))}, {_on_word(draft, witness)}"
    else:
        words = _claim_words(draft, witness)
    return Sentence(f"{now} now {verb} this, {draft.sources_before:,} before: {words}", before, now)


def _figure(draft: Draft, witness: Witness) -> Sentence:
    texts = witness.texts(draft.event or "", draft.claims, draft.values)
    return Sentence(f"A new figure, {_on_word(draft, witness)}: {_quoted(texts)}", after="; ".join(texts))


def _on_word(draft: Draft, witness: Witness) -> str:
    """On whose word a figure is; of an act, who tells of it."""
    row = witness.shown(draft.claims)[0]
    who = _speaker(row).rstrip(",") or (witness.name(draft.who) if draft.who else "")
    if not who:
        return f"without a named speaker, in {row['publisher']}"
    if draft.about in _SPOKEN:
        return f"on the word of {who}"
    return f"reported by {row['publisher']} of what {who} did"


def _conflict(draft: Draft, witness: Witness) -> Sentence:
    sides = []
    for text, key in zip(draft.texts, draft.claims, strict=False):
        row = witness.claims.get(key)
        told = filter(None, (_speaker(row).rstrip(","), f"in {row['publisher']}")) if row else ()
        sides.append(f"“{shorten(text, _QUOTED)}” ({', '.join(told)})")
    return Sentence(f"Two figures cannot both be right: {' and '.join(sides)}", after=draft.about)


def _answer(draft: Draft, witness: Witness) -> Sentence:
    rows = witness.shown(draft.claims)
    name = witness.name(draft.who or "")
    title = _ANSWERS[draft.about].format(name if draft.is_accused else f"{name} (not among the accused)")
    speaker = _speaker(rows[0]).partition(",")[0] if rows else ""
    if speaker and speaker != name and draft.about != "no_reply":
        title += f" (said by {speaker})"
    if rows:
        title += f", {rows[0]['publisher']} reports" if draft.about != "no_reply" else f": {rows[0]['publisher']}"
    if draft.was == "none_found":
        title += "; until now no answer was found in the sources"
    before = LEDGER_WORDS["none_found"] if draft.was == "none_found" else ""
    return Sentence(title, before, rows[0]["quote"] if rows else "")


def _status(draft: Draft, witness: Witness) -> Sentence:
    before, now = (STEP_WORDS[words] for words in (draft.was, draft.about))  # type: ignore[index]
    title = witness.disputes[draft.disputes[0]]["title"]
    return Sentence(f"{title}: now “{now}”, before “{before}”", before, now)


def _stage(draft: Draft, witness: Witness) -> Sentence:
    now = STAGE_WORDS[draft.about]  # type: ignore[index]
    before = STAGE_WORDS[draft.was] if draft.was else ""  # type: ignore[index]
    event = witness.events.get(draft.event or "")
    day = f" ({day_words(date.fromisoformat(event['from_on']))})" if event else ""
    return Sentence(f"{witness.name(draft.law)}: {now}{day}", before, now)


# --- what is otherwise, or gone ---------------------------------------------------------------------------------


def _corrected(draft: Draft, witness: Witness) -> Sentence:
    return _page_change(draft, witness) if draft.about == "page" else _read_otherwise(draft, witness)


def _page_change(draft: Draft, witness: Witness) -> Sentence:
    """By the most telling of what changed, in the page's own words."""
    before, after = (witness.claims[keys[0]] for keys in (draft.claims_before, draft.claims))
    revision = next((r for r in witness.revisions.get(before["id"], ()) if r["after_claim"] == after["id"]), None)
    changes: list[dict[str, Any]] = json.loads(revision["changes"]) if revision else []
    what, was, now = (changes[0][name] for name in ("field", "was", "now")) if changes else ("words", "", "")
    if what in ("speaker", "accused", "target"):
        was, now = _party_words(was, witness), _party_words(now, witness)
    if what in ("words", "status", "type", "qualifier") or not (was or now):
        was, now = before["quote"], after["quote"]
    speaks = what != "speaker" and after["type"] in _SPOKEN and _speaker(after)
    on = f", on the word of {_speaker(after).rstrip(',')}" if speaks else ""
    title = f"{after['publisher']} changed {_FIELDS.get(what, 'its words')}{on}: "
    if not was or not now:
        title += f"“{shorten(was or now, _QUOTED)}” is {'no longer there' if was else 'new'}"
    else:
        title += f"“{shorten(was, _QUOTED)}” is now “{shorten(now, _QUOTED)}”"
    return Sentence(title, was or before["quote"], now or after["quote"])


def _party_words(ids: str, witness: Witness) -> str:
    """Ids as names; what is no id (the page's own words for the accused) stays."""
    return listed([witness.name(key) for key in ids.split(", ")]) if ids else ""


def _read_otherwise(draft: Draft, witness: Witness) -> Sentence:
    rows = witness.shown(draft.claims)
    was = _reading(draft.was, [draft.who] if draft.who else [], draft.accused, witness, _values(draft.values))
    readings = []
    for row in rows or [witness.claims[key] for key in draft.claims[:1] if key in witness.claims]:
        voices = [key for key in (row["speaker"], row["on_behalf_of"]) if key]
        texts = _values(witness.values(draft.event or "", row["id"])) if draft.values else []
        readings.append(_reading(row["type"], voices[-1:], json.loads(row["accused"]), witness, texts))
    now = "; ".join(dict.fromkeys(readings))
    publisher = rows[0]["publisher"] if rows else "a page"
    how = "People corrected how the tracker reads" if draft.about == "people" else "The tracker now reads otherwise"
    return Sentence(f"{how} words in {publisher}: before {was}; now {now}", was, now)


def _reading(
    type_: str, who: Sequence[str], accused: Sequence[str], witness: Witness, texts: Sequence[str] = ()
) -> str:
    """A reading of words: "an allegation by Northwind Labs concerning Umbra"."""
    kind = CLAIM_TYPE_WORDS[type_].lower() if type_ in CLAIM_TYPE_WORDS else "statement"
    words = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    words += f" by {listed([witness.name(key) for key in who])}" if who else " without a named speaker"
    if accused:
        words += f" concerning {listed([witness.name(key) for key in accused])}"
    return f"{words}, with {listed(texts)}" if texts else words


def _values(values: Iterable[str]) -> list[str]:
    """Values as figures with their kinds: "over 24,000 accounts"."""
    found = []
    for value in values:
        kind, low, high, qualifier, unit = value.split("|")
        one, other = (float(end) if end else None for end in (low, high))
        words = measure_words(one, other, qualifier, kind, unit or None)  # type: ignore[arg-type]
        found.append(words if kind in ("money", "percent", "duration", "other") else f"{words} {kind}")
    return found


def _vanished(draft: Draft, witness: Witness) -> Sentence:
    row = next((witness.claims[key] for key in draft.claims_before if key in witness.claims), None)
    if draft.about == "event":
        return Sentence(f"The tracker reads this event in none of its sources any more: {draft.was}", draft.was)
    if draft.about == "claim" or row is None:
        was = _reading(draft.was, [draft.who] if draft.who else [], draft.accused, witness, _values(draft.values))
        return Sentence(f"The tracker reads this in none of the event’s sources any more: {was}", was)
    others = _LEFT.get(draft.was) or _LEFT["none" if row["is_vanished"] else "all"]
    title = f"{row['publisher']} no longer says this, {others}: {_quoted([row['quote']])}"
    return Sentence(title, row["quote"])


def _withdrawn(draft: Draft, witness: Witness) -> Sentence:
    event = witness.events.get(draft.event or "")
    if event is not None:
        return Sentence(f"The tracker’s editors withdrew a claim of the event “{shorten(event['title'])}”")
    day = day_words(date.fromisoformat(draft.happened_on)) if draft.happened_on else ""
    return Sentence(f"The tracker’s editors withdrew an event{f' of {day}' if day else ''}")


_SAYING: Mapping[str, Callable[[Draft, Witness], Sentence]] = {
    "event": _event,
    "claim": _claim,
    "sources": _sources,
    "figure": _figure,
    "conflict": _conflict,
    "status": _status,
    "answer": _answer,
    "corrected": _corrected,
    "vanished": _vanished,
    "stage": _stage,
    "withdrawn": _withdrawn,
}
