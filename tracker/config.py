"""config.yaml as typed settings. An error names the file, the line, the key and what was expected."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from tracker.configfields import HeaderText, HttpUrl, Period, Strict
from tracker.digestsettings import Digests, signup_url
from tracker.errors import ConfigError, UnknownSource
from tracker.sourcekinds import (
    SOURCE_MODELS,
    FederalRegisterSource,
    FeedSource,
    ListingSource,
    PageSource,
    SitemapSource,
    Source,
    WarcSource,
)
from tracker.yamlfile import YamlFile, load_yaml

__all__ = [
    "Digests",
    "FederalRegisterSource",
    "FeedSource",
    "ListingSource",
    "Network",
    "Nlp",
    "PageSource",
    "Remote",
    "Revisit",
    "Settings",
    "Site",
    "SitemapSource",
    "Source",
    "Workers",
    "load_settings",
]


def _check_networks(value: list[str]) -> list[str]:
    for item in value:
        ipaddress.ip_network(item)
    return value


def _check_targets(value: dict[str, str]) -> dict[str, str]:
    for name, target in value.items():
        address, _, port = target.rpartition(":")
        try:
            ipaddress.ip_address(address.strip("[]"))
            right = 0 < int(port) < 65_536
        except ValueError:
            right = False
        if not right:
            raise ValueError(f"{name}: {target!r} is not ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080")
    return value


def _check_endpoint(value: str) -> str:
    if re.search(r"[@?#\s]", value):
        raise ValueError("expected an address without login, query or fragment; the key comes from api_key_env")
    if not urlsplit(value).hostname or urlsplit(value).port == 0:
        raise ValueError("expected an address with a host, such as http://127.0.0.1:8080/v1")
    return value


def _check_longer_than_a_second(value: timedelta) -> timedelta:
    if value < timedelta(seconds=2):
        raise ValueError("expected 2s or longer: workers tell that they are there several times in it")
    return value


class HostLimits(Strict):
    """How one host wants to be asked, where that differs from `network`; None keeps what holds for all."""

    delay_s: float | None = Field(None, ge=0)
    concurrency: int | None = Field(None, gt=0)
    daily_requests: int | None = Field(None, gt=0)
    api: tuple[str, ...] | None = None
    """Paths, by their beginnings, of a documented API: there its own terms and limits hold, and not robots.txt, which
    is for crawlers that follow links (RFC 9309, section 1) and forbids everything on some hosts of APIs."""


_PUBLISHED: dict[str, HostLimits] = {
    "api.congress.gov": HostLimits(api=("/v3/",)),
    "api.gdeltproject.org": HostLimits(delay_s=6.5, concurrency=1, api=("/api/v2/",)),
    "api.govinfo.gov": HostLimits(api=("/",)),
    "api.regulations.gov": HostLimits(api=("/v4/",)),
    "export.arxiv.org": HostLimits(delay_s=3, concurrency=1, api=("/api/query",)),
    "www.courtlistener.com": HostLimits(delay_s=12.5, concurrency=1, daily_requests=125, api=("/api/rest/v4/",)),
    "www.federalregister.gov": HostLimits(api=("/api/v1/", "/documents/full_text/")),
    "www.gov.uk": HostLimits(api=("/api/search.json",)),
}
"""What hosts of documented APIs publish: their limits (one request in 5 seconds, or a long ban: GDELT; one in 3 seconds
over one connection: info.arxiv.org/help/api/tou; 5 a minute and 125 a day of a free account: CourtListener), and where
their API is."""


class Network(Strict):
    """How the fetcher behaves towards hosts."""

    user_agent: HeaderText = "tracker/0.1 (research on AI model distillation disputes)"
    contact: HeaderText | None = None
    """A mail address or page that a web master can turn to; sent in From and in the User-Agent."""
    resolve: Annotated[dict[str, str], AfterValidator(_check_targets)] = Field(default_factory=dict)
    """Host name (or `*.suffix`) to `address:port`: names that are not looked up in the DNS."""
    allow_networks: Annotated[list[str], AfterValidator(_check_networks)] = Field(default_factory=list)
    """Private networks that may be connected to all the same (CIDR), such as 127.0.0.0/8."""
    connect_timeout_s: float = Field(10, gt=0)
    read_timeout_s: float = Field(20, gt=0)
    """Silence between two parts of an answer."""
    first_byte_timeout_s: float = Field(20, gt=0)
    """From the request, the connection included, to the end of the answer's headers."""
    total_timeout_s: float = Field(60, gt=0)
    max_body_bytes: int = Field(20_000_000, gt=0)
    """Of the body after decompression."""
    max_redirects: int = Field(5, ge=0)
    concurrency: int = Field(16, gt=0)
    """Requests in flight in all."""
    per_host_concurrency: int = Field(2, gt=0)
    per_host_delay_s: float = Field(1.0, ge=0)
    """Between the starts of two requests to one host; a longer Crawl-delay in robots.txt prevails."""
    daily_requests_per_host: int = Field(2000, gt=0)
    """Requests to one host in a day (UTC), over all runs; what is over them waits for the next day."""
    hosts: dict[str, HostLimits] = Field(default_factory=dict)
    """Limits of single hosts, by name or `*.suffix`. What some APIs publish as theirs holds without an entry."""
    retries: int = Field(2, ge=0)

    def is_loopback(self, host: str) -> bool:
        """Whether a host is this machine: by its address, or by `resolve` (its entry, else `*.suffix`)."""
        name = host.lower().rstrip(".")
        fitting = [key for key in self.resolve if key.startswith("*.") and name.endswith(key[1:].lower())]
        target = self.resolve.get(name) or (self.resolve[max(fitting, key=len)] if fitting else f"{name}:0")
        try:
            return ipaddress.ip_address(target.rpartition(":")[0].strip("[]")).is_loopback
        except ValueError:
            return False

    def limits_of(self, host: str) -> HostLimits:
        """What holds for a host, nothing None: its own entry, else the longest `*.suffix`, else what it
        publishes, else that of all hosts."""
        name = host.lower().rstrip(".")
        suffixes = [key for key in self.hosts if key.startswith("*.") and name.endswith(key[1:].lower())]
        own = self.hosts.get(name) or (self.hosts[max(suffixes, key=len)] if suffixes else HostLimits())
        published = _PUBLISHED.get(name, HostLimits())
        delays = (own.delay_s, published.delay_s, self.per_host_delay_s)
        return HostLimits(
            delay_s=next(delay for delay in delays if delay is not None),
            concurrency=own.concurrency or published.concurrency or self.per_host_concurrency,
            daily_requests=own.daily_requests or published.daily_requests or self.daily_requests_per_host,
            api=published.api or () if own.api is None else own.api,
        )


class Revisit(Strict):
    """When a page that was read before is asked for again, to see whether its words have changed."""

    for_: Period = Field(timedelta(days=14), alias="for")
    """How long after it was first seen."""
    every: Period = timedelta(hours=6)


class Schedule(Strict):
    """When sources are asked. A source's `every` is the most often; the longer it is quiet, the less often it is."""

    slowest: Period = timedelta(days=1)
    """However quiet a source is or however often it fails, it is asked about this often."""
    settle: Period = timedelta(seconds=10)
    """After pages have come, so long is waited for others before all are read, extracted and published."""
    grace: Period = timedelta(seconds=30)
    """After the first SIGTERM or Ctrl-C, what is in flight has so long to finish."""


class Workers(Strict):
    """`tracker worker`: many processes, on one machine or several, over one PostgreSQL."""

    stalled_after: Annotated[Period, AfterValidator(_check_longer_than_a_second)] = timedelta(seconds=30)
    """A worker that was not heard of for so long has ended: what it had in flight is given to others."""
    attempts: int = Field(6, ge=1, le=20)
    """So often a job is tried that fails; then it is dead, and waits for `tracker jobs retry`."""
    publish_within: Period = timedelta(minutes=5)
    """While work is waiting that would change the site, publishing it is put off, so long at the most."""
    keep_finished: Period = timedelta(hours=1)
    """How long `tracker jobs list` shows jobs that are done. Dead ones stay."""


class Site(Strict):
    """The published site."""

    out: Path = Path("site")
    title: str = "Distillation Dispute Tracker"
    base_url: HttpUrl | None = None
    """Where the site will be served; None while nobody serves it."""
    licence: str = "CC BY 4.0"
    licence_url: HttpUrl = "https://creativecommons.org/licenses/by/4.0/"
    """Of what the site says in its own words and of its data; quotes stay their publishers'."""
    other_documents: bool = True
    """Whether documents that are not on the matter have a page and a row all the same. Where most of what is collected
    is general news, nearly all of the time and memory of publishing goes into these."""
    search: bool = True
    """Whether it has a search page; only where the extra `search` is installed."""
    subscribe_url: HttpUrl | None = None
    """Where readers subscribe to digests; where it is not given, the page under digests.public_url, if that is set."""
    workers: int = Field(0, ge=0, le=64)
    """Processes that make the site, which comes out the same with any number; 0 for one a processor, at most four.
    Each may come to need as much memory as one alone."""


class Remote(Strict):
    """A larger language model that may add claims, on any server of the chat completions API."""

    base_url: Annotated[HttpUrl, AfterValidator(_check_endpoint)]
    """Up to and with the version: http://127.0.0.1:8080/v1. Private addresses are allowed: somebody wrote it here."""
    model: str = Field(min_length=1, max_length=200)
    """The id that the server knows the model by."""
    api_key_env: str | None = Field(None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """The environment variable that holds the key; the key itself is never written in a file."""
    timeout_s: float = Field(120, gt=0)
    """For one document, with its retries."""
    max_document_chars: int = Field(60_000, gt=0)
    """What is sent of a document, up to the end of a sentence."""
    max_retries: int = Field(2, ge=0)
    confidence: float = Field(0.4, ge=0, le=1)
    """How sure its claims are taken to be: below `review_below` they wait for review, so raise it when measured."""


class Nlp(Strict):
    """Extraction."""

    model: str = "bundled"
    """`bundled`, a folder, or the name of an installed spaCy pipeline such as en_core_web_lg."""
    review_below: float = Field(0.5, ge=0, le=1)
    """A claim with a lower confidence is kept for review and not published; 0 publishes all (docs/calibration.md)."""
    remote: Remote | None = None
    """None: nothing leaves this machine for extraction."""


class Settings(Strict):
    """The whole of config.yaml. Relative paths start at the file's folder."""

    data_dir: Path = Path("var")
    database: str | None = None
    """SQLAlchemy address; None means tracker.db in data_dir."""
    curation: Path = Path("data/curation")
    """The folder of people's edits (docs/curation.md); one that is not there holds none."""
    network: Network = Network()
    revisit: Revisit = Revisit()
    schedule: Schedule = Schedule()
    workers: Workers = Workers()
    nlp: Nlp = Nlp()
    site: Site = Site()
    digests: Digests = Digests()
    sources: list[Source] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Settings:
        seen: set[str] = set()
        for source in self.sources:
            if source.name in seen:
                raise ValueError(f"two sources are named {source.name!r}; a name may stand once")
            seen.add(source.name)
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the working database."""
        return self.database or f"sqlite:///{self.data_dir / 'tracker.db'}"

    @property
    def subscriptions_url(self) -> str:
        """The SQLAlchemy address of the database of subscribers and digests."""
        return self.digests.database or f"sqlite:///{self.data_dir / 'subscribers.db'}"

    def select_sources(self, names: list[str] | None) -> list[Source]:
        """The named sources, or all that are enabled.

        Raises:
            UnknownSource: a name that is not in the configuration; names the nearest ones.
        """
        if not names:
            return [source for source in self.sources if source.enabled]
        by_name = {source.name: source for source in self.sources}
        for name in names:
            if name not in by_name:
                from difflib import get_close_matches

                near = get_close_matches(name, by_name, n=3)
                hint = f"did you mean {', '.join(near)}?" if near else "`tracker sources` lists them"
                raise UnknownSource(f"{name!r}; {hint}")
        return [by_name[name] for name in dict.fromkeys(names)]


_EXPECTED = {
    "missing": "this key is required",
    "extra_forbidden": "there is no such key",
}


def _explain(file: YamlFile, error: ValidationError) -> str:
    lines = []
    for item in error.errors():
        loc = item["loc"] or _second_of_a_name(file.data)
        # pydantic names the kind of a source between its number and its key, where the file has no such level.
        where = (*loc[:2], *loc[3:]) if loc[:1] == ("sources",) and loc[2:3] and loc[2] in SOURCE_MODELS else loc
        key = ".".join(str(part) for part in where) or "(top level)"
        expected = _EXPECTED.get(item["type"], item["msg"].removeprefix("Value error, "))
        if item["type"] in ("union_tag_not_found", "union_tag_invalid"):
            key, expected = f"{key}.kind", _explain_kind(item.get("ctx", {}).get("tag"))
            where = (*where, "kind")
        if item["type"] == "extra_forbidden":
            expected += _near_keys(where)
        lines.append(f"{file.path}, line {file.line_of(where)}: {key}: {expected}")
    return "\n".join(lines)


def _second_of_a_name(data: dict[str, Any]) -> tuple[str | int, ...]:
    """Where the one rule over the whole file is broken: the first source whose name stood before."""
    seen: set[str] = set()
    for number, source in enumerate(data.get("sources") or []):
        if source["name"] in seen:
            return ("sources", number, "name")
        seen.add(source["name"])
    return ()


def _explain_kind(kind: str | None) -> str:
    from difflib import get_close_matches

    if kind is None:
        return f"{_EXPECTED['missing']}; there are {', '.join(SOURCE_MODELS)}"
    near = {"rss": ["feed"], "atom": ["feed"]}.get(kind.lower()) or get_close_matches(kind.lower(), SOURCE_MODELS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SOURCE_MODELS)}"
    return f"there is no kind {kind!r}; {hint}"


_BLOCKS: dict[str, type[BaseModel]] = {
    "network": Network,
    "revisit": Revisit,
    "schedule": Schedule,
    "workers": Workers,
    "nlp": Nlp,
    "site": Site,
    "digests": Digests,
}


def _near_keys(where: tuple[str | int, ...]) -> str:
    from difflib import get_close_matches

    model: type[BaseModel] | None = Settings if len(where) == 1 else _BLOCKS.get(str(where[0]))
    names = {field.alias or name for name, field in model.model_fields.items()} if model else set()
    if where[0] == "sources":
        names = {name for kind in SOURCE_MODELS.values() for name in kind.model_fields}
    near = get_close_matches(str(where[-1]), names, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _placed(source: Source, base: Path) -> Source:
    """The source with its file, where it is one, found from the configuration's folder."""
    if isinstance(source, WarcSource) and not re.match(r"https?://", source.url):
        return source.model_copy(update={"url": str(base / source.url)})
    return source


def _check_keys_are_hidden(settings: Settings, file: YamlFile) -> None:
    for number, source in enumerate(settings.sources):
        parts = urlsplit(source.url)
        if source.needs_key and parts.scheme == "http" and not settings.network.is_loopback(parts.hostname or ""):
            raise ConfigError(
                f"{file.path}, line {file.line_of(('sources', number, 'url'))}: sources.{number}.url: expected "
                "https://, since this kind sends a key, which by http:// anybody on the way can read"
            )


def load_settings(path: Path) -> Settings:
    """Read and check a configuration file.

    Raises:
        ConfigError: the file is missing or not YAML, or a key is unknown, missing or of the wrong type.
    """
    file = load_yaml(path, ConfigError)
    data = {} if file.data is None else file.data
    if not isinstance(data, dict):
        raise ConfigError(f"{path}, line 1: expected keys and values, got {type(data).__name__}")
    try:
        settings = Settings.model_validate(data)
    except ValidationError as exc:
        raise ConfigError(_explain(file, exc)) from exc
    _check_keys_are_hidden(settings, file)
    base = path.resolve().parent
    public_url = settings.digests.public_url
    subscribe_url = settings.site.subscribe_url or (signup_url(public_url) if public_url else None)
    return settings.model_copy(
        update={
            "data_dir": base / settings.data_dir,
            "curation": base / settings.curation,
            "sources": [_placed(source, base) for source in settings.sources],
            "site": settings.site.model_copy(update={"out": base / settings.site.out, "subscribe_url": subscribe_url}),
        }
    )
