"""Claims in Chinese, French, German, Spanish and Portuguese, by cue words and order.

Without a parse we say less: a claim needs a speaker that the sentence names or plainly continues, and the accused are
those whom the sentence names as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tracker.nlp.composing import Facts
from tracker.nlp.discourse import Discourse
from tracker.nlp.figures import owners_of_figures
from tracker.nlp.lexicon import pattern_of
from tracker.nlp.view import Sentence
from tracker.types import ACCUSING_TYPES, Claim, ClaimStatus, ClaimType, Mention

_COUNT_WORDS = {
    2: "两 二 deux beiden zwei dos duas dois",
    3: "三 trois drei tres três",
    4: "四 quatre vier cuatro quatro",
    5: "五 cinq fünf cinco",
}
_COUNTS = {word: count for count, words in _COUNT_WORDS.items() for word in words.split()}
_SOURCE = re.compile(
    r"(?:selon|d[’']après|laut|según|segundo|de acordo com|conforme|nach|vue? par"
        r"|consultée? par|rapporté par|eingesehen|vorliegt|a la que tuvo acceso|obtido por"
        r"|visto por|visto pela|据)\s*(?:[^,，.]{0,50}?)$", re.I
)  # fmt: skip


@dataclass
class _State:
    speaker: str | None = None
    speaker_for: str | None = None
    author: str | None = None
    accused: tuple[str, ...] = ()
    accused_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    target: tuple[str, ...] = ()


class ForeignReader:
    """Reads the sentences of one text in one of those languages, in order."""

    def __init__(self, discourse: Discourse, facts: Facts) -> None:
        self._discourse, self._facts = discourse, facts
        self._state = _State(speaker=discourse.issuer, author=discourse.issuer)

    def read(self, sentence: Sentence) -> list[Claim]:
        """The claims that the cues of a sentence speak for."""
        return _ForeignSentence(self._discourse, sentence, self._facts, self._state).read()

    def note(self, claim: Claim) -> None:
        """Remember a claim that stands."""
        _remember(self._discourse, self._state, claim)


def _remember(discourse: Discourse, state: _State, claim: Claim) -> None:
    if claim.speaker is not None and claim.type != "no_response":
        state.speaker, state.speaker_for = claim.speaker, claim.on_behalf_of
    if claim.type == "allegation":
        if claim.speaker is not None:
            state.author = claim.speaker
        if claim.accused:
            state.accused = claim.accused
            discourse.note_allegation(claim.speaker, claim.accused, claim.target)
            if claim.speaker:
                state.accused_of[claim.speaker] = claim.accused
        if claim.target:
            state.target = claim.target


class _ForeignSentence:
    """One sentence, read by its cues."""

    def __init__(self, discourse: Discourse, sentence: Sentence, facts: Facts, state: _State) -> None:
        self.d, self.s, self.facts, self.state = discourse, sentence, facts, state
        self.language = discourse.view.language
        self.parties = discourse.parties_in(sentence.start, sentence.end)
        self.via = self._via()

    def has(self, cue: str) -> re.Match[str] | None:
        return pattern_of("foreign", cue, self.language).search(self.s.text)

    def read(self) -> list[Claim]:
        if not re.search(r"[.!?。！？…»\"”]\s*$", self.s.text):
            return []
        for kind in (
            self._silence,
            self._legislation,
            self._denial,
            self._accusation,
            self._public_act,
            self._company_act,
            self._statement,
        ):
            claims = kind()
            if claims:
                return claims
        return []

    # --- parts --------------------------------------------------------------------------------------------------

    def _via(self) -> tuple[str, ...]:
        out = []
        for mention in self.d.mentions_in(self.s.start, self.s.end):
            if mention.type == "publisher":
                before = self.d.view.text[max(self.s.start, mention.start - 60) : mention.start]
                if _SOURCE.search(before):
                    out.append(mention.entity_id)
        return tuple(out)

    def _speaker(self, before: int | None = None) -> tuple[str | None, str | None]:
        """The first party that the sentence names (before a cue), else who plainly goes on speaking."""
        again = self.has("company_again")
        paper = self.has("paper")
        limit = self.s.end if before is None else self.s.start + before
        tied = self.has("tied")
        for mention in self.parties:
            if mention.start >= limit:
                break
            if tied and tied.start() <= mention.start - self.s.start < tied.end():
                continue
            if again and again.start() < mention.start - self.s.start and again.start() < 12:
                break
            if mention.type == "person":
                return mention.entity_id, self._org(mention)
            return mention.entity_id, None
        if paper and self.state.author:
            return self.state.author, None
        if again and self.state.speaker:
            return self.state.speaker, self.state.speaker_for
        return None, None

    def _org(self, mention: Mention) -> str | None:
        entry = self.d.gazetteer.entries.get(mention.entity_id)
        beside = next(
            (
                m
                for m in self.parties
                if m.type in ("government", "company", "organisation") and 0 <= m.start - mention.end < 40
            ),
            None,
        )
        if beside is not None and re.search(
            r"\b(?:de|du|von|der|des|do|da|del)\b", self.d.view.text[mention.end : beside.start]
        ):
            return beside.entity_id
        if entry is None or entry.role in ("senator", "representative"):
            return None
        return entry.speaks_for

    def _accused(self, speaker: str | None, after: int = 0) -> tuple[tuple[str, ...], str | None]:
        tied = self.has("tied")
        if tied:
            inside = [
                m.entity_id for m in self.parties if self.s.start + tied.start() <= m.start < self.s.start + tied.end()
            ]
            inside = [i for i in inside if i != speaker]
            if inside:
                return tuple(dict.fromkeys(inside)), tied.group().strip()
        named = [
            m
            for m in self.parties
            if m.entity_id != speaker and m.type in ("company", "organisation") and m.start - self.s.start >= after
        ]
        named = [m for m in named if not self._is_victim(m)]
        group = self.has("group_again")
        if named and not (group and len(named) < 2):
            return tuple(dict.fromkeys(m.entity_id for m in named)), None
        if group:
            size = next((n for word, n in _COUNTS.items() if word in group.group()), None)
            ids = self.d.group_of_size(size, self.s.start + group.start(), False, speaker)
            if not ids and len(self.state.accused) == size:
                ids = self.state.accused
            return ids, group.group()
        wide = self.has("wide")
        if wide:
            return (), wide.group()
        return (), None

    def _is_victim(self, mention: Mention) -> bool:
        """ "modèles d'OpenAI", "von OpenAI abgeschöpft", "OpenAI的模型": whose model it was, not who did it."""
        before = self.d.view.text[max(self.s.start, mention.start - 28) : mention.start]
        after = self.d.view.text[mention.end : mention.end + 12]
        return bool(
            re.search(
                r"(?:mod[èe]les?|modelos?|Modelle?n?|réponses|sorties|respostas|salidas|Ausgaben"
                r"|données|Daten|dados|datos|API) (?:d[’']|de |da |do |del |von |der )$",
                before,
            )
            or re.match(r"的(?:模型|数据|输出|技术)", after)
        )

    def _claim(
        self,
        kind: ClaimType,
        speaker: tuple[str | None, str | None],
        accused: tuple[str, ...] = (),
        words: str | None = None,
        status: ClaimStatus | None = None,
    ) -> Claim:
        figures = [
            i
            for i, q in enumerate(self.facts.quantities)
            if self.s.start <= q.start < self.s.end and q.kind != "people"
        ]
        days = [i for i, d in enumerate(self.facts.dates) if self.s.start <= d.start < self.s.end]
        models = [
            m.entity_id
            for m in self.d.mentions_in(self.s.start, self.s.end)
            if m.type == "model" and self.d.parent(m.entity_id) not in accused
        ]
        target = self._target(kind, speaker[0], accused, models)
        return Claim(
            type=kind,
            start=self.s.start,
            end=self.s.end,
            text=self.s.text,
            speaker=speaker[0],
            accused=accused,
            accused_as=words,
            target=target if kind in ACCUSING_TYPES else (),
            quantities=tuple(figures),
            dates=tuple(days),
            via=self.via,
            status=status or "alleged",
            on_behalf_of=speaker[1],
        )

    def _target(
        self, kind: ClaimType, speaker: str | None, accused: tuple[str, ...], models: list[str]
    ) -> tuple[str, ...]:
        """What it was done to: for an accusing company its own model or itself, never another company's model."""
        if kind != "allegation" or not self.d.is_company(speaker):
            return tuple(models[:1]) or (self.state.target if accused or kind == "allegation" else ())
        own = [model for model in models if self.d.parent(model) == speaker]
        before = [t for t in self.state.target if t == speaker or self.d.parent(t) == speaker]
        return tuple(own[:1]) or tuple(before[:1]) or ((speaker,) if speaker and accused else ())

    # --- kinds --------------------------------------------------------------------------------------------------

    def _silence(self) -> list[Claim]:
        cue = self.has("no_response")
        if cue is None:
            return []
        ids = [m.entity_id for m in self.parties if m.type != "person" or len(self.parties) == 1]
        group = self.has("group_again")
        if not ids and group:
            size = next((n for word, n in _COUNTS.items() if word in group.group()), None)
            ids = list(self.d.group_of_size(size, self.s.start, False, None))
        if not ids and self.has("company_again") and self.state.accused:
            ids = list(self.state.accused[:1])
        everyone = {i for accused in self.state.accused_of.values() for i in accused} | set(self.state.accused)
        if not everyone:
            return []
        others = self.state.accused if everyone & set(ids) else ()
        return [
            self._claim("no_response", (i, None), (i,) if i in everyone else others, status="asserted")
            for i in dict.fromkeys(ids)
        ]

    def _denial(self) -> list[Claim]:
        cue = self.has("denial")
        if cue is None:
            return []
        if (
            not re.search(
                r"accusation|allégation|Vorw[uü]rf|Anschuldigung|Behauptung|acusa|alegaç|denunci"
                r"|imputa|指责|指控|说法|报道|charges?",
                self.s.text,
            )
            and self.language != "zh"
        ):
            return []
        speaker = self._speaker()
        if speaker[0] is None or self.d.is_publisher(speaker[0]):
            return []
        everyone = {i for accused in self.state.accused_of.values() for i in accused}
        accused = (
            (speaker[0],)
            if speaker[0] in everyone or self.d.is_company(speaker[0])
            else (self.state.accused if self.language != "zh" else ())
        )
        claim = self._claim("denial", speaker, accused, status="denied")
        return [claim]

    def _accusation(self) -> list[Claim]:
        accuse, misdeed = self.has("accuse"), self.has("misdeed")
        said = self.has("say")
        if not (accuse and (misdeed or self.language != "zh")) and not (misdeed and said):
            return []
        cue = accuse or said
        speaker = self._speaker()
        if speaker[0] is None or self.d.is_publisher(speaker[0]):
            return []
        admit = self.has("admit")
        accused, words = self._accused(speaker[0])
        if admit and misdeed and not accuse:
            organisation = speaker[1] or speaker[0]
            own = next(
                (m.entity_id for m in self.parties if m.type == "company" and m.entity_id != speaker[0]), organisation
            )
            return [self._claim("admission", speaker, (own,) if own else ())]
        if not accused and words is None:
            goes_on = (self.has("paper") or self.has("company_again")) and self.state.accused_of.get(speaker[0] or "")
            if not misdeed or not (goes_on or accuse or self._has_counts()):
                return []
            accused = self.state.accused_of.get(speaker[0] or "", ())
        public = self.d.is_government(speaker[0]) or self.d.is_government(speaker[1])
        claim = self._claim("allegation", speaker, accused, words)
        claims = self._per_party(claim)
        if public and self.has("government_act") and (self._has_paper_word() or not accuse):
            claims.append(
                replace(
                    claim,
                    type="government_action",
                    status="alleged" if self.via else "asserted",
                    quantities=() if cue else claim.quantities,
                )
            )
        return claims

    def _has_counts(self) -> bool:
        return any(
            q.kind in ("accounts", "exchanges") for q in self.facts.quantities if self.s.start <= q.start < self.s.end
        )

    def _has_paper_word(self) -> bool:
        return bool(re.search(r"\bnote\b|mémo|dépêche|Memo|Vermerk|memorando|circular|备忘录|电报|报告", self.s.text))

    def _per_party(self, claim: Claim) -> list[Claim]:
        figures = [
            (i, self.facts.quantities[i])
            for i in claim.quantities
            if self.facts.quantities[i].kind in ("accounts", "exchanges")
        ]
        parties = [m for m in self.parties if m.type == "company" and m.entity_id != claim.speaker]
        if len(figures) < 2 or not parties:
            return [claim]
        owners = owners_of_figures(self.d.view.text, self.s.start, self.s.end, parties, figures)
        named = [o for o in dict.fromkeys(owners.values()) if o is not None]
        if len(named) < 2:
            return [claim]
        totals = [i for i, o in owners.items() if o is None]
        rest = [i for i in claim.quantities if i not in owners]
        out = [replace(claim, quantities=tuple(sorted([*totals, *rest])))] if totals else []
        out += [
            replace(
                claim, accused=(party,), accused_as=None, quantities=tuple(i for i, o in owners.items() if o == party)
            )
            for party in named
        ]
        return out

    def _legislation(self) -> list[Claim]:
        if not (self.has("legislation") and self.has("legislation_act")):
            return []
        people = [m for m in self.parties if m.type == "person"]
        bodies = [m for m in self.parties if m.type == "government"]
        names = people or bodies[:1]
        return [
            self._claim("legislation", (m.entity_id, None), status="alleged" if self.via else "asserted") for m in names
        ]

    def _public_act(self) -> list[Claim]:
        cue = self.has("government_act")
        speaker = self._speaker()
        if (
            cue is None
            or speaker[0] is None
            or not (self.d.is_government(speaker[0]) or self.d.is_government(speaker[1]))
        ):
            return []
        accused, words = self._accused(speaker[0])
        act = self._claim("government_action", speaker, accused, words, "alleged" if self.via else "asserted")
        warns = re.search(
            r"alert\w*|avert\w*|warn\w*|advert\w*|pratiques|prácticas|práticas|Praktiken|警告", self.s.text
        )
        claims = [act]
        if accused and warns:
            claims.append(replace(act, type="allegation", status="alleged"))
        return claims

    def _company_act(self) -> list[Claim]:
        cue = self.has("company_act")
        if cue is None:
            return []
        speaker = self._speaker()
        if speaker[0] is None or not self.d.is_company(speaker[0]):
            return []
        claim = self._claim("company_action", speaker, status="alleged" if self.has("say") else "asserted")
        return [claim]

    def _statement(self) -> list[Claim]:
        said = self.has("say")
        if said is None:
            return []
        speaker = self._speaker()
        metonym = self.d.is_government(speaker[0]) and re.search(
            r"a-t-elle|a-t-il|, so |fügte|ajout|acrescent|añadi", self.s.text
        )
        if metonym and self.state.speaker and self.d.is_government(self.state.speaker):
            speaker = (self.state.speaker, self.state.speaker_for)
        if (
            speaker[0] is None
            or self.d.is_publisher(speaker[0])
            or any(q.kind == "money" for q in self.facts.quantities if self.s.start <= q.start < self.s.end)
        ):
            return []
        claim = self._claim("statement", speaker)
        return [claim]
