"""Names that the gazetteer lacks: runs of capitals and NER, typed by the votes of their contexts in the document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from tracker.ids import slugify
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.lexicon import cues_of
from tracker.nlp.view import TextView
from tracker.types import EntityType

T = TypeVar("T")
Known = tuple[int, int, str, str, EntityType]

_WORD = r"(?:[A-ZÀ-Þ][\w’'&.-]*\w|[A-ZÀ-Þ]\.?|[a-z]{1,2}[A-Z]\w+)"
_RUN = re.compile(
    rf"(?<![\w@#/.-]){_WORD}(?:(?: (?:of|de|da|do|van|von|der|bin|al|la|le|du|&)){{0,2}}[ ]{_WORD}){{0,6}}"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_CHIP = re.compile(r"^[A-Z]{1,3}\d{2,}\w*$")
_NER: dict[str, tuple[tuple[EntityType, float], ...]] = {
    "PER": (("person", 2.0),),
    "PERSON": (("person", 2.0),),
    "ORG": (("company", 1.5), ("organisation", 0.5)),
    "LOC": (("place", 1.5),),
    "GPE": (("place", 1.5),),
    "MISC": (("model", 0.6),),
    "PRODUCT": (("model", 1.5),),
    "LAW": (("law", 2.0),),
}
_LEAD_WORDS: dict[EntityType, str] = {
    "model": "chatbot model assistant app tool",
    "company": (
        "startup start-up company firm maker lab laboratory giant developer rival unit subsidiary provider reseller "
        "chipmaker brokerage fund group parent conglomerate consultancy distiller vendor unicorn investor"
    ),
    "publisher": "newspaper magazine newsletter website outlet broadcaster daily weekly journal newswire",
    "place": "city town province state village county district island port",
    "organisation": "institute charity nonprofit non-profit foundation university think-tank union tank association",
}
_LEADS: dict[str, EntityType] = {word: kind for kind, words in _LEAD_WORDS.items() for word in words.split()}
"""What the noun right before a name says of it: "the startup Veridane"."""


def find_new_names(view: TextView, known: list[Known], gazetteer: Gazetteer, make: Callable[..., T]) -> list[T]:
    """Spans of names that are not in `known`, each with an id made of the name; short forms share the full name's."""
    if view.language == "zh":
        return []
    runs = list(_capital_runs(view, known))
    persons = _short_forms_of_persons(known)
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for start, end in runs:
        groups[_normal(view.text[start:end])].append((start, end))
    types = {name: _vote(view, name, spans) for name, spans in groups.items()}
    full_forms = _link_short_forms(types, known)
    out: list[T] = []
    for name, spans in groups.items():
        target = full_forms.get(name) or persons.get(name)
        if target is None:
            decided = types[name]
            if decided is None:
                continue
            target = (slugify(name), name, decided)
        entity_id, full_name, kind = target
        out.extend(make(start, end, entity_id, full_name, kind) for start, end in spans)
    return out


def _normal(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def _capital_runs(view: TextView, known: list[Known]) -> Iterable[tuple[int, int]]:
    taken = sorted((start, end) for start, end, *_ in known)
    not_names, demonyms = cues_of("names", "not_names"), cues_of("names", "demonyms")
    seen_inside = _seen_inside_sentences(view)
    for sentence in view.sentences:
        if _is_heading(sentence.text):
            continue
        for match in _RUN.finditer(view.text, sentence.start, sentence.end):
            for start, end in _minus(match.start(), match.end(), taken):
                span = _trim(view, start, end, not_names, demonyms)
                if span and _plausible(view, sentence.start, *span, seen_inside):
                    yield span


def _is_heading(line: str) -> bool:
    words = re.findall(r"[^\W\d_]\w*", line)
    return (
        bool(words)
        and not re.search(r"[.!?:;。\"”)]\s*$", line)
        and sum(word[0].isupper() for word in words) > len(words) * 0.6
    )


def _seen_inside_sentences(view: TextView) -> set[str]:
    starts = {sentence.start for sentence in view.sentences}
    return {
        match.group()
        for sentence in view.sentences
        if not _is_heading(sentence.text)
        for match in re.finditer(r"(?<![\w\"“])[A-ZÀ-Þ]\w+", sentence.text)
        if sentence.start + match.start() not in starts
    }


def _minus(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of a span that no known name takes."""
    parts = []
    for left, right in taken:
        if right <= start or left >= end:
            continue
        if left > start:
            parts.append((start, left))
        start = max(start, right)
    if start < end:
        parts.append((start, end))
    return parts


def _trim(
    view: TextView, start: int, end: int, not_names: frozenset[str], demonyms: frozenset[str]
) -> tuple[int, int] | None:
    text = view.text
    words = [
        (match.group(), start + match.start(), start + match.end()) for match in re.finditer(r"[^\s]+", text[start:end])
    ]
    drop = not_names | demonyms | cues_of("names", "titles", "en")

    def is_firm(position: int) -> bool:
        """ "Brightmoor AI" is a firm's name; the AI of "Brightmoor AI models" says what the models are."""
        following = text[words[position][2] : words[position][2] + 12]
        return (
            words[position][0].rstrip("'’s,.") == "AI"
            and position > 0
            and not re.match(
                r" (?:models?|labs?|system|startup|firm|compan|industr|chips?|researc|developer|tool|rival|group)",
                following,
            )
        )

    def is_noise(word: str) -> bool:
        bare = _POSSESSIVE.sub("", word).strip(".,;:'’&-")
        return (
            len(bare) < 2
            or bare in drop
            or not bare[:2].strip("&.-").strip()
            or (bare[0].islower() and not any(c.isupper() for c in bare))
        )

    keep_capital = len(words) > 1
    while (
        words
        and is_noise(words[0][0])
        and not (
            keep_capital
            and words[0][0] in {"New", "First", "General"}
            and len(words) > 1
            and not _sentence_start(view, words[0][1])
        )
    ):
        words.pop(0)
    while words and is_noise(words[-1][0]) and not (len(words) > 1 and is_firm(len(words) - 1)):
        words.pop()
    if not words:
        return None
    left, right = words[0][1], words[-1][2]
    match = _POSSESSIVE.search(text[left:right])
    if match:
        right -= len(match.group())
    while right > left and not (text[right - 1].isalnum() or text[right - 1] == "."):
        right -= 1
    suffix = re.search(
        r"-(?:linked|based|backed|made|led|listed|style|affiliated|owned|like|style|run|era"
        r"|built|trained|powered|developed|only|free|wide|first|related|tied|controlled)$",
        text[left:right],
    )
    if suffix:
        right -= len(suffix.group())
    return (left, right) if right - left >= 2 else None


def _sentence_start(view: TextView, offset: int) -> bool:
    sentence = view.sentence_at(offset)
    return sentence is not None and sentence.start == offset


def _plausible(view: TextView, sentence_start: int, start: int, end: int, seen_inside: set[str]) -> bool:
    text = view.text[start:end]
    if _CHIP.match(text) or re.fullmatch(r"\d+|[A-Z]\d", text):
        return False
    if view.text[end : end + 1] == "$":
        return False
    quoted = (
        start > 0
        and view.text[start - 1] in "\"“‘'«„"
        and end < len(view.text)
        and re.match(r"(?: AI)?[\"”'»“]", view.text[end : end + 4])
    )
    if quoted:
        return False
    words = text.split()
    camel = bool(re.search(r"[a-z][A-Z]|\d|[A-Z]{2}", text))
    ner = any(token.ent_type_ for token in view.tokens_in(start, end))
    at_start = not re.search(r"\w", view.text[sentence_start:start])
    if view.language != "en":
        if view.language == "de":
            return camel or len(words) >= 2
        return camel or len(words) >= 2 or (not at_start and len(text) > 3)
    tokens = view.tokens_in(start, end)
    if len(words) == 1 and tokens and tokens[0].tag_ == "NNS":
        return False
    if tokens and not any(token.pos_ in ("PROPN", "X") or token.ent_type_ for token in tokens) and not camel:
        return False
    if len(words) == 1 and not camel and tokens and text.lower() in seen_inside:
        return False
    if at_start and len(words) == 1:
        return ner or camel or text in seen_inside or tokens[0].pos_ == "PROPN" if tokens else camel
    return True


def _vote(view: TextView, name: str, spans: list[tuple[int, int]]) -> EntityType | None:
    scores: dict[EntityType, float] = defaultdict(float)
    _vote_by_form(name, scores)
    for start, end in spans:
        _vote_by_context(view, start, end, name, scores)
    if not scores:
        return (
            "person" if len(name.split()) == 2 and name.replace(" ", "").isalpha() and view.language == "en" else None
        )
    best, score = max(scores.items(), key=lambda item: (item[1], item[0]))
    return best if score >= 0.6 else None


_FORM_WORDS: tuple[tuple[EntityType, str], ...] = (
    ("company", "company_words"),
    ("publisher", "publisher_words"),
    ("organisation", "organisation_words"),
    ("government", "government_words"),
    ("law", "law_words"),
)


def _vote_by_form(name: str, scores: dict[EntityType, float]) -> None:
    words = name.split()
    last = words[-1].strip(".,")
    if len(words) > 1:
        for kind, cue in _FORM_WORDS:
            if last in cues_of("names", cue) or (
                kind in ("organisation", "government") and words[0] in cues_of("names", cue)
            ):
                scores[kind] += 3.0
        if {"the", "of"} & set(words):
            scores["organisation"] += 0.5
    if re.search(r"[a-z][A-Z]", name) and len(words) == 1:
        scores["company"] += 0.8
    if re.search(r"\d", name):
        scores["model"] += 1.6
    if len(words) == 1 and name.isupper() and len(name) > 1:
        scores["organisation"] += 0.7
    if re.search(r"\.(?:AI|ai|com|io)$", name):
        scores["company"] += 2


_AFTER_PERSON = re.compile(
    r",? (?:who\b|(?:the|a|an|its|his|her|their|chief|former|then|co-founder|founder|head"
    r"|director|senior|professor|deputy|managing|general|vice|president|chair"
    r"|[A-Z]\w+['’]s|[a-z]+ ){0,7}?)"
)
_AFTER_COMPANY = re.compile(
    r",? (?:a|an|the|one of|another|its|which|whose)\b[^,.;]{0,60}?\b(?:startup|start-up"
    r"|company|firm|lab|laboratory|maker|developer|provider|reseller|vendor|group|giant"
    r"|platform|subsidiary|brokerage|bank|fund|chipmaker|conglomerate|operator|business"
    r"|unicorn)\b"
)
_AFTER_ORG = re.compile(
    r",? (?:a|an|the)\b[^,.;]{0,50}?\b(?:think tank|think-tank|non-profit|nonprofit"
    r"|university|institute|charity|association|trade body|trade group|lobby"
    r"|advocacy group|industry body|watchdog group)\b"
)
_AFTER_GOV = re.compile(
    r",? (?:a|an|the)\b[^,.;]{0,50}?\b(?:regulator|ministry|agency|watchdog|parliament|authority|court)\b"
)
_AFTER_MODEL = re.compile(
    r",? (?:a|an|the|its)\b[^,.;]{0,50}?\b(?:model|chatbot|assistant|coding tool|app|product|system)\b"
)
_AFTER_PUBLISHER = re.compile(
    r",? (?:a|an|the)\b[^,.;]{0,40}?\b(?:newspaper|magazine|newsletter|news agency|website"
    r"|outlet|broadcaster|journal|blog)\b| (?:first )?reported\b"
)


_APPOSITIONS: tuple[tuple[EntityType, re.Pattern[str], float], ...] = (
    ("company", _AFTER_COMPANY, 3.0),
    ("organisation", _AFTER_ORG, 3.5),
    ("government", _AFTER_GOV, 3.0),
    ("model", _AFTER_MODEL, 2.5),
    ("publisher", _AFTER_PUBLISHER, 3.0),
)
"""What a name's apposition says of it: "Lumen, a Chinese startup"."""


def _vote_by_context(view: TextView, start: int, end: int, name: str, scores: dict[EntityType, float]) -> None:
    before, after = view.text[max(0, start - 60) : start], view.text[end : end + 90]
    sentence = view.sentence_at(start)
    if sentence is not None:
        before = before[-(start - sentence.start) :] if start > sentence.start else ""
        after = view.text[end : min(sentence.end, end + 90)]
    words = before.split()
    previous = words[-1].strip('("“,') if words else ""
    many = len(name.split()) > 1
    if previous.rstrip(".") in cues_of("names", "titles", view.language) | cues_of("names", "role_nouns") | cues_of(
        "names", "titles"
    ):
        scores["person"] += 4.0
    lead = _LEADS.get(previous.lower())
    if lead and not words[-1].endswith(","):
        scores[lead] += 3.0
    if many and (match := re.match(r",? (?:who\b|[^.;:]{0,60})", after)) and after[:1] in ", ":
        noun = re.match(
            r", (?:who\b|(?:[\w’'.-]+ ){0,6}?(?:" + "|".join(sorted(cues_of("names", "role_nouns"))) + r")\b)",
            match.group(),
        )
        if noun:
            scores["person"] += 3.0
    for kind, pattern, weight in _APPOSITIONS:
        if after[:1] == "," and pattern.match(after) and not (kind == "model" and scores["company"] > 2):
            scores[kind] += weight
        elif kind == "publisher" and pattern.match(after) and not many:
            scores["publisher"] += 1.5
    if (
        re.search(
            r"(?:according to|reported by|reviewed by|seen by|obtained by|told|cited by"
            r"|reports? in|interview with) (?:the )?$",
            before,
        )
        and not many
    ):
        scores["publisher"] += 1.2
    if re.match(
        r"['’]s (?:\w+ ){0,2}(?:models?|terms|API|employees|staff|lawyers|researchers|platform"
        r"|engineers|chief|CEO|systems|technology|customers|chatbot|interface)\b",
        after,
    ):
        scores["company"] += 1.5
    if re.match(r" (?:models?|chatbots?|assistant|app|weights)\b", after):
        scores["model"] += 1.2
        scores["company"] += 0.6
    if re.search(r"['’]s (?:\w+ )?$", before) and re.match(
        r"(?: (?:models?|chatbots?|assistant|tool|family|app|API)\b|[,.]| through| with| to\b)", after
    ):
        scores["model"] += 1.2
    if re.match(r"-(?:based|born|headquartered)", after):
        scores["place"] += 4.0
    if re.search(r"\b(?:in|near|outside|from) (?:the )?$", before) and not re.search(
        r"(?:published|paper|article|report) in $", before
    ):
        scores["place"] += 0.8
    if re.match(r" (?:said|says|told|argued|added|wrote|tweeted|testified|replied)\b", after):
        scores["person" if many else "company"] += 0.6
    if (
        re.match(
            r" (?:accused|banned|blocked|suspended|denied|declined|launched|released|raised"
            r"|has (?:blocked|banned|told|accused|denied))\b",
            after,
        )
        and not many
    ):
        scores["company"] += 1.0
    labels = Counter(token.ent_type_ for token in view.tokens_in(start, end) if token.ent_type_)
    if labels:
        for kind, weight in _NER.get(labels.most_common(1)[0][0], ()):
            # a person is seldom named by one word only; small models call every odd name a person
            scores[kind] += weight * (0.35 if kind == "person" and not many else 1.0)
    if not many and re.match(
        r"['’]s (?:\w+ )?(?:outputs?|answers|capabilit\w+|abilit\w+|skills?|responses|replies"
        r"|reasoning|safeguards|weights|benchmark\w*)\b",
        after,
    ):
        scores["model"] += 2.0
    if not many and re.search(
        r"\b(?:copy|copied|copying|distill?\w*|exchanges with|conversations with|trained? on"
        r"|training on|questioned its|its|interact\w* with|quer\w+) (?:the )?$",
        before,
    ):
        scores["model"] += 1.0
    if name.isupper() and re.match(r" ?(?:\([A-Z]\w+\) )?(?:-|–|—|--) ", after):
        scores["place"] += 5.0


def _short_forms_of_persons(known: list[Known]) -> dict[str, tuple[str, str, EntityType]]:
    forms: dict[str, tuple[str, str, EntityType]] = {}
    for _, _, entity_id, name, kind in known:
        if kind == "person" and " " in name:
            forms.setdefault(name.split()[-1], (entity_id, name, kind))
    return forms


def _link_short_forms(
    types: dict[str, EntityType | None], known: list[Known]
) -> dict[str, tuple[str, str, EntityType]]:
    """Surname -> full name, first word of a firm -> the firm, among the new names of one document."""
    full = {name: kind for name, kind in types.items() if kind is not None and " " in name}
    links: dict[str, tuple[str, str, EntityType]] = {}
    for name in types:
        for longer, kind in full.items():
            if name == longer:
                continue
            words = longer.split()
            is_surname = kind == "person" and (
                name == words[-1] or longer.endswith(" " + name) or (len(words) == 2 and name == words[0])
            )
            is_head = kind in ("company", "organisation", "publisher", "government") and longer.startswith(name + " ")
            if is_surname or is_head:
                links[name] = (slugify(longer), longer, kind)
                break
    return links
