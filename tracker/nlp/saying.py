"""Frames of the word: accusing, denying, saying, urging, keeping silent."""

from __future__ import annotations

import re

from spacy.tokens import Token

from tracker.nlp.discourse import CAMPAIGN
from tracker.nlp.frames import _ACCUSATION, _GERUND, _HEARSAY, Frame, SentenceReader, has, lemma
from tracker.nlp.lexicon import cues_of, pattern_of
from tracker.nlp.phrases import (
    Phrase,
    agent_phrase,
    content_of,
    is_negated,
    is_passive,
    noun_phrase,
    objects_of,
    subject_phrase,
    subject_token,
)

_MODAL_BASE = {"should", "must", "would", "ought"}
_POINT = re.compile(r"point(?:s|ed|ing)? (?:the|a) finger at|level(?:s|led|ed|ling)? (?:the same |a similar |similar |its |the )?(?:charges?|accusations?|allegations?) (?:at|against)|singl(?:es|ed|ing) out|take aim at|took aim at|lodged (?:a |its )?(?:\w+ )?complaint (?:about|against)|complain(?:s|ed|ing)?(?: \w+){0,3} (?:about|of)")
_MADE_CLAIMS = re.compile(r"\b(?:made|makes|make|raised|repeated|described|outlined|levelled|leveled) (?:a |an |the )?(?:comparable|similar|the same|identical|like|parallel|such) (?:claims?|allegations?|accusations?|charges?|activit\w+|complaints?|case|conduct)\b")


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
        seen |= {who[0] for who in speakers}
        for who in speakers:
            accused = _accused_of_silence(r, who[0])
            frames.append(Frame("no_response", [who], accused, status="asserted", via=r.via if "according to" in r.s.text else (), extra={"whole": "1"}))
    return frames


def _silent(r: SentenceReader, words: str, start: int, end: int) -> list[tuple[str | None, str | None]]:
    text = r.d.view.text
    after = text[end : r.s.end]
    found: list[tuple[str | None, str | None]] = []
    lead = re.match(r"[^.;]{0,40}?\b(?:from|by|of|sent to|put to|for) ", after)
    if re.search(r"include any|unanswered|no (?:immediate )?(?:comment|response|reply|answer|word)|silence", words) and lead:
        parties = r.d.parties_in(end + lead.end() - 1, _clause_end(text, end + lead.end(), r.s.end, r" regarding | about | on | to "))
        found = [(m.entity_id, None) for m in parties]
        if found:
            return found
    opening = re.match(r"(?:none|neither|nobody) of (.+?) (?:had|has|have|responded|replied|commented|answered|would|agreed|offered)\b", words, re.I)
    if opening:
        begin = start + opening.start(1)
        named = r.d.parties_in(begin, start + opening.end(1))
        ids = tuple(m.entity_id for m in named) or r.d.resolve_text(opening.group(1), begin)
        return [(i, None) for i in ids]
    neither = re.search(r"\b(?:neither|nor) (?:did|has|had|have|was|were|would) (.+?)(?:[.;]|$)", after)
    subject = _subject_before(r, start)
    found = r.who(subject)
    if subject is not None and re.match(r"(?:none|neither|nobody|no one)\b", subject.text, re.I) and not r.d.parties_in(subject.start, subject.end):
        ids = r.d.resolve_text(re.sub(r"^(?:none|neither) of ", "", subject.text, flags=re.I), subject.start)
        found = [(i, None) for i in ids]
    if neither:
        begin = end + neither.start(1)
        found += [(m.entity_id, None) for m in r.d.parties_in(begin, end + neither.end(1))]
    return found


def _clause_end(text: str, start: int, end: int, stop: str) -> int:
    match = re.search(stop, text[start:end])
    return start + match.start() if match else end


def _subject_before(r: SentenceReader, start: int) -> Phrase | None:
    """The subject of the verb that begins at an offset, by the parse, or the names that stand before it."""
    view = r.d.view
    clause_start = max([r.s.start, *(r.s.start + m.end() for m in re.finditer(r"; |, while |, but |, and (?=(?:the |its )?[A-Z])", r.s.text) if r.s.start + m.end() <= start and _has_verb_between(r, r.s.start + m.end(), start) is False)])
    for token in view.tokens_in(start, min(r.s.end, start + 40)):
        if token.pos_ in ("VERB", "AUX", "ADJ", "NOUN"):
            head = token if token.pos_ == "VERB" or token.dep_ not in ("aux", "cop") else token.head
            phrase = subject_phrase(head)
            if phrase is not None and clause_start <= phrase.start < start:
                wider = Phrase(clause_start, start, view.text[clause_start:start].strip(" ,"), phrase.head)
                names = r.d.parties_in(clause_start, start)
                inside = r.d.parties_in(phrase.start, phrase.end)
                if inside and len(names) > len(inside) and re.fullmatch(r"(?:[^;.]*)", wider.text) and not re.search(r"\b(?:said|told|accused|that|after|when|where|alleged)\b", wider.text):
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


def read_accusations(r: SentenceReader) -> list[Frame]:
    """"X accused Y of ...", "Y was accused by X", "X pointed the finger at Y", "attributed to Y"."""
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
    match = _MADE_CLAIMS.search(r.s.text)
    if match:
        frame = _same_claims(r, r.s.start + match.start())
        if frame is not None:
            frames.append(frame)
    r.alleged = {speaker for frame in frames for speaker, _ in frame.speakers}
    return frames


def read_outlet_figures(r: SentenceReader) -> list[Frame]:
    """"A gives roughly 25,000 accounts, B nearly 25,000": the accuser's figure as several outlets have it."""
    if r.d.accuser is None or not _TRAFFIC.search(r.s.text):
        return []
    frames = []
    for index, quantity in r.quantities:
        if quantity.kind not in ("accounts", "exchanges"):
            continue
        before = r.d.view.text[max(r.s.start, quantity.start - 40) : quantity.start]
        lead = re.search(r"(?:gives|gave|has|had|puts? it at|reported|reports|says|said|counts|cites)? ?$", before)
        outlet = next((m for m in r.mentions if m.type == "publisher" and lead and m.end <= quantity.start and not r.d.view.text[m.end : max(m.end, quantity.start - len(lead.group()))].strip()), None)
        paper = re.search(r"\b(?:the )?(?:letter|memo|report|post|filing|complaint) (?:itself )?(?:has|gives|says|puts it at) $", before)
        if outlet or (paper and frames):
            frames.append(Frame("allegation", [(r.d.accuser, None)], r.d.accused_of.get(r.d.accuser, r.d.accused), via=(outlet.entity_id,) if outlet else (), figures=(index,)))
    if len(frames) < 2:
        return []
    for token in r.tokens:
        r.used.add(token.i)
    return frames


def _accuse(r: SentenceReader, verb: Token) -> Frame | None:
    r.mark(verb)
    if is_passive(verb) or (verb.tag_ == "VBN" and (verb.dep_ == "acl" or agent_phrase(verb) is not None)):
        agent = agent_phrase(verb)
        accused = _list_before(r, verb) or (subject_phrase(verb) if verb.dep_ != "acl" else noun_phrase(verb.head, limit=verb.i))
        speakers = r.who(agent) if agent else [(None, None)]
    else:
        speakers = r.who(subject_phrase(verb))
        objects = objects_of(verb)
        accused = objects[0] if objects else None
        if accused is None:
            accused = _phrase_between(r, verb, ("of",))
        else:
            accused = _extend_to(r, accused, verb, "of")
    whole = r.d.view.text[verb.idx : r.s.end]
    if not (has("misdeed_text", whole) or re.search(r"\b(?:accus|blam)", verb.text)) or not speakers:
        return None
    if any(r.d.is_publisher(s) for s, _ in speakers):
        speakers = [(None, None)]
    ids, words = r.accused_in(accused, r.spoken(speakers))
    if not ids and words is None and accused is not None:
        words = accused.text
    return Frame("allegation", speakers, ids, words, via=r.via, anchor=verb)


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
    stops = [t for t in tokens if t.lower_ == stop and t.i + 1 < len(t.doc) and t.doc[t.i + 1].tag_ == "VBG" or t.lower_ == stop and t.idx >= phrase.end]
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
    speakers = r.who(subject_phrase(token))
    if not speakers or any(r.d.is_publisher(s) for s, _ in speakers):
        return None
    r.used.add(token.i)
    stop = _clause_end(r.d.view.text, end, r.s.end, r"[.;]|, and (?=(?:last|in|on|the|put|also \w+ed)\b)|, which|, but|, while| and put ")
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
    return Frame("allegation", speakers, ids, words, via=r.via, anchor=token)


def _same_claims(r: SentenceReader, start: int) -> Frame | None:
    token = r.d.view.token_at(start)
    if token is None or token.i in r.used:
        return None
    if token.dep_ == "acl:relcl" and not r.d.parties_in(token.head.idx, token.head.idx + len(token.head)):
        return None
    speakers = r.who(subject_phrase(token))
    if not speakers:
        return None
    r.mark(token)
    ids: tuple[str, ...] = ()
    words = None
    tail = re.search(r"(?:identifying|asserting(?: that)?|naming|saying(?: that)?|alleging(?: that)?|claiming(?: that)?|against|about) (.+?)(?: as | may | had | have | were | of |[.;]|$)", r.d.view.text[start : r.s.end])
    if tail:
        head = r.d.view.token_at(start + tail.start(1))
        if head is not None:
            phrase = Phrase(start + tail.start(1), start + tail.end(1), tail.group(1), head)
            ids, words = r.accused_in(phrase, r.spoken(speakers))
            if not ids:
                ids = r.d.resolve_text(re.sub(r"^the same", "the", tail.group(1)), start, speakers[0][0])
                words = tail.group(1)
    elif not r.d.is_government(speakers[0][0]) and re.search("same|similar", r.s.text) and "without naming" not in r.s.text:
        ids = r.d.accused
    for t in r.tokens:
        if t.i > token.i and t.tag_ == "VBG":
            r.used.add(t.i)
    return Frame("allegation", speakers, ids, words, via=r.via, anchor=token)


def read_denials(r: SentenceReader) -> list[Frame]:
    """"X denied ...", "X dismissed the charge", "X called the claims false"."""
    frames = []
    deny = cues_of("claims", "deny")
    for token in r.tokens:
        if token.i in r.used or token.pos_ not in ("VERB", "AUX"):
            continue
        clause = r.clause_text(token)
        if lemma(token) in deny and not is_passive(token):
            if not (_ACCUSATION.search(clause) or has("misdeed_text", clause) or re.search(r"wrongdoing|involvement", clause)):
                continue
            if is_negated(token):
                continue
        elif not (lemma(token) in {"call", "describe", "brand", "label", "term", "brush", "push", "qualify", "repeat", "reiterate"} and has("denial_text", clause) and (_ACCUSATION.search(clause) or re.search(r"brush|push", token.lower_))):
            continue
        speakers = [w for w in r.who(subject_phrase(token)) if not r.d.is_publisher(w[0])]
        if not speakers:
            continue
        r.mark(token)
        for other in token.subtree:
            r.used.add(other.i)
        frames.append(Frame("denial", speakers, accused_of_denial(r, speakers[0]), status="denied", via=r.via, anchor=token))
    return frames


def accused_of_denial(r: SentenceReader, who: tuple[str | None, str | None]) -> tuple[str, ...]:
    """Who is accused in what is denied: the denier if it is among the accused, else all of them."""
    everyone = {i for ids in r.d.accused_of.values() for i in ids} | set(r.d.accused)
    for party in who:
        if party is not None and (party in everyone or r.d.is_company(party)):
            return (party,)
    return r.d.accused


def read_sayings(r: SentenceReader) -> list[Frame]:
    """Verbs of saying with what is said, and "according to X"."""
    frames: list[Frame] = []
    said = r.d.view
    for match in re.finditer(r"\b(?:[Aa]ccording to|[Pp]er|[Ii]n the (?:words|view|account) of) ", r.s.text):
        start = r.s.start + match.end()
        stop = _clause_end(said.text, start, r.s.end, r",|;|\.(?:\s|$)| (?:reviewed|seen|obtained|viewed|which|who|that|first|familiar)\b|\s[-–—]")
        head = said.head_of(start, stop) or said.token_at(start)
        if head is None:
            continue
        source = Phrase(start, stop, said.text[start:stop], head)
        frame = _according(r, source)
        if frame is not None:
            frames.append(frame)
            break
    account = re.search(r"\b[Ii]n the (?:report|memo|letter|filing|committee|complaint)['’]s (?:account|words|telling|view)\b", r.s.text)
    if account:
        author = r.d.author or r.d.issuer or r.d.accuser
        if author:
            frame = _content_frame(r, [(author, r.d.author_for)], r.s.text[account.end() :].lstrip(" ,"), _root(r), None)
            frames.append(frame)
    say, strong, urge, admit = (cues_of("claims", c) for c in ("say", "say_strong", "urge", "admit"))
    for token in r.tokens:
        if token.i in r.used or token.pos_ not in ("VERB", "AUX") or token.dep_ == "amod":
            continue
        name = lemma(token)
        if name not in say and name not in urge:
            continue
        frame = _say(r, token, is_strong=name in strong, is_admit=name in admit, is_urge=name in urge and name not in strong)
        if frame is not None:
            frames.append(frame)
    return frames


def _root(r: SentenceReader) -> Token | None:
    return next((t for t in r.tokens if t.dep_ == "ROOT"), None)


def _according(r: SentenceReader, source: Phrase) -> Frame | None:
    speakers = [w for w in r.who(source)]
    root = _root(r)
    if root is None:
        return None
    if not speakers or all(r.d.is_publisher(s) for s, _ in speakers) or re.search(r"\b(?:memo|cable|letter|report|document|people|person|sources?|figures|filing|official)\b", source.text):
        # the source is a publisher or a paper: the speaker is whoever the sentence itself names
        return None
    text = (r.d.view.text[r.s.start : source.start] + r.d.view.text[source.end : r.s.end]).strip()
    head = root
    if lemma(root) in cues_of("claims", "say_strong") and subject_token(root) is not None:
        return None
    return _content_frame(r, speakers, text, head, subject_phrase(head))


def _say(r: SentenceReader, verb: Token, *, is_strong: bool, is_admit: bool, is_urge: bool) -> Frame | None:
    subject = subject_phrase(verb)
    passive = is_passive(verb)
    if passive:
        agent = agent_phrase(verb)
        speakers = r.who(agent) if agent else []
        if not speakers:
            return None
    else:
        speakers = r.who(subject)
    if not speakers:
        return None
    content = content_of(verb)
    if content is None and is_strong:
        content = _next_clause(r, verb)
    if _first(speakers) in r.alleged and verb.dep_ == "conj" and lemma(verb) == "put":
        return None
    figures = _figure_saying(r, verb, speakers)
    if figures is not None:
        return figures
    against = re.match(r"\w+ (?:against|about) ", r.d.view.text[verb.idx : r.s.end])
    if against and lemma(verb) in ("allege", "claim", "complain") and content is None:
        return _alleging(r, verb, speakers, verb.idx + against.end())
    if subject is not None and subject.text.lower() == "it" and not is_strong and not is_urge:
        return None
    if r.d.view.publisher_type in ("blog", "think_tank") and re.search(r"\b(?:me|my|I)\b", r.clause_text(verb)) and (subject is None or not r.parties(subject)):
        return None
    if lemma(verb) == "tell" and verb.tag_ == "VBG" and not objects_of(verb):
        return None
    quoted = '"' in r.s.text or "“" in r.s.text
    if content is None and not quoted and not is_urge and not is_strong:
        return None
    if all(r.d.is_publisher(s) for s, _ in speakers):
        return _reported(r, verb, content)
    if verb.dep_ in ("acl", "amod") or (verb.dep_ == "ccomp" and verb.head.i in r.used and not r.d.is_publisher(_first(r.who(subject_phrase(verb.head))))):
        if verb.dep_ != "ccomp":
            return None
        if speakers and _first(speakers) in {_first(r.who(subject_phrase(verb.head)))}:
            return None
    if verb.dep_ == "conj" and verb.head.i in r.used and not re.search(r"\d", r.clause_text(verb)) and _conj_is_same(r, verb, content):
        return None
    modal = {t.lower_ for t in verb.children if t.dep_ == "aux"}
    if modal & {"would", "should", "must", "could", "might"} and not r.d.view.publisher_type == "government":
        return None
    if r.d.is_government(speakers[0][0]) or r.d.is_government(speakers[0][1]):
        if lemma(verb) in ("promise", "pledge", "vow", "order", "instruct", "direct") or (lemma(verb) in ("ask", "tell", "urge") and re.search(r"\b(?:diplomats|agencies|embassies|departments|officials)\b", r.d.view.text[verb.idx : verb.idx + 60])):
            r.mark(verb)
            return Frame("government_action", speakers, status="alleged" if r.via else "asserted", via=r.via, anchor=verb)
    r.mark(verb)
    if content is not None:
        r.mark(content)
    text = _content_text(r, verb, content, subject)
    frame = _content_frame(r, speakers, text, content if content is not None else verb, subject_phrase(content) if content is not None else None, verb=verb)
    if is_admit and frame.type == "allegation" and set(frame.accused) <= set(r.spoken(speakers)):
        frame.type = "admission"
    if is_urge and frame.type == "allegation" and not (frame.accused or frame.accused_as):
        frame.type = "statement"
    return frame


def _alleging(r: SentenceReader, verb: Token, speakers: list[tuple[str | None, str | None]], start: int) -> Frame | None:
    """"what X is alleging against Y": the accused stand after the preposition; "That is" takes in the sentence before."""
    stop = _clause_end(r.d.view.text, start, r.s.end, r"[.;]")
    head = r.d.view.token_at(start)
    if head is None:
        return None
    phrase = Phrase(start, stop, r.d.view.text[start:stop].strip(), head)
    ids, words = r.accused_in(phrase, r.spoken(speakers))
    r.mark(verb)
    frame = Frame("allegation", speakers, ids, words, via=r.via, anchor=verb)
    if re.match(r"(?:That|This|Such|Those|These) (?:is|was|are|were)\b", r.s.text) and r.s.index:
        frame.extra["with_previous"] = "1"
    return frame


def _next_clause(r: SentenceReader, verb: Token) -> Token | None:
    """Where the parse has lost the clause of "said (that)": the next verb with a subject of its own."""
    if not re.match(r"\w+(?: on \w+)? (?:that|[A-Z]|it\b|they\b|the\b)", r.d.view.text[verb.idx : r.s.end]) and " that " not in r.d.view.text[verb.idx : verb.idx + 50]:
        return None
    for token in r.tokens:
        if token.i > verb.i and token.pos_ in ("VERB", "AUX", "ADJ") and any(c.dep_.startswith("nsubj") and c.i > verb.i for c in token.children):
            return token
    return None


_TRAFFIC = re.compile(r"\b(?:accounts|exchanges|quer(?:y|ies)|prompts|interactions|conversations|requests|traffic|messages)\b")


def _figure_saying(r: SentenceReader, verb: Token, speakers: list[tuple[str | None, str | None]]) -> Frame | None:
    """"X puts the number of exchanges at 28 million": a figure that repeats the speaker's own accusation."""
    if lemma(verb) not in ("put", "give", "count", "estimate", "total", "tally"):
        return None
    after = r.d.view.text[verb.idx : r.s.end]
    if not _TRAFFIC.search(after) or not re.search(r"\d|million|thousand|dozen|hundred", after):
        return None
    speaker = _first(speakers)
    if r.d.is_publisher(speaker) or speaker is None:
        return None
    r.mark(verb)
    source = re.search(r"\b(?:from|by|of) ((?:the |those |these |its )?(?:two|three|four|five)? ?(?:\w+ ){0,2}(?:labs|laboratories|companies|firms|startups))\b", after)
    if source:
        ids = tuple(i for i in r.d.resolve_text(source.group(1), verb.idx, speaker) if i != speaker)
        return Frame("allegation", speakers, ids, source.group(1), via=r.via, anchor=verb)
    named, _ = _parties_behind(r, after, r.spoken(speakers))
    return Frame("allegation", speakers, named or r.d.accused_of.get(speaker, r.d.accused), via=r.via, anchor=verb)


_NOMINAL = r"(?:accounts?|version|claims?|allegations?|accusations?|complaints?|warnings?|charges?|assertion|disclosure|post|letter|memo|report)"


def read_nominal(r: SentenceReader) -> list[Frame]:
    """"a warning from X regarding Y", "X's account of its case involves": accusations that are nouns."""
    frames: list[Frame] = []
    text = r.s.text
    for mention in r.mentions:
        if mention.type not in ("company", "government", "organisation", "person"):
            continue
        before = r.d.view.text[max(r.s.start, mention.start - 40) : mention.start]
        after = r.d.view.text[mention.end : r.s.end]
        by = re.search(rf"\b{_NOMINAL} (?:from|by|of) (?:the )?$", before)
        of = re.match(rf"['’]s? (?:\w+ )?{_NOMINAL}\b", after)
        tail = re.match(r"[^.;]{0,60}?\b(?:regarding|that|about|against|involv\w+|of|says|over|on|describes)\b(.+)", after)
        if not (by or of) or tail is None:
            continue
        accused = [m for m in r.mentions if m.type == "company" and m.start > mention.end and m.entity_id != mention.entity_id and not re.match(r"['’]s? (?:\w+ )?(?:models?|outputs?)", r.d.view.text[m.end : m.end + 20])]
        if of and accused and not _TRAFFIC.search(text) and not has("strong_misdeed_text", tail.group(1)):
            # "X's post about Y": who accuses whom is now known, but nothing is said yet
            if not r.d.accused and re.match(r"['’]s? (?:\w+ )?(?:post|letter|memo|report|complaint|allegations?|accusations?|claims?|charges?) (?:about|against|on|over)", after):
                r.d.note_allegation(mention.entity_id, tuple(dict.fromkeys(m.entity_id for m in accused)), ())
            continue
        if not accused or not has("misdeed_text", tail.group(1)):
            continue
        if of and not re.search(r"\b(?:involves?|alleges?|says|describes?|lists?|puts|gives|speaks|tells|names|includes?)\b", after[:80]):
            continue
        ids = tuple(dict.fromkeys(m.entity_id for m in accused))
        anchor = r.d.view.token_at(mention.start)
        for token in r.tokens:
            if token.pos_ in ("VERB", "AUX") and token.idx > mention.start:
                r.used.add(token.i)
        root = _root(r)
        if root is not None:
            r.used.add(root.i)
        frames.append(Frame("allegation", [(mention.entity_id, None)], ids, via=r.via, anchor=root or anchor))
        break
    return frames


def _first(speakers: list[tuple[str | None, str | None]]) -> str | None:
    return speakers[0][0] if speakers else None


def _conj_is_same(r: SentenceReader, verb: Token, content: Token | None) -> bool:
    """"X called it ... and warned ...": one statement; but a second saying with other accused is another claim."""
    if content is None:
        return True
    subject = subject_phrase(content)
    other = r.accused_in(subject, r.spoken(r.who(subject_phrase(verb))))
    return not (other[0] or other[1]) or not has("misdeed_text", r.clause_text(content))


def _reported(r: SentenceReader, verb: Token, content: Token | None) -> Frame | None:
    """"Reuters reported that X had ...": the publisher is a source; X's own words or acts are read by the others."""
    r.used.add(verb.i)
    return None


def _content_text(r: SentenceReader, verb: Token, content: Token | None, subject: Phrase | None) -> str:
    text = r.s.text
    if content is not None:
        words = r.clause_text(content)
        if len(words) > 12:
            return words
    cut = subject.end - r.s.start if subject is not None else 0
    tail = text[max(verb.idx + len(verb) - r.s.start, cut) :]
    return tail if len(tail) > 25 else text[: max(0, (subject.start - r.s.start) if subject else 0)] + tail


def _content_frame(
    r: SentenceReader,
    speakers: list[tuple[str | None, str | None]],
    text: str,
    head: Token | None,
    subject: Phrase | None,
    verb: Token | None = None,
) -> Frame:
    """What kind of claim a reported content is, and of whom."""
    own = r.spoken(speakers)
    base = Frame("statement", speakers, via=r.via, anchor=verb or head)
    misdeed = has("misdeed_text", text)
    subject_ids, subject_words = (r.accused_in(subject, own) if subject is not None else ((), None))
    lowered = subject.text.lower() if subject is not None else ""
    self_subject = subject is not None and (
        lowered in ("it", "we", "he", "she", "i", "they") and not subject_ids
        or bool({m.entity_id for m in r.parties(subject)} & set(own))
    )
    if lowered in ("it", "they", "we", "he", "she") and verb is not None and subject is not None:
        self_subject = lowered != "they" or len(speakers) > 1 or not subject_ids
        if self_subject:
            subject_ids, subject_words = (), None
    negated = head is not None and (is_negated(head) or any(is_negated(c) for c in head.children if c.dep_ == "conj"))
    if has("denial_text", text) and _ACCUSATION.search(lowered or text) and not self_subject and (subject is None or _ACCUSATION.search(lowered)):
        base.type, base.status = "denial", "denied"
        base.accused = accused_of_denial(r, speakers[0])
        return base
    if (self_subject or subject_ids or (subject is not None and has("bill_text", "") is False and re.search(r"\bmodels?\b|V\d|R\d", lowered))) and re.search(r"\b(?:not|never|only)\b", text) and re.search(r"\b(?:trained|train|distil\w*|cop\w+|synthetic|used?|stole|extract\w*|outputs?|knowingly|deliberately|accounts?)\b", text):
        if self_subject or set(subject_ids) & set(own) or (subject is not None and any((r.d.parent(m.entity_id) in own) for m in r.mentions if subject.start <= m.start < subject.end)):
            if not re.search(r"\b(?:does|do) not (?:expect|sell|offer|allow|provide|permit)", text):
                base.type, base.status = "denial", "denied"
                base.accused = accused_of_denial(r, speakers[0])
                return base
    modal = bool(head is not None and any(t.dep_ == "aux" and t.lower_ in _MODAL_BASE for t in head.children))
    own_model_deed = self_subject or bool(set(m.entity_id for m in r.mentions if subject and subject.start <= m.start < subject.end) & set(own))
    if own_model_deed and has("strong_misdeed_text", text) and not negated and head is not None and head.pos_ in ("VERB", "AUX") and _owns_up(r, head, text, own, verb):
        organisation = next((m.entity_id for m in r.mentions if subject and subject.start <= m.start < subject.end and r.d.is_company(m.entity_id)), None)
        base.type = "admission"
        base.accused = (organisation,) if organisation else tuple(x for x in (speakers[0][1] or speakers[0][0],) if x)
        return base
    if own_model_deed and has("protect_text", text) and not (_perceives(text) and misdeed and not has("protect_text", text[:60])):
        base.type = "company_action" if r.d.is_company(speakers[0][0]) or r.d.is_company(speakers[0][1]) or r.d.is_publisher(speakers[0][0]) else "statement"
        if r.d.is_government(speakers[0][0]) or r.d.is_government(speakers[0][1]):
            base.type = "government_action"
        return base
    company_voice = r.d.is_company(speakers[0][0]) or r.d.is_company(speakers[0][1])
    if company_voice and not subject_ids and subject is not None and re.search(r"\b(?:protections?|measures?|feature|safeguards?|classifiers?|checks|tool|filters?|rules?|restriction|accounts)\b", lowered) and has("protect_text", text) and not re.search(r"\b(?:used|created|opened)\b", text):
        base.type = "company_action"
        return base
    if not misdeed or (subject is not None and _GERUND.match(subject.text) and not subject_ids) or modal:
        return base
    if self_subject and not _perceives(text) and not subject_ids:
        ids, words = _parties_behind(r, text, own)
        if not ids and words is None:
            return base
        base.type, base.accused, base.accused_as = "allegation", ids, words
        return base
    ids, words = subject_ids, subject_words
    if not ids and (self_subject or subject is None or words is None or re.search(r"\b(?:attempts?|evidence|signs?|accounts?|prompts|majority|most|traffic|danger)\b", subject.text)):
        later = _parties_behind(r, text, own)
        if later[0] or later[1]:
            ids, words = later[0] or ids, later[1] if later[0] or words is None else words
    if not ids and subject is not None and (CAMPAIGN.match(subject.text) or (_TRAFFIC.search(subject.text) and words is None)):
        ids = r.d.accused_of.get(own[0] if own else "", r.d.accused)
        words = None
    if not ids and not words and head is not None and _attempts_seen(r, text, subject, self_subject, head):
        base.type = "allegation"
        base.accused = ids
        return base
    if ids or words:
        future = head is not None and any(t.dep_ == "aux" and t.lower_ in ("may", "might", "could", "can") for t in head.children) and not any(t.lower_ in ("have", "has") and t.dep_ == "aux" for t in head.children)
        if future and not ids:
            return base
        base.type, base.accused, base.accused_as = "allegation", ids, words
    return base


def _owns_up(r: SentenceReader, head: Token, text: str, own: list[str | None], verb: Token | None) -> bool:
    """The content's own verb is the deed, and nobody else is in it as the doer. An accuser does not admit."""
    if verb is None or lemma(verb) not in cues_of("claims", "say_strong") | cues_of("claims", "admit"):
        return False
    if set(own) & set(r.d.accused_of) or _perceives(text) or is_passive(head):
        return False
    deed = f"{head.text} " + " ".join(t.text for t in head.children if t.dep_ in ("obj", "xcomp", "obl"))
    if not has("strong_misdeed_text", deed) or re.search(r"\b(?:accounts?|people|operators?|users|attackers|attempts|campaigns?)\b.{0,20}\b(?:tied|linked|by|from)\b", text):
        return False
    return has("protect_text", text) is False or lemma(verb) in cues_of("claims", "admit")


def _attempts_seen(r: SentenceReader, text: str, subject: Phrase | None, self_subject: bool, head: Token) -> bool:
    """"It has seen a rise in attempts to extract", "most of the activity originates in": a wrong without a doer."""
    if lemma(head) in ("grow", "become", "increase", "show", "make", "deserve", "strengthen"):
        return False
    if re.search(r"\b(?:attempts?|campaigns?|attacks?|copying|theft|abuse|distillation|activity|efforts?)\b (?:against|to (?:extract|copy|distil)|on|of|by)", text) and (self_subject or subject is None):
        return True
    return subject is not None and bool(re.search(r"\b(?:activity|attempts?|attacks?|campaigns?|traffic|prompts|operations?)\b", subject.text)) and not re.match(r"such|any|an? ", subject.text, re.I)


_PERCEIVE = re.compile(r"\b(?:seen|saw|found|noticed|detected|identified|observed|had evidence|has evidence|evidence|signs|believes?|uncovered|discovered|rise in|traced|attributed|tracks|attempts|caught)\b")


def _perceives(text: str) -> bool:
    return bool(_PERCEIVE.search(text[:120]))


_BEHIND = re.compile(r"\b(?:by|from|against|tied to|linked to|connected to|affiliated with|associated with|about|at|in|behind|belonging to|via|involving|regarding)\s+(?:the |a |an |its )?$")


def _parties_behind(r: SentenceReader, text: str, own: list[str | None]) -> tuple[tuple[str, ...], str | None]:
    """The accused of a content whose subject is not the doer: "evidence of distillation by X", "accounts tied to X"."""
    offset = r.d.view.text.find(text[:40], r.s.start, r.s.end) if text else -1
    start = offset if offset >= 0 else r.s.start
    end = min(r.s.end, start + len(text)) if offset >= 0 else r.s.end
    ids: list[str] = []
    words = None
    for mention in r.d.parties_in(start, end):
        if mention.entity_id in own or mention.type == "person":
            continue
        before = r.d.view.text[max(start, mention.start - 40) : mention.start]
        after = r.d.view.text[mention.end : min(end, mention.end + 40)]
        doer = re.match(r"(?:['’]s)? ?(?:\w+ ){0,3}?(?:had|has|have|was|were|used|employees|staff|personnel|moved|created|ran|distilled|targeting|copied|stole|extracted|opened|is|are)\b", after)
        if _BEHIND.search(before) or doer or (ids and re.search(r"(?:,|and|or) (?:the |its )?$", before)):
            if re.match(r"['’]s? (?:\w+ )?(?:models?|outputs|technology|interface|API)", after):
                continue
            ids.append(mention.entity_id)
            phrase = re.search(r"((?:accounts?|people|staff|operators?|employees|individuals|a group|groups?|entities|persons)[^,.;]{0,30}?(?:tied|linked|connected|affiliated|associated|belonging|of|at|from)[^,.;]{0,12}?)$", before)
            if phrase:
                words = phrase.group(1) + r.d.view.text[mention.start : mention.end]
    if ids:
        return tuple(dict.fromkeys(ids)), words
    anaphor = re.search(r"\b(?:by|from|against|of) ((?:the|that|these|those|this) (?:\w+ ){0,2}?(?:firm|company|startup|start-up|lab|laboratory|group|firms|companies|labs|startups))\b", text)
    if anaphor:
        resolved = tuple(i for i in r.d.resolve_text(anaphor.group(1), start) if i not in own)
        return resolved, anaphor.group(1)
    generic = re.search(r"\b(?:by|from|came from|attributed to|linked to|tied to) ((?:[\w-]+ ){0,4}?(?:companies|firms|labs|laboratories|actors|entities|groups|researchers|operators|competitors|rivals|organi[sz]ations|users|individuals|institutions)\b(?: (?:in|abroad|linked|tied|based|and)[^,.;]{0,50})?)", text)
    if generic:
        return (), generic.group(1)
    return (), None


def read_unattributed(r: SentenceReader) -> list[Frame]:
    """What the document says in its own voice, or goes on saying in the voice of the sentence before."""
    root = _root(r)
    if root is None or r.s.text.rstrip().endswith("?"):
        return []
    subject = subject_phrase(root)
    text = r.s.text
    said = re.search(r"\b(?:was|were|is|are) (?:said|alleged|believed|reported|accused|thought|suspected) to have\b", text)
    if said and has("misdeed_text", text) or said and "traffic" in text:
        names = _names_before(r, r.s.start + said.start())
        if names:
            return [Frame("allegation", [(None, None)], names, anchor=root)]
    quantity = _TRAFFIC.search(text) and re.search(r"\d|million", text)
    verbless = root.pos_ in ("NOUN", "NUM", "PROPN") and subject is None
    passed_on = re.search(r"\b(?:is|are|was|were) (?:given|put|reported|listed|stated|estimated) (?:as|at)\b", text)
    if r.d.accuser and r.d.accused and not r.d.issuer and ((quantity and verbless) or (passed_on and re.search(r"\d|million", text))):
        named = tuple(dict.fromkeys(m.entity_id for m in r.d.parties_in(r.s.start, r.s.end) if m.entity_id in r.d.accused))
        return [Frame("allegation", [(r.d.accuser, None)], r.d.accused if verbless or not named else named, anchor=root)]
    attributed = re.search(r"\b(?:is|are|was|were|have been|has been|being) attributed to (.+)$", text)
    if attributed:
        ids = [m.entity_id for m in r.d.parties_in(r.s.start + attributed.start(1), r.s.end)]
        if ids:
            speaker = r.d.issuer or r.d.accuser
            return [Frame("allegation", [(speaker, None)], tuple(dict.fromkeys(ids)), status="asserted" if r.d.issuer else "alleged", anchor=root)]
    if not has("misdeed_text", text):
        return []
    hearsay = _HEARSAY.search(text)
    modal = any(t.dep_ == "aux" and t.lower_ in ("would", "should", "could", "can", "may", "must", "will") for t in root.children)
    if modal and not hearsay and not r.d.issuer:
        return []
    if subject is None:
        return []
    ids, words = r.accused_in(subject, [r.d.issuer])
    agent = agent_phrase(root) if is_passive(root) else None
    if is_passive(root) and agent is not None:
        ids, words = r.accused_in(agent, [r.d.issuer])
        words = words or (agent.text if not ids else None)
    if r.d.issuer and subject.text.lower() in ("they", "it") and re.search(r"\b(?:accounts?|jailbreak\w*|prox\w+)\b", text) and subject.text.lower() == "they":
        return [Frame("allegation", [(r.d.issuer, None)], ids or r.d.accused, status="asserted", anchor=root)]
    generic_subject = bool(_GERUND.match(subject.text))
    strong = has("strong_misdeed_text", text)
    if r.d.issuer:
        if is_negated(root) and not strong:
            return []
        if agent is not None and re.search(r"service|proxy|reseller|means", agent.text):
            ids, words = r.d.accused, None
        anaphoric = bool(CAMPAIGN.search(subject.text)) or subject.text.lower() in ("they", "it", "access", "together they", "more than") or ids or (agent is not None and words)
        numbers = re.search(r"\d[\d,.]{2,}|\b(?:thousands|dozens|hundreds|millions)\b", text)
        if not (anaphoric or numbers or (strong and not generic_subject and words)):
            return []
        if agent is None and not ids and not words:
            ids = r.d.accused_of.get(r.d.issuer, r.d.accused)
        if subject.text.lower() == "it" and not ids:
            return []
        return [Frame("allegation", [(r.d.issuer, None)], ids, words, status="asserted", anchor=root)]
    if generic_subject or not (ids or (hearsay and words)):
        return []
    if not strong and not hearsay:
        return []
    if set(ids) & {i for i in ids if i in r.d.accused_of} and not hearsay:
        # the accuser itself is the subject: an act or an opinion, not an accusation
        return []
    if not set(ids) <= ({i for group in r.d.accused_of.values() for i in group} | set(r.d.accused)) and not hearsay:
        return []
    if hearsay and hearsay.group().startswith(("is ", "are ", "was ", "were ")):
        return [Frame("allegation", [(None, None)], ids, words, status="alleged", anchor=root)]
    speaker = r.d.accuser if hearsay else None
    return [Frame("allegation", [(speaker, None)], ids, words, status="alleged" if hearsay else "asserted", anchor=root)]


def _names_before(r: SentenceReader, end: int) -> tuple[str, ...]:
    """The list of parties that ends right before an offset."""
    names = [m for m in r.mentions if m.end <= end and m.type in ("company", "government", "organisation", "person")]
    if not names or end - names[-1].end > 2:
        return ()
    chosen = [names[-1]]
    for mention in reversed(names[:-1]):
        if not re.fullmatch(r"\s*(?:,|,? ?(?:and|or))\s*(?:its )?", r.d.view.text[mention.end : chosen[-1].start]):
            break
        chosen.append(mention)
    return tuple(m.entity_id for m in reversed(chosen))
