"""What each column of the downloads holds: its type and its meaning. A test holds it against what is exported.

Types: text; integer; number; boolean; day (ISO 8601); instant (ISO 8601 with zone); list (of texts); records (a list of
records) and record, which CSV and Parquet hold as JSON. Anything but a list may be null where nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from tracker.render.exports import What

ColumnType = Literal["text", "integer", "number", "boolean", "day", "instant", "list", "record", "records"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its values are, and what they mean."""

    name: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of record that can be downloaded."""

    what: What
    title: str
    meaning: str
    columns: tuple[Column, ...]


_SPAN = """
start | integer | where the words begin in the text of that version, in code points
end | integer | where they end, exclusive
"""
_SEEN = """
in_current_version | boolean | whether the newest version of the page still says it
vanished | boolean | whether no page of the events that rest on it says it any more
first_seen_at | instant | when the tracker first had a version that says it
last_seen_at | instant | when it last had one; null as long as the page says it
"""
_NOT_ON_FILE = "not_on_file | list | ids among the parties that no list of names has and nobody has decided on"

_TABLES: tuple[tuple[What, str, str, str], ...] = (
    ("events", "Events", "What happened once in the world, on a date, with the claims that report it.", f"""
id | text | permanent id; the page is events/ID.html
date | record | from, to (inclusive days) and basis: stated, relative (as “on Monday”) or publication
type | text | type of the event, one of the types of claims
title | text | the tracker's own words, made of the claims
actors | list | ids of entities: speakers first, then the accused, then others
figures | records | every reported value, as in the table of figures
figure_groups | records | values that may all stand for one number
figure_conflicts | records | values that cannot both be right, and why; one and other count figures from 0
figure_sums | records | totals beside their parts
flags | records | what a reader should doubt, with the claim that it stands in
answers | records | what each accused party answered, or that no answer was found
documents | list | ids of the versions that report it
claims | list | ids of claims, nearest to the original speaker first
recalled_in | list | ids of claims that only recall it as background
vanished | list | ids of claims whose words no page of its documents has any more
edits | list | ids of decisions of people that were applied to it
title_parts | records | the title in parts, each with the claims that it is made from
summary | text | what happened, in the tracker's words, made of the claims
summary_parts | records | the summary in parts, each with the claims that it is made from
document_count | integer | documents that report it
independent_sources | integer | how many of them are independent of each other
sources | records | the documents by independence, with what shows it
chains | records | for each claim the chain of speakers from the outlet to who said it first
assertions | records | what several claims say alike, as in the table of assertions
{_NOT_ON_FILE}
"""),
    ("claims", "Claims", "Somebody's act or word as one document reports it, with its exact words.", f"""
id | text | permanent id
type | text | allegation, denial, admission, no_response, statement, legislation, or an action of a party or state
status | text | alleged, asserted or denied: on whose word it stands
speaker | text | id of who says or does it; null where the text names nobody
for | text | id of the organisation that a person speaks for
accused | list | ids of the accused, as precisely as the text names them
accused_as | text | the document's own words for the accused, where they say less than the ids
target | list | ids of whom or what it was done to
via | list | ids of what the document names as its source
quote | text | the exact words
{_SPAN}quantities | records | the numbers in it, with kind, low, high and qualifier
dates | records | the dates in it, resolved to days, with their basis
document | text | id of the document
version | text | id of the newest version that holds the words
first_version | text | id of the oldest version that holds them
{_SEEN}url | text | address of the document
publisher | text | name of the publisher
published | day | day of publication as the page gives it
language | text | language of the page (BCP 47)
events | list | ids of the events that it reports
recalls | list | ids of the events that it only recalls
confidence | number | how surely the words were read, from 0 to 1; it says nothing about their truth
features | list | what that was judged by
awaits_review | boolean | whether it is too unsure to be published; nothing that the site offers is
edits | list | ids of decisions of people that were applied to it
chain | records | who has it from whom, from the outlet to who said it first
assertions | records | who else says the same, by event
{_NOT_ON_FILE}
"""),
    ("figures", "Figures", "Every reported value of an event, beside whose word it is.", f"""
event | text | id of the event
kind | text | accounts, exchanges, money, percent, duration (days), users, companies, people, tokens or other
low | number | the least that it allows; null where no lower end is known
high | number | the most that it allows; null where no upper end is known
qualifier | text | exact, about, over, under, range or vague
unit | text | for money the currency (ISO 4217)
text | text | the value in the source's words
claim_id | text | id of the claim
speaker | text | id of whose word it is
accused | list | ids of the accused
document_id | text | id of the document
{_SPAN}is_doubtful | boolean | whether it can hardly be right; a flag of the event says why
version | text | id of the version
{_SEEN}group | text | group of values that may all stand for one number, within the event
group_scope | list | ids of the accused whom the group is about
group_low | number | what all values of the group allow, from
group_high | number | and up to
nearest | boolean | whether none of its group stands nearer to the original speaker
conflicts | records | values that contradict it, with why
"""),
    ("answers", "Answers", "What the accused answered, or that none of the sources has an answer.", f"""
party | text | id of who answered
is_accused | boolean | false for others who answered; what they say is nobody else's answer
kind | text | denied, declined, no_reply, counter_claim, admitted or none_found
from | day | first day within which it was given; of silence, the day by which there was none
to | day | last day of it
basis | text | where the day comes from: stated, relative or publication
claim | text | id of the claim that reports it; null for none_found
event | text | id of the event whose charge it answers; null where it answers a dispute as a whole
first_seen_at | instant | when the tracker first had a page that reports it
last_seen_at | instant | when it last had one; null as long as the page says it
disputes | list | ids of the disputes that it is part of
quote | text | the exact words
document | text | id of the document
version | text | id of the newest version that holds the words
{_SPAN}in_current_version | boolean | whether the newest version of the page still says it
"""),
    ("disputes", "Disputes", "Who accuses whom about what, how that stands, and on which evidence.", """
id | text | permanent id; the page is disputes/ID.html
title | text | the tracker's own words
status | text | how it stands: the last of its steps that did not fall behind an earlier one
since | day | first day within which that step was taken
changed_on | day | last day of an event, a step or an answer
accuser_side | text | what its claims are gathered by: a corporate family, a state, or the firms of a country
accused_side | text | likewise of the accused
accusers | list | ids of who accuses, as the claims name them
accused | list | ids of the accused
accused_as | list | the documents' own words for the accused
target | list | ids of whom or what it was done to
steps | records | each step with its days, its event, its claims and their words
ledger | records | each answer, as in the table of answers
events | list | ids of its events, by date
allegations | list | ids of the claims that allege it
"""),
    ("entities", "Entities", "Companies, people, public bodies, laws and models that are named.", """
id | text | permanent id; the page is entities/ID.html
name | text | name
type | text | company, model, person, government, law, place, publisher or organisation
aliases | list | other names
parent | text | id of what it belongs to
wikidata | text | id in Wikidata
known | boolean | false where only a document gave the name
country | text | id of the place where it is at home
"""),
    ("documents", "Documents", "The pages that were read: what is known of them, without their texts.", """
id | text | permanent id; the page is documents/ID.html
url | text | address; empty for what was handed in
publisher | text | name of the publisher
publisher_type | text | news, government, company, blog, think_tank or court
source | text | name of the source that pointed at it
title | text | title of the newest version
published | day | day of publication as the page gives it
language | text | language (BCP 47)
kind | text | article, statement, letter, memo, bill, filing, press_release or report
relevance | text | relevant, background or irrelevant
byline | text | who wrote it, as the page says
dateline | text | place and day that its text begins with
syndicated_from | text | agency that it names as its origin
copy_of | text | id of the document whose text it prints
copy_basis | text | why that is taken for the original: named or earliest
copy_origin | text | publisher that the texts name as theirs, where none of its documents is held
similarity | number | how alike the two are, from 0 to 1
copies | list | ids of documents that print its text
first_seen_at | instant | when the tracker first had it
versions | records | each text that it had: id, number, days, SHA-256 of the text, its record in the archive
"""),
    ("assertions", "Assertions", "What several claims of an event say alike, and how many independent sources do.", """
event | text | id of the event
id | text | id within the event
type | text | type of the claims
speaker | text | id of whose word it is in the end
accused | list | ids of the accused
figures | list | the values that agree, in their words; none where it is about the charge or act itself
claims | list | ids of claims, nearest to the original speaker first
documents | list | ids of the documents whose pages still say it
document_count | integer | how many these are
independent_sources | integer | how many of them are independent of each other
sources | records | the documents by independence, with what shows it
"""),
    ("revisions", "Revisions", "What became of claims when their pages changed, with both quotes.", """
document | text | id of the document
kind | text | what became of the claim
what | list | what of it changed
was | list | the words before
now | list | the words after
from_version | text | id of the version before
to_version | text | id of the version after
seen_at | instant | when the tracker saw the change
before | text | id of the claim before; null where it is new
before_quote | text | its words
after | text | id of the claim after; null where it is gone
after_quote | text | its words
url | text | address of the document
publisher | text | name of the publisher
events | list | ids of the events that rest on it
"""),
    ("curation", "Corrections by people", "What people decided otherwise than the program, with who, when and why.", """
id | text | id of the decision
edit | text | what kind of decision
state | text | whether it holds: applied, open for review, and so on
state_why | text | why that is so
who | text | who decided
when | instant | when
why | text | why
claims | list | ids of claims that it is about
events | list | ids of events that it is about
documents | list | ids of documents that it is about
changes | records | what it changed of which claim: field, before, after
decision | record | the decision as it was written
file | text | file of decisions that it stands in
line | integer | line of that file
"""),
)  # fmt: skip


def _column(line: str) -> Column:
    name, type_, meaning = (part.strip() for part in line.split("|", 2))
    if type_ not in get_args(ColumnType):
        raise ValueError(f"{line!r}: no type of column")
    return Column(name, type_, meaning)  # type: ignore[arg-type]


TABLES: tuple[Table, ...] = tuple(
    Table(what, title, meaning, tuple(_column(line) for line in rows.splitlines() if line))
    for what, title, meaning, rows in _TABLES
)
"""In the order in which they are offered."""

AS_OF = Column("as_of", "instant", "the instant up to which it was known")
_LAST_LOOK = Column("last_seen_at", "instant", "when the tracker last had it")


def exported_columns(what: What, *, is_as_of: bool = False) -> tuple[tuple[Column, ...], str]:
    """The columns of an export, which also tells when a page was last looked at, and what its records are."""
    (table,) = (table for table in TABLES if table.what == what)
    last = (_LAST_LOOK,) if what == "documents" else ()
    return (*table.columns, *last, *((AS_OF,) if is_as_of else ())), table.meaning
