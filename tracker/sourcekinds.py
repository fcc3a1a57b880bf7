"""The kinds of source that config.yaml may name, each with its own keys."""

from __future__ import annotations

import pkgutil
import re
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, ClassVar, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from tracker.configfields import (
    DatePattern,
    EnvironmentName,
    HttpUrl,
    Pattern,
    Period,
    Selector,
    Strict,
    check_http_url,
)
from tracker.types import PublisherType

Group = Literal[
    "us_executive", "congress", "courts", "eu", "uk", "china", "companies", "news", "think_tanks", "law_firms",
    "discovery",
]  # fmt: skip
"""The groups of the catalogue."""
_SITES = Path(__file__).parent / "sources" / "sites"
GROUPS: tuple[Group, ...] = get_args(Group)


def _check_page_rule(value: str) -> str:
    if value.count("{n}") != 1:
        raise ValueError('expected {n} once where the page\'s number stands, such as "?paged={n}" or "index_{n}.html"')
    return value


def _check_bill(value: str) -> str:
    parts = urlsplit(value).path.strip("/").split("/")
    if "bill" not in parts or not 2 <= len(parts[parts.index("bill") :]) <= 4:
        raise ValueError("expected .../v3/bill/CONGRESS/TYPE/NUMBER for a bill, or .../v3/bill/CONGRESS for all")
    return value


class SourceBase(Strict):
    """What every source says of itself."""

    needs_key: ClassVar[bool] = False

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    url: HttpUrl
    publisher: str = Field(min_length=1)
    publisher_type: PublisherType
    language: str = "en"
    jurisdiction: str | None = None
    every: Period = timedelta(hours=1)
    """The most often; 0s: at each run. The schedule asks no source more than once in a second."""
    enabled: bool = True
    group: Group | None = None
    terms: str | None = None
    """Under which terms its pages may be kept and quoted."""
    found: str | None = None
    """Where the address was found, and how sure it is."""
    note: str | None = None


class PagedSource(SourceBase):
    """A list that may go on over several pages, newest first."""

    pages: Annotated[str, AfterValidator(_check_page_rule)] | None = None
    """The address of the pages after the first, relative to `url`, with {n} for the number: "?paged={n}"."""
    pages_from: int = Field(2, ge=0)
    """The number of the page after the first."""
    max_pages: int = Field(20, ge=1, le=200)
    """How far back the list is followed at most."""


class FeedSource(PagedSource):
    """RSS, Atom or JSON Feed; which one is found out from the bytes."""

    kind: Literal["feed"]


class SitemapSource(SourceBase):
    """A sitemap, sitemap index or news sitemap (sitemaps.org; Google News 0.9)."""

    kind: Literal["sitemap"]
    include: Pattern | None = None
    """A regular expression that an address must match."""


class ListingSource(PagedSource):
    """A page of links without a feed."""

    kind: Literal["listing"]
    items: Selector
    """CSS selector of one entry."""
    link: Selector = "a[href]"
    """CSS selector of the link within an entry."""
    date: Selector | None = None
    """CSS selector of the element within an entry that holds its date."""
    date_in_url: DatePattern | None = None
    """A regular expression over the address whose groups `year`, `month`, `day` are the date: t(?P<year>\\d{4})..."""
    include: Pattern | None = None
    """A regular expression that an address must match."""


def _check_site(value: str) -> str:
    known = sorted(module.name for module in pkgutil.iter_modules([str(_SITES)]))
    if value not in known:
        near = get_close_matches(value, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}; docs/add-a-source.md tells more"
        raise ValueError(f"there is no file tracker/sources/sites/{value}.py; {hint}")
    return value


class SiteSource(PagedSource):
    """A list that no other kind can read, by a short file of its own in tracker/sources/sites."""

    kind: Literal["site"]
    site: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), AfterValidator(_check_site)]
    """The file's name without .py."""


class PageSource(SourceBase):
    """One watched page, or one file such as a PDF."""

    kind: Literal["page"]


class FederalRegisterSource(SourceBase):
    """Documents of the Federal Register API v1 (federalregister.gov/developers)."""

    kind: Literal["federal_register"]
    url: HttpUrl = "https://www.federalregister.gov/api/v1/documents.json"
    term: str | None = None
    agencies: tuple[str, ...] = ()
    types: tuple[Literal["RULE", "PRORULE", "NOTICE", "PRESDOCU"], ...] = ()
    start: date | None = None
    """Published before this day is not asked for; None: as far back as `max_documents` reaches."""
    max_documents: int = Field(2_000, ge=1)
    """In one run."""


class KeyedSource(SourceBase):
    """An API that wants a key, which comes from the environment and stands in no file."""

    needs_key: ClassVar[bool] = True

    key_env: EnvironmentName = "DATA_GOV_API_KEY"
    """The environment variable that holds the key."""
    start: date | None = None
    """What is older than this day is not asked for."""
    max_documents: int = Field(2_000, ge=1)
    """In one run."""


class GovInfoSource(KeyedSource):
    """Packages of the GovInfo API that were added or changed (api.govinfo.gov/docs; key of api.data.gov)."""

    kind: Literal["govinfo"]
    url: HttpUrl = "https://api.govinfo.gov"
    collection: Literal["BILLS", "PLAW", "CRPT", "CHRG", "CPRT", "CDOC"]
    """A collection whose packages are single documents with a text of their own."""
    start: date
    """What was neither added nor changed since this day is not asked for: a collection goes back for decades."""
    include: Pattern | None = None
    """A regular expression that a title must match."""


class CongressSource(KeyedSource):
    """Bills of the congress.gov API v3 (api.congress.gov; key of api.data.gov): their stages, summaries and texts.

    `url` names a bill, https://api.congress.gov/v3/bill/119/hr/8283, or a Congress, .../v3/bill/119, of which the bills
    that changed and whose title matches `include` are taken.
    """

    kind: Literal["congress"]
    url: Annotated[HttpUrl, AfterValidator(_check_bill)]
    include: Pattern | None = None


class RegulationsGovSource(KeyedSource):
    """Documents of the regulations.gov API v4 (open.gsa.gov/api/regulationsgov; key of api.data.gov)."""

    kind: Literal["regulations_gov"]
    url: HttpUrl = "https://api.regulations.gov/v4/documents"
    term: str | None = None
    agencies: tuple[str, ...] = ()
    types: tuple[Literal["Notice", "Rule", "Proposed Rule", "Supporting & Related Material", "Other"], ...] = ()


class CourtListenerSource(KeyedSource):
    """Search results of the CourtListener API v4 (courtlistener.com/help/api/rest/search)."""

    kind: Literal["courtlistener"]
    url: HttpUrl = "https://www.courtlistener.com/api/rest/v4/search/"
    key_env: EnvironmentName = "COURTLISTENER_TOKEN"
    query: str = Field(min_length=1)
    result_type: Literal["r", "rd", "o"] = "r"
    """r: federal dockets with their filings, rd: single filings, o: opinions."""
    courts: tuple[str, ...] = ()
    """Court ids such as cand or dcd."""
    max_documents: int = Field(200, ge=1)


class GdeltSource(SourceBase):
    """Stories of others that GDELT DOC 2.0 (blog.gdeltproject.org/gdelt-doc-2-0-api-debuts) points at: discovery."""

    kind: Literal["gdelt"]
    url: HttpUrl = "https://api.gdeltproject.org/api/v2/doc/doc"
    query: str = Field(min_length=3)
    window: Period = timedelta(days=7)
    """How far back the first run looks; GDELT itself holds about three months."""
    max_queries: int = Field(12, ge=1, le=100)
    """In one run; each gives at most 250 stories."""


class GovUkSource(SourceBase):
    """Documents of the GOV.UK search API (docs.publishing.service.gov.uk, repository search-api)."""

    kind: Literal["govuk"]
    url: HttpUrl = "https://www.gov.uk/api/search.json"
    term: str | None = None
    organisations: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    """Values of content_store_document_type, such as press_release, speech, policy_paper."""
    start: date | None = None
    max_documents: int = Field(2_000, ge=1)


class ArxivSource(SourceBase):
    """Papers of the arXiv API (info.arxiv.org/help/api/user-manual.html), by their abstract pages."""

    kind: Literal["arxiv"]
    url: HttpUrl = "https://export.arxiv.org/api/query"
    query: str = Field(min_length=3)
    """A `search_query`, such as abs:"model distillation" AND cat:cs.CR."""
    start: date | None = None
    max_documents: int = Field(500, ge=1)


def _check_warc_place(value: str) -> str:
    name = urlsplit(value).path.lower()
    if not name.endswith((".warc", ".warc.gz", ".paths", ".paths.gz")):
        raise ValueError(
            "expected a file or address that ends in .warc, .warc.gz, or (a list of such) .paths, .paths.gz"
        )
    if value.startswith("s3://"):
        if not re.fullmatch(r"s3://[A-Za-z0-9][A-Za-z0-9._-]{1,62}/[^\x00-\x1f]+", value):
            raise ValueError("expected an object as s3://BUCKET/KEY")
        return value
    return check_http_url(value) if "://" in value else value


class WarcSource(SourceBase):
    """Pages that others have fetched: a WARC file, or a list of such as Common Crawl publishes them (backfill).

    A list has a line a file, relative to the list's host: https://data.commoncrawl.org/crawl-data/CC-NEWS/2026/06/
    warc.paths.gz (commoncrawl.org/news-crawl). A file that was read is not read again.
    """

    kind: Literal["warc"]
    url: Annotated[str, AfterValidator(_check_warc_place)]
    """An address (http, https, s3), or a path that starts at the configuration's folder."""
    hosts: tuple[str, ...] = ()
    """Only pages of these hosts and of those below them; empty: of any."""
    gate: bool = True
    """Only pages whose words may be on the matter; false: every page of the hosts."""
    max_files: int = Field(1, ge=1)
    """How many files of a list are read in one run; the next run goes on after them."""
    max_file_bytes: int = Field(2_000_000_000, gt=0)
    """A larger file is not fetched."""
    every: Period = timedelta(days=1)


BACKFILLED = WarcSource(
    name="backfill",
    kind="warc",
    url="backfill.warc.gz",
    publisher="A web archive",
    publisher_type="news",
    max_files=100_000,
)
"""The source of what `tracker backfill` takes out of archives that no configuration names; each page is its host's.
Its name is that of the marks in the database: another one would have every file screened again."""

Source = Annotated[
    FeedSource
    | SitemapSource
    | ListingSource
    | SiteSource
    | PageSource
    | FederalRegisterSource
    | GovInfoSource
    | CongressSource
    | RegulationsGovSource
    | CourtListenerSource
    | GdeltSource
    | GovUkSource
    | ArxivSource
    | WarcSource,
    Field(discriminator="kind"),
]
SOURCE_MODELS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(Source)[0])
}
"""Every kind by its name."""
