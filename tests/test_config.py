"""config.yaml: what is wrong is named by file, line and key, with what was expected."""

from datetime import timedelta
from pathlib import Path

import pytest

from tracker.config import Settings, load_settings
from tracker.errors import ConfigError, UnknownSource

SOURCE = """\
sources:
  - name: wire
    kind: feed
    url: https://wire.example/rss
    publisher: Wire
    publisher_type: news
"""


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("netwrk: {}", ["line 1", "netwrk", "no such key", "did you mean network?"], id="unknown-block"),
        pytest.param("network:\n  concurency: 3", ["line 2", "network.concurency", "did you mean concurrency?"], id="unknown-key"),
        pytest.param("network:\n  concurrency: many", ["line 2", "network.concurrency", "integer"], id="wrong-type"),
        pytest.param("network:\n  retries: -1", ["line 2", "network.retries", "greater than or equal to 0"], id="out-of-range"),
        pytest.param(SOURCE.replace("https:", "ftp:"), ["line 4", "sources.0.url", "http://"], id="not-http"),
        pytest.param(SOURCE.replace("kind: feed", "kind: rss"), ["line 3", "sources.0.kind", "no kind 'rss'", "did you mean feed?"], id="unknown-kind"),
        pytest.param(SOURCE.replace("kind: feed", "kind: fedd"), ["line 3", "sources.0.kind", "did you mean feed?"], id="misspelt-kind"),
        pytest.param(SOURCE.replace("kind: feed", "kind: 7"), ["line 3", "sources.0.kind", "no kind '7'", "feed, sitemap"], id="kind-of-number"),
        pytest.param(SOURCE.replace("    kind: feed\n", ""), ["line 2", "sources.0.kind", "required", "feed, sitemap"], id="no-kind"),
        pytest.param(SOURCE.replace("feed", "site") + "    site: nosuch", ["line 7", "sources.0.site", "sources/sites/nosuch.py", "next_data"], id="no-site-file"),
        pytest.param(SOURCE.replace("feed", "site") + "    site: nextdata", ["line 7", "did you mean next_data?"], id="misspelt-site"),
        pytest.param(SOURCE.replace("    publisher: Wire\n", ""), ["line 2", "sources.0.publisher", "required"], id="missing-key"),
        pytest.param(SOURCE + "    every: 5", ["line 7", "sources.0.every", "15m"], id="period-without-unit"),
        pytest.param(SOURCE.replace("feed", "sitemap") + "    include: (", ["line 7", "sources.0.include", "regular expression"], id="bad-pattern"),
        pytest.param(SOURCE.replace("feed", "listing") + "    items: 'li['", ["line 7", "sources.0.items", "CSS selector"], id="bad-selector"),
        pytest.param(SOURCE + "    pages: ?page=2", ["line 7", "sources.0.pages", "{n}"], id="page-rule-without-number"),
        pytest.param(SOURCE.replace("kind: feed", "kind: congress"), ["line 4", "sources.0.url", "/v3/bill/"], id="no-bill"),
        pytest.param(SOURCE + SOURCE.removeprefix("sources:\n"), ["'wire'", "a name may stand once"], id="name-twice"),
        pytest.param(SOURCE.replace("https://", "http://user:pw@"), ["line 4", "sources.0.url", "without login"], id="login-in-url"),
        pytest.param(SOURCE.replace("wire.example/", "wire.example:abc/"), ["line 4", "sources.0.url", "no address"], id="port-in-letters"),
        pytest.param(SOURCE.replace("https://wire.example", "http://[::1"), ["line 4", "sources.0.url", "no address"], id="half-an-ipv6"),
        pytest.param(SOURCE.replace("https://wire.example", "http://:80"), ["line 4", "sources.0.url", "with a host"], id="no-host"),
        pytest.param(SOURCE.replace("feed", "listing") + "    items: li\n    date_in_url: '/(\\d{4})/'", ["line 8", "date_in_url", "'year'"], id="date-without-groups"),
        pytest.param(SOURCE.replace("kind: feed", "kind: regulations_gov").replace("https", "http"), ["line 4", "sources.0.url", "https://"], id="key-in-clear"),
        pytest.param("network:\n  resolve: {x.example: localhost}", ["line 2", "network.resolve", "x.example", "ADDRESS:PORT"], id="resolve-name"),
        pytest.param("network:\n  resolve: {x.example: '127.0.0.1:70000'}", ["line 2", "network.resolve", "ADDRESS:PORT"], id="resolve-port"),
        pytest.param("network:\n  contact: Jörg <j@mine.example>", ["line 2", "network.contact", "ASCII"], id="contact-not-ascii"),
        pytest.param('network:\n  user_agent: "a\\nX-Y: z"', ["line 2", "network.user_agent", "ASCII"], id="agent-of-two-lines"),
        pytest.param("data_dir: [1", ["line 1"], id="not-yaml"),
        pytest.param("- a\n- b", ["line 1", "expected keys and values"], id="a-list"),
    ],
)  # fmt: skip
def test_wrong_configuration_is_named(tmp_path: Path, text: str, expected: list[str]) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    for words in (str(tmp_path / "config.yaml"), *expected):
        assert words in str(error.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, "network:\n  retries: x\nsite:\n  titel: y\n")
    assert "line 2" in str(error.value) and "line 4" in str(error.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load_settings(tmp_path / "nowhere.yaml")


def test_empty_file_means_defaults_beside_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, "")
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'tracker.db'}"


def test_periods_and_sources(tmp_path: Path) -> None:
    settings = load(tmp_path, SOURCE + "    every: 15m\nrevisit:\n  for: 2w\n  every: 0s\n")
    assert settings.sources[0].every == timedelta(minutes=15)
    assert settings.revisit.for_ == timedelta(days=14)
    assert settings.revisit.every == timedelta(0)


def test_a_key_may_go_by_http_to_this_machine(tmp_path: Path) -> None:
    keyed = SOURCE.replace("kind: feed", "kind: regulations_gov").replace("https", "http")
    for host in ("wire.example", "'*.example'"):
        assert load(tmp_path, f"network: {{resolve: {{{host}: '127.0.0.1:80'}}}}\n{keyed}").sources
    assert load(tmp_path, keyed.replace("wire.example", "[::1]:8080")).sources


def test_unknown_source_offers_the_nearest(tmp_path: Path) -> None:
    settings = load(tmp_path, SOURCE)
    with pytest.raises(UnknownSource, match="did you mean wire"):
        settings.select_sources(["wir"])
    with pytest.raises(UnknownSource, match="tracker sources"):
        settings.select_sources(["zzz"])


def test_disabled_sources_run_only_by_name(tmp_path: Path) -> None:
    settings = load(tmp_path, SOURCE + "    enabled: false\n")
    assert settings.select_sources(None) == []
    assert [source.name for source in settings.select_sources(["wire"])] == ["wire"]


def test_the_shipped_configuration_is_right() -> None:
    settings = load_settings(Path(__file__).parents[1] / "config.yaml")
    assert settings.select_sources(None)
    for source in settings.sources:
        assert source.found, f"{source.name} does not say where its address was found"


def test_published_limits_of_apis_hold_unless_somebody_writes_others(tmp_path: Path) -> None:
    network = load(tmp_path, "").network
    assert network.limits_of("api.gdeltproject.org").delay_s == 6.5
    assert network.limits_of("www.courtlistener.com").daily_requests == 125
    assert network.limits_of("export.arxiv.org").api == ("/api/query",) and network.limits_of("a.example").api == ()
    own = load(tmp_path, "network: {hosts: {api.gdeltproject.org: {delay_s: 60}}}").network.limits_of(
        "API.gdeltproject.org"
    )
    assert (own.delay_s, own.concurrency) == (60, 1)


def test_the_site_leads_to_where_people_subscribe(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    for text, expected in (
        ("digests: {public_url: 'https://serve.example/t/'}", "https://serve.example/t/subscriptions/"),
        (
            "digests: {public_url: 'https://serve.example'}\nsite: {subscribe_url: 'https://news.example/ask'}",
            "https://news.example/ask",
        ),
        ("site: {title: T}", None),
    ):
        path.write_text(text)
        assert load_settings(path).site.subscribe_url == expected
