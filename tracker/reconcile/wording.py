"""The words that titles may use, each with the pattern that a claim must show before a title may say it.

The patterns cover the languages that are read (English, French, Chinese). A title never says more than a pattern
has found: where none is found, it names only the kind of act.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.reconcile.phrases import Phrase, said
from tracker.types import ClaimRecord

Words = Sequence[tuple[str, str]]
"""(regular expression, words): the words may be used where a claim has a match."""

DEEDS: Words = (
    (r"distil|蒸馏", "distilling"),
    (r"\bcop(y|ie)|imitat|复制", "copying"),
    (r"extract|siphon|drain|harvest|extrai|提取", "extracting abilities from"),
    (r"scrap(e|ing)", "scraping"),
    (r"\bst(ole|eal)|theft|窃取", "stealing from"),
    (r"\btrain\w*\b.{0,40}\b(on|with|sur)\b|训练", "training on outputs of"),
)
"""What somebody is said to have done to a model."""
MEANS: Words = ((r"fraudulent|\bfake|\bsham\b|frauduleu|虚假", "fraudulent use of"),)
"""Where no deed is named but the means is."""
DEED_NOUNS = {
    "distilling": "distillation of",
    "copying": "copying of",
    "extracting abilities from": "extraction of abilities from",
    "scraping": "scraping of",
    "stealing from": "theft from",
    "training on outputs of": "training on outputs of",
    "fraudulent use of": "fraudulent use of",
}
_TOLD_EACH_OTHER = r"\b(trad(e|ing)|shar(e|ing)(?! price| of)|swap(ping)?|tell(ing)? one another)\b"
GOVERNMENT_ACTS: Words = (
    (
        r"\b(in|issu\w+|publish\w+|releas\w+|sen[dt]s?|put\w* out|wr[io]t\w+|circulat\w+|sign\w+)\b.{0,60}"
        r"\bmemo(randum)?\b"
        r"|\bmemo(randum)?\b.{0,60}\b(dated|signed|entitled|says|said|reports|accus\w+|sent|asks|tells)\b"
        r"|\bnote (datée|de service)|发布.{0,10}备忘录|备忘录(中|称)",
        "issues a memo",
    ),
    (r"\bcables?\b|dépêche diplomatique", "sends a diplomatic cable"),
    (
        r"\b(open|launch|start|institut|beg[iau]n)\w*\b.{0,60}\b(investigation|inquiry|probe)|ouv\w+ (une )?enquête"
        r"|abriu (uma )?investigação|(展开|启动|立案)调查",
        "opens an investigation",
    ),
    (r"\b(sign|issu)\w*\b.{0,40}executive order|\b(sign|pris)\w*\b.{0,30}décret", "issues an order"),
    (r"\b(impos\w+|announc\w+|plac(es|ed))\b.{0,40}\bsanctions?\b|\bsanctioned\b", "imposes sanctions"),
    (r"\b(held|holds|conven\w+)\b.{0,40}\bhearing", "holds a hearing"),
    (
        r"\b(releas|publish|issu|present|unveil)\w*\b.{0,60}\breport\b|\bpubli\w+\b.{0,40}\brapport\b|发布.{0,10}报告",
        "publishes a report",
    ),
    (r"\bwr(ote|ites|itten) to\b|\bsen(ds?|t)\b.{0,40}\bletters?\b|致信", "sends a letter"),
    (
        r"\b(held|holds)\b.{0,40}press (conference|briefing)|tenu.{0,20}conférence de presse|举行.{0,8}记者会",
        "holds a press conference",
    ),
)
BILL_ACTS: Words = (
    (r"\bvot(es|ed|ing) (it |this )?down\b|\bdefeated\b|rejeté|否决", "rejects {}"),
    (r"\bwithdr(ew|aws)\b.{0,30}\bbill\b", "withdraws {}"),
    (r"\bsign(s|ed)\b.*\binto law", "signs {}"),
    (r"\b(advance[sd]?|cleared|approv|backed)\b|approved|voted .* advance|commission.*\badopt", "advances {}"),
    (r"\bpass(es|ed)\b", "passes {}"),
    (r"\bamendment\b", "prepares an amendment to {}"),
    (r"\bintroduc|\btabled\b|\bfil(es|ed) a bill\b|\bdéposé\b|\beingebracht\b", "introduces {}"),
    (r"\breject(s|ed)\b(?! (an?|the|two|every|all|any) )", "rejects {}"),
)
COMPANY_ACTS: Words = (
    (r"\b(bars|barred|barring|bans|banned|banning)\b|\b(will|to) (bar|ban)\b", "restricts use of {}"),
    (
        r"(looking into|look into|investigat|inquiry).*improper.*\bdata\b",
        "looks into whether data was improperly obtained",
    ),
    (
        r"\blook(s|ing|ed)? into\b|\binvestigat(es|ed|ing)\b"
        r"|\b(open|launch|start)\w*\b.{0,40}\b(inquiry|investigation)",
        "investigates suspected {deed}",
    ),
    (rf"{_TOLD_EACH_OTHER}.*(copy|copie).*", "shares warnings about copying"),
    (rf"{_TOLD_EACH_OTHER}.*distil", "shares warnings about distillation"),
    (rf"{_TOLD_EACH_OTHER}.*(warning|attempt|notes)", "shares warnings"),
    (
        r"\bchang\w+\b.{0,40}terms of (service|use)|no longer use|new rule|\brestrict(s|ed|ing)\b",
        "restricts use of {}",
    ),
    (r"\bset(s|ting)? out\b|\bpublish(es|ed|ing)\b", "publishes findings on {}"),
    (r"\b(block|suspend)(s|ed|ing)\b|\bremov(es|ed|ing)\b", "blocks access to {}"),
    (
        r"\b(build|built|add|deploy|tighten|strengthen|introduc|work)\w*\b.{0,80}(classifier|detect|safeguard|defen[cs]e)"
        r"|\brecognised\b|\bdetect(s|ed)\b",
        "strengthens defences of {}",
    ),
)
LEGAL_ACTS: Words = (
    (r"\b(turn\w* down|reject\w*|refus\w+|threw out)\b.{0,40}\bsettlement", "rejects a settlement"),
    (r"\bsettle(s|d)\b|\b(reach|agree|sign)\w*\b.{0,30}\bsettle(ment)?\b", "settles"),
    (
        r"\b(sues|sued|suing)\b|\b(fil|lodg|br(ing|ought)|launch)\w*\b.{0,40}\b((law)?suit|complaint|legal action)\b"
        r"|port\w+ plainte|entrou .{0,30}ação|起诉",
        "files suit",
    ),
    (r"\bsubpoena", "issues a subpoena"),
    (r"\bruled\b|\brules (that|on|for|against)\b|\b(held|holds) (that|on)\b|\bjudge found\b", "rules"),
)
REBUFF = re.compile(
    r"alleg|accus|charge|claim|\bden(y|ie)|reject|dismiss|rebut|refut|rebuff|dispute|groundless|baseless|slander|\bfalse\b|untrue"
    r"|unfounded|smear|fabricat|defam|démen|\bni(e|é|ent|ait)\b|infond|calomni|bestreit|bestritt|zurück|haltlos|vorw(u|ü)rf"
    r"|nieg|neg(ó|ou|aron|aram|a\b|am\b)|desm(ie|e)nt|rechaz|rejeit|acusa|infundad|否认|否認|驳|駁|不实|不實|诽谤|誹謗|指控|指责|指責|说法",
    re.IGNORECASE,
)
"""Words that answer a charge, or name one."""
COURT_ACT = re.compile(
    r"\b(judges?|courts?|jury|tribunals?|magistrates?)\b.{0,40}"
    r"\b(dismiss|threw out|toss|rul(ed|es)\b|reject|grant|den(y|ies|ied)\b|block|order|found\b|held\b|sided"
    r"|refus|turned down)",
    re.IGNORECASE,
)
"""What a court does with a suit, whoever brought it."""
CLASS = re.compile(
    r"((some|many|several|other|various|unnamed)\s)*"
    r"(organi[sz]ations|companies|firms|businesses|rivals|competitors|actors|laborator(y|ies)|labs|entities|developers"
    r"|attackers|adversaries|users|customers|people|researchers|groups)",
    re.IGNORECASE,
)
"""Words for a whole class of people: who is accused by them is nobody."""
AFFILIATION = re.compile(
    r"affiliat|linked|tied|connect|associat|operator|people|individual|employ|staff|personnel|members? of|accounts"
    r"|group|users|liée?s?\b|proches|关联|有关",
    re.IGNORECASE,
)
"""Words that keep a distance between who did it and whom they belong to."""

_UNDONE = re.compile(
    r"\b(may|might|could|should|would|not|never|nor|if|whether|consider\w*|weigh\w*|threaten\w*|urg\w+|refus\w+|declin\w+|propos\w+"
    r"|calls? (on|for)|called (on|for)|ask(s|ed|ing)? (for|that|them|him|her)|pourrait|pourraient)\b[^.;:]{0,40}$"
    r"|不[^。，]{0,6}$",
    re.IGNORECASE,
)
"""What makes the act whose words follow one that nobody has done."""


def agree(verb_phrase: str, number: int) -> str:
    """A phrase that begins with a verb in the third person singular, for this number of subjects."""
    if number < 2:
        return verb_phrase
    verb, space, rest = verb_phrase.partition(" ")
    if verb.endswith("ies"):
        verb = f"{verb[:-3]}y"
    elif verb.endswith(("sses", "shes", "ches")):
        verb = verb[:-2]
    else:
        verb = verb.removesuffix("s")
    return f"{verb}{space}{rest}"


@dataclass(frozen=True, slots=True)
class Found:
    """Words that claims support, and those claims."""

    words: str
    records: tuple[ClaimRecord, ...]

    @property
    def phrase(self) -> Phrase:
        """The words beside their claims."""
        return said(self.words, self.records)


def find_words(records: Sequence[ClaimRecord], words: Words, *, done: bool = False) -> Found | None:
    """The words that the claims of most documents support; among equals the first of the list.

    With `done`, words that stand behind "may", "not" or the like support nothing: what may be done is not done.
    """
    support: dict[str, list[ClaimRecord]] = defaultdict(list)
    for record in records:
        text = record.claim.text
        for pattern, phrase in words:
            found = re.finditer(pattern, text, re.IGNORECASE | re.DOTALL)
            if any(not done or not _UNDONE.search(text[: match.start()]) for match in found):
                support[phrase].append(record)
    order = [phrase for _, phrase in words]

    def rank(phrase: str) -> tuple[int, int]:
        return (-len({record.document_id for record in support[phrase]}), order.index(phrase))

    chosen = min(support, key=rank, default=None)
    return Found(chosen, tuple(support[chosen])) if chosen is not None else None
