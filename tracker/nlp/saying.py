"""Frames of the word: denying, saying, urging, "according to"."""

from __future__ import annotations

import re

from spacy.tokens import Token

from tracker.nlp.content import TRAFFIC, accused_of_denial, content_frame, first_speaker, parties_behind, root_of
from tracker.nlp.frames import ACCUSATION, Frame, SentenceReader, has, lemma
from tracker.nlp.lexicon import cues_of
from tracker.nlp.phrases import (
    Phrase,
    agent_phrase,
    content_of,
    is_negated,
    is_passive,
    objects_of,
    subject_phrase,
    subject_token,
)
from tracker.nlp.silence import clause_end


def read_denials(r: SentenceReader) -> list[Frame]:
    """ "X denied ...", "X dismissed the charge", "X called the claims false"."""
    frames: list[Frame] = []
    deny = cues_of("claims", "deny")
    for token in r.tokens:
        if token.i in r.used or token.pos_ not in ("VERB", "AUX"):
            continue
        clause = r.clause_text(token)
        if lemma(token) in deny and not is_passive(token):
            if not (
                ACCUSATION.search(clause) or has("misdeed_text", clause) or re.search(r"wrongdoing|involvement", clause)
            ):
                continue
            if is_negated(token):
                continue
        elif not (
            lemma(token)
            in {"call", "describe", "brand", "label", "term", "brush", "push", "qualify", "repeat", "reiterate"}
            and has("denial_text", clause)
            and (ACCUSATION.search(clause) or re.search(r"brush|push", token.lower_))
        ):
            continue
        speakers = [w for w in r.who(r.subject(token)) if not r.d.is_publisher(w[0])]
        speakers = speakers or _state_that_speaks(r, token)
        if not speakers:
            continue
        r.mark(token)
        for other in token.subtree:
            r.used.add(other.i)
        frames.append(
            Frame(
                "denial",
                speakers,
                accused_of_denial(r, speakers[0]),
                status="denied",
                via=r.via,
                anchor=token,
                features=("deny-verb",),
            )
        )
    return frames


def _state_that_speaks(r: SentenceReader, verb: Token) -> list[tuple[str | None, str | None]]:
    """ "China rejected the memo": a country that denies is its government, which the seat in its capital tells."""
    subject = r.subject(verb)
    if subject is None or any(t.i < verb.i and t.tag_ in ("VBD", "VBZ", "VBP") and t.pos_ == "VERB" for t in r.tokens):
        return []
    places = [m for m in r.d.mentions_in(subject.start, subject.end) if m.type == "place" and m.text == subject.text]
    for entry in r.d.gazetteer.entries.values():
        if places and entry.government and entry.entity.parent == places[0].entity_id:
            return [(entry.government, None)]
    return []


def read_sayings(r: SentenceReader) -> list[Frame]:
    """Verbs of saying with what is said, and "according to X"."""
    frames: list[Frame] = []
    said = r.d.view
    for match in re.finditer(r"\b(?:[Aa]ccording to|[Pp]er|[Ii]n the (?:words|view|account) of) ", r.s.text):
        start = r.s.start + match.end()
        stop = clause_end(
            said.text,
            start,
            r.s.end,
            r",|;|\.(?:\s|$)| (?:reviewed|seen|obtained|viewed|which|who|that|first|familiar)\b|\s[-–—]",
        )
        head = said.head_of(start, stop) or said.token_at(start)
        if head is None:
            continue
        source = Phrase(start, stop, said.text[start:stop], head)
        frame = _according(r, source)
        if frame is not None:
            frame.features += ("according-to",)
            frames.append(frame)
            break
    account = re.search(
        r"\b[Ii]n the (?:report|memo|letter|filing|committee|complaint)['’]s (?:account|words|telling|view)\b", r.s.text
    )
    if account:
        author = r.d.author or r.d.issuer or r.d.accuser
        if author:
            frame = content_frame(
                r, [(author, r.d.author_for)], r.s.text[account.end() :].lstrip(" ,"), root_of(r), None
            )
            frame.features += ("according-to",)
            frames.append(frame)
    say, strong, urge, admit = (cues_of("claims", c) for c in ("say", "say_strong", "urge", "admit"))
    for token in r.tokens:
        if token.i in r.used or token.pos_ not in ("VERB", "AUX") or token.dep_ == "amod":
            continue
        name = lemma(token)
        if name not in say and name not in urge:
            continue
        frame = _say(
            r, token, is_strong=name in strong, is_admit=name in admit, is_urge=name in urge and name not in strong
        )
        if frame is not None:
            frame.features += ("say-verb" if name in strong else "weak-say-verb",)
            frames.append(frame)
    return frames


def _according(r: SentenceReader, source: Phrase) -> Frame | None:
    speakers = list(r.who(source))
    root = root_of(r)
    if root is None:
        return None
    if (
        not speakers
        or all(r.d.is_publisher(s) for s, _ in speakers)
        or re.search(
            r"\b(?:memo|cable|letter|report|document|people|person|sources?|figures|filing|official)\b", source.text
        )
    ):
        # the source is a publisher or a paper: the speaker is whoever the sentence itself names
        return None
    text = (r.d.view.text[r.s.start : source.start] + r.d.view.text[source.end : r.s.end]).strip()
    head = root
    if lemma(root) in cues_of("claims", "say_strong") and subject_token(root) is not None:
        return None
    return content_frame(r, speakers, text, head, subject_phrase(head))


def _say(r: SentenceReader, verb: Token, *, is_strong: bool, is_admit: bool, is_urge: bool) -> Frame | None:
    subject = r.subject(verb)
    passive = is_passive(verb)
    if passive:
        agent = agent_phrase(verb)
        speakers = r.who(agent) if agent else []
        if not speakers:
            return None
    else:
        speakers = r.who(subject)
    told = _told(r, verb)
    speakers = [(who, organisation) for who, organisation in speakers if who not in told]
    if not speakers or _is_nobodys(r, verb, subject):
        return None
    if {who for who, _ in speakers} <= r.charged and not r.is_beside([who for who, _ in speakers], verb):
        # the accused of one clause does not speak the next
        return None
    if is_negated(verb):
        # what somebody did not say is nobody's claim
        r.mark(verb)
        return None
    content = content_of(verb)
    if content is None and is_strong:
        content = _next_clause(r, verb)
    if first_speaker(speakers) in r.alleged and verb.dep_ == "conj" and lemma(verb) == "put":
        return None
    figures = _figure_saying(r, verb, speakers)
    if figures is not None:
        return figures
    against = re.match(r"\w+ (?:against|about) ", r.d.view.text[verb.idx : r.s.end])
    if against and lemma(verb) in ("allege", "claim", "complain") and content is None:
        return _alleging(r, verb, speakers, verb.idx + against.end())
    if subject is not None and subject.text.lower() == "it" and not is_strong and not is_urge:
        return None
    if (
        r.d.view.publisher_type in ("blog", "think_tank")
        and re.search(r"\b(?:me|my|I)\b", r.clause_text(verb))
        and (subject is None or not r.parties(subject))
    ):
        return None
    if lemma(verb) == "tell" and verb.tag_ == "VBG" and not objects_of(verb):
        return None
    quoted = '"' in r.s.text or "“" in r.s.text
    if content is None and not quoted and not is_urge and not is_strong:
        return None
    if all(r.d.is_publisher(s) for s, _ in speakers):
        return _reported(r, verb, content)
    if verb.dep_ in ("acl", "amod") or (
        verb.dep_ == "ccomp"
        and verb.head.i in r.used
        and not r.d.is_publisher(first_speaker(r.who(subject_phrase(verb.head))))
    ):
        if verb.dep_ != "ccomp":
            return None
        if speakers and first_speaker(speakers) in {first_speaker(r.who(subject_phrase(verb.head)))}:
            return None
    if (
        verb.dep_ == "conj"
        and verb.head.i in r.used
        and not re.search(r"\d", r.clause_text(verb))
        and _conj_is_same(r, verb, content)
    ):
        return None
    modal = {t.lower_ for t in verb.children if t.dep_ == "aux"}
    if modal & {"would", "should", "must", "could", "might"} and r.d.view.publisher_type != "government":
        return None
    public = r.d.is_government(speakers[0][0]) or r.d.is_government(speakers[0][1])
    if public:  # noqa: SIM102 two questions: who speaks, and what the verb does
        if lemma(verb) in ("promise", "pledge", "vow", "order", "instruct", "direct") or (
            lemma(verb) in ("ask", "tell", "urge")
            and re.search(
                r"\b(?:diplomats|agencies|embassies|departments|officials)\b", r.d.view.text[verb.idx : verb.idx + 60]
            )
        ):
            r.mark(verb)
            return Frame(
                "government_action", speakers, status="alleged" if r.via else "asserted", via=r.via, anchor=verb
            )
    r.mark(verb)
    if content is not None:
        r.mark(content)
    text = _content_text(r, verb, content, subject)
    frame = content_frame(
        r,
        speakers,
        text,
        content if content is not None else verb,
        subject_phrase(content) if content is not None else None,
        verb=verb,
    )
    if is_admit and frame.type == "allegation" and set(frame.accused) <= set(r.spoken(speakers)):
        frame.type = "admission"
    if is_urge and frame.type == "allegation" and not (frame.accused or frame.accused_as):
        frame.type = "statement"
    return frame


_PRONOUNS = frozenset({"it", "this", "that", "these", "those", "there", "me", "us", "i", "my"})
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|myself)\b")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]?")


_TIMES = frozenset({"after", "before", "since", "when", "once", "until"})


def _is_after_time(r: SentenceReader, subject: Phrase | None) -> bool:
    """ "Two weeks after X wrote": the parse may hang the word of time on the subject."""
    if subject is None:
        return False
    before = r.d.view.text[max(r.s.start, subject.start - 8) : subject.end].lower()
    return re.match(r"(?:.* )?(?:after|before|since|when|once|until) ", before) is not None


def _is_nobodys(r: SentenceReader, verb: Token, subject: Phrase | None) -> bool:
    """The author's own opinion, a condition, or a time given by somebody's act: nobody's claim."""
    marks = {t.lower_ for t in verb.children if t.dep_ in ("mark", "advmod")}
    if marks & {"if", "unless"}:
        return True
    if (
        (marks & _TIMES or _is_after_time(r, subject))
        and verb.dep_ != "ROOT"
        and not has("misdeed_text", r.clause_text(verb))
    ):
        return True
    pronoun = subject is None or subject.text.lower() in _PRONOUNS
    if pronoun and _FIRST_PERSON.search(_QUOTED.sub("", r.s.text)):
        return True
    return pronoun and verb.dep_ in ("ccomp", "xcomp") and lemma(verb.head) in ("make", "seem", "let", "have", "want")


def _told(r: SentenceReader, verb: Token) -> set[str]:
    """To whom a thing is told: the parties right behind an active verb of telling. They do not speak it."""
    if lemma(verb) not in ("alert", "tell", "inform", "notify", "warn", "urge", "ask", "remind") or is_passive(verb):
        return set()
    end = verb.idx + len(verb)
    told: set[str] = set()
    for mention in r.d.parties_in(end, r.s.end):
        if not re.fullmatch(r" (?:the )?|(?: and|,) (?:the )?", r.d.view.text[end : mention.start]):
            break
        told.add(mention.entity_id)
        end = mention.end
    return told


def _alleging(
    r: SentenceReader, verb: Token, speakers: list[tuple[str | None, str | None]], start: int
) -> Frame | None:
    """ "what X is alleging against Y": the accused follow; "That is" takes in the sentence before."""
    stop = clause_end(r.d.view.text, start, r.s.end, r"[.;]")
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
    if (
        not re.match(r"\w+(?: on \w+)? (?:that|[A-Z]|it\b|they\b|the\b)", r.d.view.text[verb.idx : r.s.end])
        and " that " not in r.d.view.text[verb.idx : verb.idx + 50]
    ):
        return None
    for token in r.tokens:
        if (
            token.i > verb.i
            and token.pos_ in ("VERB", "AUX", "ADJ")
            and any(c.dep_.startswith("nsubj") and c.i > verb.i for c in token.children)
        ):
            return token
    return None


def _figure_saying(r: SentenceReader, verb: Token, speakers: list[tuple[str | None, str | None]]) -> Frame | None:
    """ "X puts the number of exchanges at 28 million": a figure that repeats the speaker's own accusation."""
    if lemma(verb) not in ("put", "give", "count", "estimate", "total", "tally"):
        return None
    after = r.d.view.text[verb.idx : r.s.end]
    if not TRAFFIC.search(after) or not re.search(r"\d|million|thousand|dozen|hundred", after):
        return None
    speaker = first_speaker(speakers)
    if r.d.is_publisher(speaker) or speaker is None:
        return None
    r.mark(verb)
    source = re.search(
        r"\b(?:from|by|of) ((?:the |those |these |its )?(?:two|three|four"
        r"|five)? ?(?:\w+ ){0,2}(?:labs|laboratories|companies|firms|startups))\b",
        after,
    )
    if source:
        ids = tuple(i for i in r.d.resolve_text(source.group(1), verb.idx, speaker) if i != speaker)
        return Frame("allegation", speakers, ids, source.group(1), via=r.via, anchor=verb, features=("figure-given",))
    named, _ = parties_behind(r, after, r.spoken(speakers))
    accused = named or r.d.accused_of.get(speaker, r.d.accused)
    return Frame("allegation", speakers, accused, via=r.via, anchor=verb, features=("figure-given",))


def _conj_is_same(r: SentenceReader, verb: Token, content: Token | None) -> bool:
    """ "X called it ... and warned ...": one statement; but a second saying with other accused is another claim."""
    if content is None:
        return True
    subject = subject_phrase(content)
    other = r.accused_in(subject, r.spoken(r.who(subject_phrase(verb))))
    return not (other[0] or other[1]) or not has("misdeed_text", r.clause_text(content))


def _reported(r: SentenceReader, verb: Token, content: Token | None) -> Frame | None:
    """ "Reuters reported that X had ...": the publisher is a source; X's own words or acts are read by the others."""
    r.used.add(verb.i)
    return None


def _content_text(r: SentenceReader, verb: Token, content: Token | None, subject: Phrase | None) -> str:
    text = r.s.text
    if content is not None:
        words = r.clause_text(content)
        if len(words) > 12 and not re.search(r"\b(?:evidence|signs?|proof|indications?)\W*$", words):
            return words
    cut = subject.end - r.s.start if subject is not None else 0
    tail = text[max(verb.idx + len(verb) - r.s.start, cut) :]
    return tail if len(tail) > 25 else text[: max(0, (subject.start - r.s.start) if subject else 0)] + tail
