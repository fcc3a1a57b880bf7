"""Frames of accusing: verbs and idioms of accusing, accusations that are nouns, figures passed on."""

from __future__ import annotations

import re

from spacy.tokens import Token

from tracker.nlp.content import TRAFFIC, root_of
from tracker.nlp.frames import Frame, SentenceReader, has, lemma
from tracker.nlp.lexicon import cues_of
from tracker.nlp.phrases import Phrase, agent_phrase, is_negated, is_passive, noun_phrase, objects_of, subject_phrase
from tracker.nlp.silence import clause_end

_POINT = re.compile(
    r"point(?:s|ed|ing)? (?:the|a) finger at|level(?:s|led|ed|ling)? (?:the same "
    r"|a similar |similar |its |the )?(?:charges?|accusations?|allegations?) (?:at"
    r"|against)|singl(?:es|ed|ing) out|take aim at|took aim at|lodged (?:a "
    r"|its )?(?:\w+ )?complaint (?:about|against)|complain(?:s|ed"
    r"|ing)?(?: \w+){0,3} (?:about|of)"
)


_MADE_CLAIMS = re.compile(
    r"\b(?:made|makes|make|raised|repeated|described|outlined|levelled|leveled) (?:a |an "
    r"|the )?(?:comparable|similar|the same|identical|like|parallel|such) (?:claims?"
    r"|allegations?|accusations?|charges?|activit\w+|complaints?|case|conduct)\b"
)


def read_accusations(r: SentenceReader) -> list[Frame]:
    """ "X accused Y of ...", "Y was accused by X", "X pointed the finger at Y", "attributed to Y"."""
    frames: list[Frame] = read_outlet_figures(r)
    accuse = cues_of("claims", "accuse")
    for token in r.tokens:
        if lemma(token) in accuse and token.pos_ in ("VERB", "AUX") and token.i not in r.used:
            frame = _accuse(r, token)
            if frame is not None:
                frames.append(frame)
    for match in _POINT.finditer(r.s.text):
        frame = _point(r, r.s.start + match.start(), r.s.start + match.end())
        if frame is not None:
            frames.append(frame)
    same = _MADE_CLAIMS.search(r.s.text)
    if same:
        frame = _same_claims(r, r.s.start + same.start())
        if frame is not None:
            frames.append(frame)
    r.alleged = {speaker for frame in frames for speaker, _ in frame.speakers}
    r.charged = {party for frame in frames for party in frame.accused}
    return frames


def read_outlet_figures(r: SentenceReader) -> list[Frame]:
    """ "A gives roughly 25,000 accounts, B nearly 25,000": the accuser's figure as several outlets have it."""
    if r.d.accuser is None or not TRAFFIC.search(r.s.text):
        return []
    frames: list[Frame] = []
    for index, quantity in r.quantities:
        if quantity.kind not in ("accounts", "exchanges"):
            continue
        before = r.d.view.text[max(r.s.start, quantity.start - 40) : quantity.start]
        lead = re.search(r"(?:gives|gave|has|had|puts? it at|reported|reports|says|said|counts|cites)? ?$", before)
        outlet = next(
            (
                m
                for m in r.mentions
                if m.type == "publisher"
                and lead
                and m.end <= quantity.start
                and not r.d.view.text[m.end : max(m.end, quantity.start - len(lead.group()))].strip()
            ),
            None,
        )
        paper = re.search(
            r"\b(?:the )?(?:letter|memo|report|post|filing|complaint) (?:itself )?(?:has|gives|says|puts it at) $",
            before,
        )
        if outlet or (paper and frames):
            frames.append(
                Frame(
                    "allegation",
                    [(r.d.accuser, None)],
                    r.d.accused_of.get(r.d.accuser, r.d.accused),
                    via=(outlet.entity_id,) if outlet else (),
                    figures=(index,),
                    features=("outlet-figures",),
                )
            )
    if len(frames) < 2:
        return []
    for token in r.tokens:
        r.used.add(token.i)
    return frames


_ANOTHER_CHARGE = re.compile(r"^\w+ [^;]{0,120}?\b(?:of|with|for) \w")
_SAME = re.compile(r"\b(?:the same|similar|likewise|doing so|such|this|that|it|them|theirs?)\b", re.I)


def _accuse(r: SentenceReader, verb: Token) -> Frame | None:
    speakers: list[tuple[str | None, str | None]]
    r.mark(verb)
    if is_negated(verb):
        return None
    if is_passive(verb) or (verb.tag_ == "VBN" and (verb.dep_ == "acl" or agent_phrase(verb) is not None)):
        agent = agent_phrase(verb) or _agent_in_words(r, verb)
        accused = _list_before(r, verb) or (
            subject_phrase(verb) if verb.dep_ != "acl" else noun_phrase(verb.head, limit=verb.i)
        )
        speakers = r.who(agent) if agent else [(None, None)]
    else:
        speakers = r.actors_of(verb)
        objects = objects_of(verb)
        accused = objects[0] if objects else None
        accused = _phrase_between(r, verb, ("of",)) if accused is None else _extend_to(r, accused, verb, "of")
    whole = r.d.view.text[verb.idx : r.s.end]
    if not (has("misdeed_text", whole) or re.search(r"\b(?:accus|blam)", verb.text)) or not speakers:
        return None
    if _ANOTHER_CHARGE.search(whole) and not has("misdeed_text", whole) and not _SAME.search(whole):
        return None
    if any(r.d.is_publisher(s) for s, _ in speakers):
        speakers = [(None, None)]
    ids, words = r.accused_in(accused, r.spoken(speakers))
    if not ids and words is None and accused is not None:
        words = accused.text
    return Frame("allegation", speakers, ids, words, via=r.via, anchor=verb, features=("accuse-verb",))


def _agent_in_words(r: SentenceReader, verb: Token) -> Phrase | None:
    """ "accused ... by X" where the parse hangs the agent elsewhere: a name right behind "by"."""
    text = r.d.view.text
    for match in re.finditer(r"\bby (?:the )?", text[verb.idx : r.s.end]):
        start = verb.idx + match.end()
        named = [m for m in r.d.parties_in(start, r.s.end) if m.start == start]
        head = r.d.view.token_at(start)
        if named and head is not None:
            stop = clause_end(text, start, r.s.end, r"[,.;]| of | that | for ")
            return Phrase(start, max(stop, named[0].end), text[start : max(stop, named[0].end)], head)
    return None


def _list_before(r: SentenceReader, verb: Token) -> Phrase | None:
    """The names right before "was accused": the parse may hang them elsewhere."""
    first = min((t for t in verb.children if t.dep_.startswith("aux")), key=lambda t: t.i, default=verb)
    names = [m for m in r.mentions if m.end <= first.idx and m.type in ("company", "government", "organisation")]
    if not names or first.idx - names[-1].end > 2:
        return None
    start = names[-1].start
    for left, right in zip(reversed(names[:-1]), reversed(names[1:]), strict=True):
        if not re.fullmatch(r"\s*(?:,|,? ?(?:and|or))\s*(?:its )?", r.d.view.text[left.end : right.start]):
            break
        start = left.start
    return Phrase(start, names[-1].end, r.d.view.text[start : names[-1].end], first)


def _phrase_between(r: SentenceReader, verb: Token, stops: tuple[str, ...]) -> Phrase | None:
    tokens = [t for t in r.tokens if t.i > verb.i]
    for position, token in enumerate(tokens):
        if token.lower_ in stops and position:
            first, last = tokens[0], tokens[position - 1]
            return Phrase(first.idx, last.idx + len(last), r.d.view.text[first.idx : last.idx + len(last)], last)
    return None


def _extend_to(r: SentenceReader, phrase: Phrase, verb: Token, stop: str) -> Phrase:
    """The whole of what stands between "accused" and "of": the parser may end the object early."""
    tokens = [t for t in r.tokens if t.i > verb.i]
    stops = [
        t
        for t in tokens
        if (t.lower_ == stop and t.i + 1 < len(t.doc) and t.doc[t.i + 1].tag_ == "VBG")
        or (t.lower_ == stop and t.idx >= phrase.end)
    ]
    if stops and stops[0].idx > phrase.start:
        end = stops[0].idx
        text = r.d.view.text[phrase.start : end].rstrip(" ,")
        if len(text) < 160:
            return Phrase(phrase.start, phrase.start + len(text), text, phrase.head)
    return phrase


def _point(r: SentenceReader, start: int, end: int) -> Frame | None:
    token = next((t for t in r.d.view.tokens_in(start, end) if t.pos_ == "VERB"), None)
    if token is None or token.i in r.used:
        return None
    speakers = r.actors_of(token)
    if not speakers or any(r.d.is_publisher(s) for s, _ in speakers):
        return None
    r.used.add(token.i)
    stop = clause_end(
        r.d.view.text,
        end,
        r.s.end,
        r"[.;]|, and (?=(?:last|in|on|the|put|also \w+ed)\b)|, which|, but|, while| and put ",
    )
    text = r.d.view.text[end:stop].strip()
    also = re.search(r"(?:and|,) (?:also )?(?:mention|name)s? ([^.;]+)", r.s.text)
    head = r.d.view.token_at(end + 1)
    if head is None:
        return None
    phrase = Phrase(end, stop if not also else r.s.end, text, head)
    ids, words = r.accused_in(phrase, r.spoken(speakers))
    if words and ids:
        words = re.split(r", (?=[A-Z])|—", words)[0]
    count = re.search(r"\b(two|three|four|five|both)\b", text)
    if count and not ids:
        ids = r.d.resolve_text(text, start, speakers[0][0])
    return Frame("allegation", speakers, ids, words, via=r.via, anchor=token, features=("accuse-idiom",))


def _same_claims(r: SentenceReader, start: int) -> Frame | None:
    token = r.d.view.token_at(start)
    if token is None or token.i in r.used:
        return None
    if token.dep_ == "acl:relcl" and not r.d.parties_in(token.head.idx, token.head.idx + len(token.head)):
        return None
    speakers = r.actors_of(token)
    if not speakers:
        return None
    r.mark(token)
    ids: tuple[str, ...] = ()
    words = None
    tail = re.search(
        r"(?:identifying|asserting(?: that)?|naming|saying(?: that)?|alleging(?: that)?"
        r"|claiming(?: that)?|against|about) (.+?)(?: as | may | had | have | were | of |[.;]"
        r"|$)",
        r.d.view.text[start : r.s.end],
    )
    if tail:
        head = r.d.view.token_at(start + tail.start(1))
        if head is not None:
            phrase = Phrase(start + tail.start(1), start + tail.end(1), tail.group(1), head)
            ids, words = r.accused_in(phrase, r.spoken(speakers))
            if not ids:
                ids = r.d.resolve_text(re.sub(r"^the same", "the", tail.group(1)), start, speakers[0][0])
                words = tail.group(1)
    elif (
        not r.d.is_government(speakers[0][0])
        and re.search("same|similar", r.s.text)
        and "without naming" not in r.s.text
    ):
        ids = r.d.accused
    for t in r.tokens:
        if t.i > token.i and t.tag_ == "VBG":
            r.used.add(t.i)
    return Frame("allegation", speakers, ids, words, via=r.via, anchor=token, features=("same-charges",))


_NOMINAL = (
    r"(?:accounts?|version|claims?|allegations?|accusations?|complaints?|warnings?"
    r"|charges?|assertion|disclosure|post|letter|memo|report)"
)


def read_nominal(r: SentenceReader) -> list[Frame]:
    """ "a warning from X regarding Y", "X's account of its case involves": accusations that are nouns."""
    frames: list[Frame] = []
    text = r.s.text
    for mention in r.mentions:
        if mention.type not in ("company", "government", "organisation", "person"):
            continue
        before = r.d.view.text[max(r.s.start, mention.start - 40) : mention.start]
        after = r.d.view.text[mention.end : r.s.end]
        by = re.search(rf"\b{_NOMINAL} (?:from|by|of) (?:the )?$", before)
        of = re.match(rf"['’]s? (?:\w+ )?{_NOMINAL}\b", after)
        tail = re.match(
            r"[^.;]{0,60}?\b(?:regarding|that|about|against|involv\w+|of|says|over|on|describes)\b(.+)", after
        )
        if not (by or of) or tail is None:
            continue
        accused = [
            m
            for m in r.mentions
            if m.type == "company"
            and m.start > mention.end
            and m.entity_id != mention.entity_id
            and not re.match(r"['’]s? (?:\w+ )?(?:models?|outputs?)", r.d.view.text[m.end : m.end + 20])
        ]
        if of and accused and not TRAFFIC.search(text) and not has("strong_misdeed_text", tail.group(1)):
            # "X's post about Y": who accuses whom is now known, but nothing is said yet
            if not r.d.accused and re.match(
                r"['’]s? (?:\w+ )?(?:post|letter|memo|report|complaint|allegations?|accusations?"
                r"|claims?|charges?) (?:about|against|on|over)",
                after,
            ):
                r.d.note_allegation(mention.entity_id, tuple(dict.fromkeys(m.entity_id for m in accused)), ())
            continue
        if not accused or not has("misdeed_text", tail.group(1)):
            continue
        if of and not re.search(
            r"\b(?:involves?|alleges?|says|describes?|lists?|puts|gives|speaks|tells|names|includes?)\b", after[:80]
        ):
            continue
        ids = tuple(dict.fromkeys(m.entity_id for m in accused))
        anchor = r.d.view.token_at(mention.start)
        for token in r.tokens:
            if token.pos_ in ("VERB", "AUX") and token.idx > mention.start:
                r.used.add(token.i)
        root = root_of(r)
        if root is not None:
            r.used.add(root.i)
        frames.append(
            Frame(
                "allegation",
                [(mention.entity_id, None)],
                ids,
                via=r.via,
                anchor=root or anchor,
                features=("nominal",),
            )
        )
        break
    return frames
