"""How the documents of a sample host are found: feeds, sitemaps, listings and the API, in their documented shapes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from jinja2 import Environment


@dataclass(frozen=True)
class Item:
    """A document as a source points at it."""

    id: str
    path: str
    title: str
    published: str
    at: datetime
    summary: str
    language: str
    number: int
    agency: str
    kind: str
    days: dict[str, str]

    def __getattr__(self, name: str) -> str:
        """The day in one of its written forms, for the templates."""
        try:
            return self.days[name]
        except KeyError:
            raise AttributeError(name) from None


def render_discovery(
    web: Any, env: Environment, host: str, site: dict[str, Any], items: list[Item], later: list[Item]
) -> None:
    """Add the pages by which a host's items are found. `later` are items that edition 2 has in place of older ones."""
    way, base = site["discovery"], f"http://{host}"
    newest = date.fromisoformat(items[0].published)
    if way["kind"] in ("rss", "atom", "json_feed"):
        render, content_type = _FEEDS[way["kind"]]
        second = None
        if later:
            replaced = {item.path: item for item in later}
            corrected = [replaced.get(item.path, item) for item in items]
            second = (render(base, site, corrected), date.fromisoformat(later[-1].published))
        web.add(host, way["path"], render(base, site, items), content_type, newest, second=second)
    elif way["kind"] == "news_sitemap":
        web.add(host, way["path"], _render_sitemap_index(base, items), "application/xml", newest)
        web.add(host, "/sitemap-news.xml", _render_news_sitemap(base, site, items), "application/xml", newest)
        web.add(host, "/sitemap-pages.xml", _render_sitemap(base, [("/", None), ("/about", None)]), "text/xml", newest)
    elif way["kind"] == "sitemap":
        rows = [("/", None), ("/about", "2025-01-01"), *((item.path, item.published) for item in items)]
        web.add(host, way["path"], _render_sitemap(base, rows), "application/xml", newest)
    elif way["kind"] == "listing":
        listed = [item for item in items if item.path.startswith(way.get("only", "/"))]
        page = env.get_template(f"{way['template']}.html.j2").render(site=site, items=listed)
        web.add(host, way["path"], page, site["content_type"], newest)
    elif way["kind"] == "api":
        _add_api(web, host, way["path"], items)


def _render_rss(base: str, site: dict[str, Any], items: list[Item]) -> str:
    """RSS 2.0 (rssboard.org/rss-specification)."""
    dated = site["discovery"].get("dates", True)
    entries = "".join(
        f"<item>\n<title>{escape(item.title)}</title>\n<link>{escape(base + item.path)}</link>\n"
        f'<guid isPermaLink="false">{item.id}@{base.removeprefix("http://")}</guid>\n'
        + (f"<pubDate>{format_datetime(item.at)}</pubDate>\n" if dated else "")
        + f"<description>{escape(item.summary)}</description>\n</item>\n"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(site['name'])}</title>\n<link>{base}/</link>\n<description>{escape(site['tagline'])}</description>\n"
        f"<language>{site['language']}</language>\n"
        f'<atom:link href={quoteattr(base + site["feed_path"])} rel="self" type="application/rss+xml"/>\n'
        f"{entries}</channel>\n</rss>\n"
    )


def _render_atom(base: str, site: dict[str, Any], items: list[Item]) -> str:
    """Atom (RFC 4287), with links relative to xml:base where the site says so."""
    relative = site["discovery"].get("relative_links", False)
    entries = "".join(
        f"<entry>\n<id>tag:{base.removeprefix('http://')},{item.published}:{item.id}</id>\n"
        f"<title>{escape(item.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(item.path if relative else base + item.path)}/>\n'
        f"<published>{item.at:%Y-%m-%dT%H:%M:%SZ}</published>\n<updated>{item.at:%Y-%m-%dT%H:%M:%SZ}</updated>\n"
        f'<summary type="text">{escape(item.summary)}</summary>\n</entry>\n'
        for item in items
    )
    xml_base = f' xml:base="{base}/"' if relative else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"{xml_base}>\n'
        f"<id>{base}/</id>\n<title>{escape(site['name'])}</title>\n<updated>{items[0].at:%Y-%m-%dT%H:%M:%SZ}</updated>\n"
        f'<link rel="self" href={quoteattr(base + site["feed_path"])}/>\n<link href="{base}/"/>\n'
        f"<author><name>{escape(site['authors'][0])}</name></author>\n{entries}</feed>\n"
    )


def _render_json_feed(base: str, site: dict[str, Any], items: list[Item]) -> str:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site["name"],
        "home_page_url": f"{base}/",
        "feed_url": base + site["feed_path"],
        "language": site["language"],
        "items": [
            {
                "id": f"{base}/{item.id}",
                "url": base + item.path,
                "title": item.title,
                "summary": item.summary,
                "content_text": item.summary,
                "date_published": f"{item.at:%Y-%m-%dT%H:%M:%SZ}",
            }
            for item in items
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


_FEEDS = {
    "rss": (_render_rss, "application/rss+xml; charset=utf-8"),
    "atom": (_render_atom, "application/atom+xml"),
    "json_feed": (_render_json_feed, "application/feed+json"),
}
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _render_sitemap(base: str, rows: list[tuple[str, str | None]]) -> str:
    """A sitemap (sitemaps.org 0.9) of (path, last change)."""
    urls = "".join(
        f"<url><loc>{escape(base + path)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>\n"
        for path, changed in rows
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP}>\n{urls}</urlset>\n'


def _render_sitemap_index(base: str, items: list[Item]) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_SITEMAP}>\n'
        f"<sitemap><loc>{base}/sitemap-news.xml</loc><lastmod>{items[0].published}</lastmod></sitemap>\n"
        f"<sitemap><loc>{base}/sitemap-pages.xml</loc></sitemap>\n</sitemapindex>\n"
    )


def _render_news_sitemap(base: str, site: dict[str, Any], items: list[Item]) -> str:
    """A sitemap with Google's news entries (schemas/sitemap-news/0.9)."""
    urls = "".join(
        f"<url>\n<loc>{escape(base + item.path)}</loc>\n<news:news>\n"
        f"<news:publication><news:name>{escape(site['name'])}</news:name>"
        f"<news:language>{item.language}</news:language></news:publication>\n"
        f"<news:publication_date>{item.at:%Y-%m-%dT%H:%M:%S+00:00}</news:publication_date>\n"
        f"<news:title>{escape(item.title)}</news:title>\n</news:news>\n</url>\n"
        for item in items
    )
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP} {news}>\n{urls}</urlset>\n'


def _add_api(web: Any, host: str, path: str, items: list[Item]) -> None:
    """Two pages in the shape of the Federal Register API v1, `GET /documents.json` (federalregister.gov/developers).

    The first answers whatever the conditions are: the sample web does not search.
    """
    half = (len(items) + 1) // 2
    on = date.fromisoformat(items[0].published)
    count = {"count": len(items), "description": "All Documents", "total_pages": 2}
    following = f"http://{host}/api/v1/documents?format=json&page=2"
    first = count | {"next_page_url": following, "results": [_make_result(host, item) for item in items[:half]]}
    second = count | {"results": [_make_result(host, item) for item in items[half:]]}
    json_type = "application/json; charset=utf-8"
    web.add(host, path, json.dumps(first, indent=1) + "\n", json_type, on, any_query=True)
    web.add(
        host,
        "/api/v1/documents",
        json.dumps(second, indent=1) + "\n",
        json_type,
        on,
        query={"format": "json", "page": "2"},
    )


def _make_result(host: str, item: Item) -> dict[str, Any]:
    number = f"2026-9{item.number:04}"
    slug = item.agency.lower().replace(" ", "-")
    agency = {"raw_name": item.agency.upper(), "name": item.agency, "id": 900 + item.number, "url": f"http://{host}/about",
              "json_url": None, "parent_id": None, "slug": slug}  # fmt: skip
    return {
        "title": item.title,
        "type": item.kind,
        "abstract": item.summary,
        "document_number": number,
        "html_url": f"http://{host}{item.path}",
        "pdf_url": f"http://{host}/pdf/{number}.pdf",
        "public_inspection_pdf_url": None,
        "publication_date": item.published,
        "agencies": [agency],
        "excerpts": item.summary,
    }
