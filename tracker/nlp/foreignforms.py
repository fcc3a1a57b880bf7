"""Names that show themselves by their form in German, French, Spanish and Portuguese: bodies, acts, institutes."""

from __future__ import annotations

import re

from tracker.types import EntityType

Forms = tuple[tuple[EntityType, str], ...]

_CAP = r"[A-ZÀ-Þ][\wÀ-ÿ&’'-]*\w"

# German: the last part of the first word says what it is; an adjective with a capital may stand before it.
_DE_ADJECTIVE = r"(?:[A-ZÄÖÜ][a-zäöüß]+(?:ische|liche|ige|ne|ale)[nrms]? |[A-ZÄÖÜ][a-zäöüß]+er )?"
_DE_COMPLEMENT = (
    rf" (?:für|zur|zum|gegen|über) (?:die |den |das |der |dem )?(?:[a-zäöüß]{{3,}}e[nrsm]? ){{0,2}}{_CAP}"
    rf"(?:(?:, | und | der | des | für | im ){_CAP}| {_CAP}){{0,3}}"
)
_DE_OWNER = rf" (?:des|der|von) (?:Stadt |Landes |Bundes |Europäischen |Deutschen )?{_CAP}"
_DE_PUBLIC = (
    r"(?:[A-ZÄÖÜ][\wäöüß-]{0,40}?(?:ministeriums?|amt(?:e?s)?|behörde|ausschuss(?:es)?|gerichts?|gerichtshof(?:e?s)?"
    r"|anwaltschaft|kommission|kammer|aufsicht|sekretariats?|inspektion|agentur|kanzlei|stelle|rat(?:e?s)?)"
    r"|Ministeriums?|Behörde|Amt(?:e?s)?|Ausschuss(?:es)?|Gerichts?|Agentur|Kommission|Aufsicht|Stelle)"
)
_DE_PRIVATE = (
    r"(?:[A-ZÄÖÜ][\wäöüß-]{0,40}?)?(?:[Vv]erband(?:e?s)?|[Vv]erbunds?|[Vv]erein(?:igung|s)?|[Ss]tiftung|[Ii]nstituts?"
    r"|[Uu]niversität|[Hh]ochschule|[Bb]ündnis(?:ses)?|[Gg]ewerkschaft|[Aa]kademie|[Gg]esellschaft|[Ff]orums?|Bund)"
)
_GERMAN: Forms = (
    (
        "government",
        rf"\b(?:[a-zäöüß]+ische[nr]? |(?!D[ae]s )[A-ZÄÖÜ][a-zäöü]+s )?(?:Botschaft|(?:Generalk|K)onsulats?)"
        rf"(?: (?:der )?[A-ZÄÖÜ][\wäöü]+s?)? in {_CAP}",
    ),
    ("law", r"(?<![\w-])[A-ZÄÖÜ][\wäöüß-]{3,60}(?:gesetz(?:buch)?|verordnung|richtlinie)(?:e?s)?\b"),
    ("law", rf"\b(?:Gesetz|Verordnung|Richtlinie)(?:es|s)?{_DE_COMPLEMENT}"),
    ("government", rf"\b{_DE_ADJECTIVE}{_DE_PUBLIC}(?:{_DE_COMPLEMENT})(?:{_DE_OWNER})?"),
    (
        "government",
        rf"\b{_DE_ADJECTIVE}[A-ZÄÖÜ][\wäöüß-]{{0,40}}?(?:ausschuss(?:es)?|kommission|gerichts?|amt(?:e?s)?){_DE_OWNER}",
    ),
    (
        "government",
        rf"\b[A-ZÄÖÜ][\wäöüß]{{0,40}}?(?:gericht|anwaltschaft|ministerium|parlament|polizei)s? (?:in )?{_CAP}",
    ),
    ("government", r"\b(?:US-|Bundes|Landes|Staats)[A-ZÄÖÜa-zäöüß]+(?:ministeriums?|amt(?:e?s)?|behörde|gerichts?)\b"),
    ("organisation", rf"\b{_DE_PRIVATE}(?:{_DE_COMPLEMENT}|{_DE_OWNER}(?: {_CAP})?|(?: {_CAP}){{1,3}})"),
    (
        "organisation",
        r"(?<![\w-])[A-ZÄÖÜ][\wäöüß-]{1,40}-(?:Institut|Stiftung|Universität|Gesellschaft|Akademie|Bündnis|Verband)s?\b",
    ),
    (
        "publisher",
        r"(?<![\w-])[A-ZÄÖÜ][\wäöüß-]{1,40}(?:e|en|er|es) (?:Boten?|Zeitung|Anzeigers?|Kuriers?|Nachrichten"
        r"|Tage?blatt(?:s|es)?|Rundschau|Post|Presse|Allgemeinen?|Merkurs?)\b",
    ),
)  # fmt: skip

# French: a body begins with a capital or its complement does; adjectives and the nouns after "de" are in lower case.
_FR_ADJECTIVE = (
    r"(?: (?:[a-zà-ÿ]+(?:al|ale|ales|aux|el|elle|elles|ique|iques|if|ive|aire|aires|ien|ienne|éen|éenne|ois|oise|ais"
    r"|aise|eur|eure|er|ère|iste|ain|aine|and|ande|on|onne)|belge|suisse|ouvert|ouverte)s?\b)"
)
_FR_OF = (
    r" (?:de la |de l[’']|du |des |de |d[’']|pour la |pour le |pour l[’']|pour |sur la |sur le |sur l[’']"
    r"|sur les |sur |aux )"
)
_FR_LOW = rf"{_FR_OF}[\wà-ÿ’'-]*\w{_FR_ADJECTIVE}?(?: et(?: de la| de l[’']| du| des)? ?{_FR_ADJECTIVE}?)?"
_FR_CAP = rf"(?:{_FR_OF}{_CAP}(?:[ -]{_CAP})*)"
_FR_HEADS = (
    r"(?:ribunal|our|inistère|ommission|utorité|gence|ffice|omité|onseil|arquet|irection|ecrétariat d[’']État|ureau"
    r"|ommissariat|nspection|ous-commission|élégation|égence|hambre)"
)
_FRENCH: Forms = (
    (
        "government",
        rf"\b(?:[Aa]mbassade|[Cc]onsulat(?: général)?)"
        rf"(?: [a-zà-ÿ]+[ens]|(?: de la | de l[’']| de | du | des | d[’']){_CAP}(?:-{_CAP})?) (?:à|en|au|aux) {_CAP}",
    ),
    ("government", rf"\b[TCMAOPDSBIR]{_FR_HEADS}{_FR_ADJECTIVE}{{0,2}}(?:{_FR_LOW}){{1,2}}(?:{_FR_CAP})?"),
    (
        "government",
        rf"\b[TCMAOPDSBIRtcmaopdsbir]{_FR_HEADS}{_FR_ADJECTIVE}{{0,2}}(?:{_FR_OF}[a-zà-ÿ]+)?{_FR_CAP}"
        rf"(?:{_FR_OF}{_CAP})?",
    ),
    ("government", rf"\b(?:commission|ministère)(?:{_FR_LOW}){{1,2}}"),
    (
        "law",
        rf"\b(?:[Ll]oi|[Pp]rojet de loi|[Pp]roposition de loi|[Dd]écret|[Rr]èglement|[Dd]irective)(?:{_FR_LOW}){{1,3}}",
    ),
    (
        "organisation",
        rf"\b(?:Observatoire|Institut|Fédération|Association|Fondation|Université|Ligue|Union|Collectif|Syndicat"
        rf"|Alliance|Centre|École|Parti){_FR_ADJECTIVE}{{0,2}}(?:{_FR_LOW}){{1,2}}(?:{_FR_CAP})?",
    ),
    ("organisation", rf"\b(?:Parti|Institut|Centre|Forum|Conseil|Fédération|Union|Alliance){_FR_ADJECTIVE}{{1,2}}"),
)  # fmt: skip

_IBERIAN_TAIL = (
    rf"(?: {_CAP}){{0,3}}(?:(?: de la| de las| de los| del| de| do| da| dos| das| para la| para el| para a| para o"
    rf"| para| contra| sobre| y| e|,) {_CAP}(?: {_CAP}){{0,2}}){{1,4}}"
)
_IBERIAN: Forms = (
    (
        "government",
        rf"\b(?:[Ee]mbajada|[Ee]mbaixada|[Cc]onsulado(?: general| geral)?)(?: [a-zà-ÿ]+[aoe]"
        rf"| (?:de la|del|de los|de|da|do|dos|das) {_CAP}(?: {_CAP})?) (?:en|em|no|na) {_CAP}",
    ),
    (
        "government",
        r"(?<!\w)(?:Ministerio|Agencia|Autoridad|Comisión|Tribunal|Juzgado|Fiscalía|Superintendencia|Secretaría"
        r"|Dirección|Oficina|Procuraduría|Audiencia|Ministério|Agência|Autoridade|Comissão|(?:\d+[ªº] )?Vara"
        rf"|Procuradoria|Secretaria|Inspeção|Inspecção|Direção|Direcção|Gabinete|Supremo|Junta){_IBERIAN_TAIL}",
    ),
    ("law", rf"\b(?:Ley|Lei|Decreto|Reglamento|Regulamento|Código|Marco){_IBERIAN_TAIL}"),
    (
        "organisation",
        r"\b(?:Instituto|Universidad|Universidade|Asociación|Associação|Federación|Federação|Fundación|Fundação|Centro"
        r"|Observatorio|Observatório|Consejo|Conselho|Unión|União|Alianza|Aliança|Sindicato|Cooperativa|Colegio|Ordem"
        rf"|Foro|Fórum|Coalición|Coligação){_IBERIAN_TAIL}",
    ),
)

FORMS: dict[str, tuple[tuple[EntityType, re.Pattern[str]], ...]] = {
    language: tuple((kind, re.compile(pattern)) for kind, pattern in forms)
    for language, forms in {"de": _GERMAN, "fr": _FRENCH, "es": _IBERIAN, "pt": _IBERIAN}.items()
}
"""What is searched in a text of each language, beside the forms of patterns.py."""
