"""What a name of the gazetteer means where it stands: which entity, or none."""

from __future__ import annotations

import re
from functools import cached_property

from tracker.nlp.gazetteer import Entry, Gazetteer
from tracker.nlp.germannouns import noun_of
from tracker.nlp.lexicon import cues_of, pattern_of
from tracker.nlp.matching import Hit
from tracker.nlp.view import TextView

_TITLE_BEFORE = re.compile(
    r"(?:^|[\s(“\"])(?:Sen|Sens|Rep|Reps|Mr|Ms|Mrs|Dr|Gov|Prof|Gen)\.?\s+$|"
    r"(?:Senators?|Representatives?|President|Chairm[ae]n|Chairwoman|Congress(?:wo)?man"
    r"|Secretary|Minister|Judge|Director|Speaker|Leader"
    r"|sénat(?:eurs?|rices?)|Senator(?:en|in)?|senador(?:es|as?)?|président|Präsident|presidente)\s+$"
)
_TITLE_PAIR = re.compile(
    r"(?:Sens\.|Reps\.|Senators|Representatives|Messrs\.?|Congressmen|sénateurs|Senatoren"
    r"|senadores)\s+(?:[\w.-]+(?:,| and| et| und| e| y)\s+){1,3}$"
)
_JOINED_AFTER = re.compile(r"[-‐‑]([^\W\d_][\w’']*)")
_JOINED_BEFORE = re.compile(r"(?<![\w’'])([^\W\d_][\w’']*)[-‐‑]$")
_HOUSE_AFTER = re.compile(
    r"['’]?s?\s+(?:Republicans?|Democrats?|panel|committee|subcommittee|members|lawmakers"
    r"|speaker|Speaker|bill|vote|floor|leaders|hearing|version|passed|voted|approved"
    r"|companion|resolution|and Senate|or Senate)"
)
_MODEL_AFTER = re.compile(
    r"(?:['’]s)?[ -](?:\d[\w.]*|models?|family|series|assistants?|chatbots?|app\b|LLMs?"
    r"|weights|checkpoints?|AI models?|large language|API|apps?\b|open[- ]weight"
    r"|benchmarks?|reasoning model|outputs?|versions?)"
)
_MODEL_BEFORE = re.compile(
    r"(?:models?|chatbots?|assistants?|app|apps|systems?|famil(?:y|ies)|series|(?:like"
    r"|such as|on|using|against|behind|including) (?:the )?)\s*$|(?:model|chatbot"
    r"|assistant) called\s+$"
)
_LAB_BEFORE = re.compile(
    r"(?:lab|laboratory|team|unit|division|group|developer|startup|company),?\s*$|"
    r"(?:linked|connected|affiliated|tied|related|belonging|associated|ties|links"
    r"|connection|close) (?:to|with)(?: [\w.’']+){0,5}\s*$|"
    r"(?:people|staff|employees|operators|engineers|researchers|individuals|developers"
    r"|executives|workers|personnel) (?:at|from|of|in|with)(?: [\w.’']+){0,4}\s*$"
)
_LAB_AFTER = re.compile(
    r"(?:['’]s)?,? (?:labs?\b|laborator|teams?\b|units?\b|division|researchers|staff"
    r"|engineers|employees|employed|operators|personnel"
    r"|has (?:denied|declined|not)|did not|denied|declined|said|says|employees|technology|accused|was accused)"
)
_PERSON_NOT = re.compile(
    r"[ ](?:Code|AI|API|Opus|Sonnet|Haiku|Pro|Max|Team|Enterprise|Desktop|Chat|Instant"
    r"|Mythos|Fable|Cowork|Web|App|Models?|Bot|And|Is|To)\b"
)
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:in|In|near|outside|from|to|at|across|around|through|visit(?:ed|ing)?|leaving"
    r"|reach|of|based in|via|for|toward|towards)|—|^|\n)\s*(?:downtown |central "
    r"|nearby )?$"
)
_SUBJECT_BEFORE = re.compile(r"\b(?:dass|daß|ob|weil|wonach|obwohl|que|si|porque|puisque|pois)\s$")
"""Words after which German, French, Spanish and Portuguese name who does something."""
_CLAUSE_BEFORE = re.compile(
    r"(?:^|[.!?:;,»”\"“„«(]\s?|\n|[–—] |\b(?:und|dass|weil|et|que|y|e|pois|mais|pero|mas|aber) )"
    r"(?:[Dd]ie |[Ll]es |[Ll]a |[LlDd]['’]|[Oo]s? |A |a |[Ee]l |[Ll]os |[Ll]e )?$"
)
_LISTING = frozenset({"add", "put", "place", "name", "include"})
_LIST = re.compile(r"\b(?:[Ll]ists?|[Bb]lacklist|[Rr]egister)\b")
_GOV_VERBS_ABROAD = re.compile(
    r",? (?:a(?:-t-|ttache|ccuse|vait)?\b|d[ée]ment|rejett?e|rejeitou|nega|negou|niega|negó|weist|wies|warf|wirft"
    r"|bestreitet|bestritt|hat|hatte|habe|will|wolle|wollte|lege|legt|nennt|nannte|erklärte?|sprach|spricht|protestiert"
    r"|droht|fordert|verlangt|warnt|reagiert|kritisiert|verurteilt|verspricht|kündigte?|lehnt|sieht|hält|dementiert"
    r"|acusa|acusó|acusou|afirm\w+|diz|disse|dijo|dice|recha[zç]\w+|qualifi\w+|conteste|affirme|d[eé]nonce|dénoncé"
    r"|demande|exige|menace|estime|refuse|promet|veut|juge|répond|exig\w+|quiere|quer|concede|concedeu|condena\w*|condenou|condenó"
    r"|responde\w*|respondió|pide|pediu|critic\w+|denunci\w+|amenaza|ameaça|insist\w+)\b"
)
_GOV_VERBS = re.compile(
    r"^(?:(?:['’]s (?:government|position|response|answer|reply|view|stance|advantage"
    r"|policy|refusal|support|objections?|anger|ambitions?|regulators?|"
    r"efforts?|hand|line|warnings?|claims?|demands?|plans?|control|own|officials|leaders"
    r"|decision|crackdown|export|accusations?|allegations?|charges?))\b"
    r"|,? (?:has|had|have|will|would|could|may|might|must|should|is|was|are|says|said"
    r"|denies|denied|denounced|opposes?d?|objects?|objected|rejects?|rejected"
    r"|dismiss(?:es|ed)|called|calls|accuses?d?|condemn(?:s|ed)|insists?|insisted"
    r"|responds?|responded|wants?|warned|warns|argues?|urged?s?|"
    r"vowed|ban(?:s|ned)?|imposed|imposes|retaliates?d?|considers?|considered|tighten(?:s"
    r"|ed)?|demands?|demanded|maintains|attached|attaches|"
    r"regards?|regarded|views?|viewed|sees|blames?d?|treats|needs|plans|promised|pledged"
    r"|to (?:tighten|ban|act|impose|restrict|intervene|stop|punish|block|take|do|respond"
    r"|rein))\b)"
)


class Meaning:
    """Decides for each hit of one text; knows all of them, because a name in full explains its short forms."""

    def __init__(self, view: TextView, gazetteer: Gazetteer, hits: list[Hit]) -> None:
        self._view = view
        self._text = view.text
        self._entries = gazetteer.entries
        self._hits = hits
        self._full = {entity_id for hit in hits if not hit.short for entity_id in hit.ids}

    def entity_of(self, hit: Hit) -> str | None:
        """The id of the entity that a hit names, or None where it is an ordinary word or another's name."""
        possible = [self._entries[entity_id] for entity_id in hit.ids if self._allowed(hit, self._entries[entity_id])]
        if not possible:
            return None
        if len(possible) > 1:
            return self._choose(hit, possible)
        entry = possible[0]
        if entry.entity.type == "place" and entry.government:
            acts = self._is_metonym(hit) if entry.entity.parent else self._acts_as_state(hit)
            return entry.government if acts else entry.entity.id
        if entry.entity.type == "model" and self._is_somebody(hit):
            return None
        return entry.entity.id

    # --- is it the name at all? ---------------------------------------------------------------------------------

    def _allowed(self, hit: Hit, entry: Entry) -> bool:
        if self._view.language == "zh":
            return not hit.short
        if hit.short and not self._short_is_explained(hit, entry):
            return False
        if entry.entity.type == "person" and self._is_in_double_name(hit):
            return False
        if entry.needs_context and not self._context_is_there(hit, entry.needs_context):
            return False
        written = self._text[hit.start : hit.end]
        if entry.entity.id == "us-house" and written == "House":
            before = self._text[max(0, hit.start - 6) : hit.start]
            return before.lower().endswith("the ") or bool(_HOUSE_AFTER.match(self._text, hit.end))
        if written in {"US", "IT"} and entry.entity.id == "united-states":
            return self._text[hit.end : hit.end + 1] != "$"
        if entry.entity.type == "place" or entry.entity.type == "company":
            return not self._is_part_of_longer_name(hit, entry)
        return True

    def _short_is_explained(self, hit: Hit, entry: Entry) -> bool:
        before = self._text[max(0, hit.start - 60) : hit.start]
        if entry.entity.type == "person":
            if _TITLE_BEFORE.search(before) or _TITLE_PAIR.search(before):
                return True
            named = entry.entity.id in self._full
            return named and not re.search(r"[A-Z][\w’'-]+ $", self._last_in_sentence(before))
        if entry.entity.type == "model":
            return entry.entity.parent in self._full or entry.entity.id in self._full
        if entry.entity.id == "commerce-department":
            return "commerce-department" in self._full or bool(
                re.match(r" (?:Secretary|officials)\b", self._text[hit.end :])
            )
        return entry.entity.id in self._full

    def _is_in_double_name(self, hit: Hit) -> bool:
        """ "Sen. Vance-Okoro", "Anna-Elizabeth Warren": a part of somebody else's name.

        A bill or a dispute may join two who are both known ("the Warren-Hawley bill"), and German joins any noun to a
        name ("Vance-Sprecher"): those leave the name what it is.
        """
        before = self._text[max(0, hit.start - 60) : hit.start]
        if (joined := _JOINED_BEFORE.search(before)) and joined.group(1)[0].isupper():
            return not self._is_named(hit.start - len(joined.group()), hit.start - 1)
        joined = _JOINED_AFTER.match(self._text, hit.end)
        if joined is None or not joined.group(1)[0].isupper():
            return False
        if self._view.language == "de" and noun_of(joined.group(1)) != "no":
            return False
        if _TITLE_BEFORE.search(before):
            return True
        return not self._is_named(hit.end + 1, joined.end())

    def _is_named(self, start: int, end: int) -> bool:
        """Whether a name of the gazetteer fills the span, in full or as a short form of a name that the text has."""
        return any(
            other.start <= start
            and other.end >= end
            and (not other.short or any(entity_id in self._full for entity_id in other.ids))
            for other in self._hits
        )

    def _last_in_sentence(self, before: str) -> str:
        """What stands before, cut at the sentence's start; a title there is no first name."""
        tail = re.split(r"[.!?]\s|\n", before)[-1]
        words = tail.split()
        if words and (
            words[-1].strip(".,") in cues_of("names", "titles") or words[-1] in cues_of("names", "not_names")
        ):
            return ""
        if len(words) == 1 and not self._view.text[: max(0, len(before))].endswith(words[0]):
            return ""
        return tail

    def _context_is_there(self, hit: Hit, needed: str) -> bool:
        if needed in self._entries:
            return needed in self._full
        around = self._text[max(0, hit.start - 40) : hit.end + 40]
        before = self._text[max(0, hit.start - 12) : hit.start]
        return bool(re.search(rf"\b{needed}|\bpaper\b|\bstud(?:y|ies)\b|peer.review", around, re.I)) or bool(
            re.search(r"(?:\bin|\bjournal) $", before)
        )

    def _is_part_of_longer_name(self, hit: Hit, entry: Entry) -> bool:
        after = re.match(r" ([A-Z][a-z]+)", self._text[hit.end : hit.end + 20])
        if entry.entity.type == "company" or after is None:
            return False
        return after.group(1) in {"University", "Institute", "River", "Street", "Times", "Post", "Journal", "Herald"}

    def _is_somebody(self, hit: Hit) -> bool:
        """ "Claude Fournier": a model's name that is a person's first name there."""
        if hit.versioned or self._view.language == "zh":
            return False
        match = re.match(r" ([A-ZÀ-Þ][\w’-]+)", self._text[hit.end : hit.end + 40])
        if match is None or " " in self._text[hit.start : hit.end] or _PERSON_NOT.match(self._text, hit.end):
            return False
        token = self._view.token_at(hit.end + 1)
        if any(other.start == hit.end + 1 for other in self._hits if not other.short):
            return False
        return token is None or token.pos_ == "PROPN"

    # --- which of several? --------------------------------------------------------------------------------------

    def _choose(self, hit: Hit, possible: list[Entry]) -> str:
        types = {entry.entity.type: entry.entity.id for entry in possible}
        if {"company", "model"} <= set(types):
            return types["model"] if self._is_model(hit) else types["company"]
        full = [entry for entry in possible if entry.entity.id in self._full]
        return (full or possible)[0].entity.id

    def _is_model(self, hit: Hit) -> bool:
        local = self._model_locally(hit)
        return local if local is not None else self._mostly_model

    def _model_locally(self, hit: Hit) -> bool | None:
        if hit.versioned:
            return True
        before, after = self._text[max(0, hit.start - 60) : hit.start], self._text[hit.end : hit.end + 40]
        if self._view.language == "zh":
            if re.match(r"\s?(?:实验室|团队|部门|研究)", after):
                return False
            return True if re.match(r"\s?(?:系列)?(?:模型|大模型|助手|应用)", after) else None
        if _LAB_AFTER.match(after) or _LAB_BEFORE.search(before):
            return False
        if _MODEL_AFTER.match(after) or _MODEL_BEFORE.search(before):
            return True
        token = self._view.token_at(hit.start)
        if token is not None and token.dep_ in ("obl:agent", "nsubj"):
            return False
        return None

    @cached_property
    def _mostly_model(self) -> bool:
        votes = [self._model_locally(hit) for hit in self._hits if len(hit.ids) > 1]
        return votes.count(True) >= votes.count(False)

    def _acts_as_state(self, hit: Hit) -> bool:
        """A country that says, denies, bans or orders something is its government; one that has or grows is a place."""
        text, language = self._text, self._view.language
        if language == "zh":
            return bool(pattern_of("names", "states_act", "zh").match(text, hit.end))
        if language != "en":
            if (
                not _CLAUSE_BEFORE.search(text[max(0, hit.start - 24) : hit.start])
                or text[hit.end : hit.end + 1] != " "
            ):
                return False
            return bool(pattern_of("names", "states_act", language).match(text, hit.end + 1))
        token = self._view.head_of(hit.start, hit.end)
        if token is None or token.dep_ not in ("nsubj", "nsubj:pass", "obl:agent", "nsubj:outer"):
            return False
        verb = token.head
        if verb.pos_ not in ("VERB", "AUX"):
            return False
        agent = token.dep_ == "obl:agent"
        is_passive = any(child.dep_ in ("aux:pass", "nsubj:pass") for child in verb.children)
        if is_passive and not agent:
            return False
        if verb.lemma_ in _LISTING:
            return bool(_LIST.search(text, verb.idx, verb.idx + 120))
        return verb.lemma_ in cues_of("names", "states_act")

    def _is_metonym(self, hit: Hit) -> bool:
        """A capital that speaks, acts or is addressed is its government."""
        text = self._text
        after = text[hit.end : hit.end + 40]
        before = text[max(0, hit.start - 40) : hit.start]
        if re.match(r"[-–]\w|, D\.C\.|,? \(|\s?[-–—] |,\s[A-Z]", after):
            return False
        if self._view.language == "zh":
            return bool(re.match(r"(?:方面|当局)?(?:反对|表示|否认|回应|称|指责|认为|要求|驳斥)", after))
        if self._view.language != "en":
            return bool(_SUBJECT_BEFORE.search(before) or _GOV_VERBS_ABROAD.match(after))
        if re.search(
            r"\b(?:in|In|near|outside|at|across|around|from|through|leaving|based in|visited"
            r"|visiting|outside of|mayor of|city of|streets of)\s+$",
            before,
        ):
            return False
        if re.search(r"\bbetween $", before) and re.match(r" and [A-Z]", after):
            return True
        token = self._view.token_at(hit.start)
        if token is None:
            return bool(_GOV_VERBS.match(after))
        if token.dep_ in ("nsubj", "nsubj:pass", "obl:agent", "nsubj:outer"):
            return True
        if token.dep_ in ("obj", "iobj") and token.head.lemma_ in {
            "urge",
            "ask",
            "press",
            "accuse",
            "tell",
            "like",
            "want",
            "blame",
            "lobby",
            "warn",
            "push",
            "persuade",
            "anger",
            "help",
            "criticize",
            "criticise",
        }:
            return True
        return bool(_GOV_VERBS.match(after))
