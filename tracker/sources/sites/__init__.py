"""Sites whose list no kind can read: one short file each, which turns the list's bytes into candidates.

A file here defines `parse_list`; docs/add-a-source.md walks through it. Paging, how far back to go, politeness and
everything else is shared with the other kinds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from tracker.errors import NotParsable
from tracker.ports import Ask
from tracker.sourcekinds import SiteSource
from tracker.sources.lists import ListPage, collect_list
from tracker.types import Candidate, Response

_LOG = logging.getLogger(__name__)
ParseList = Callable[[bytes, str], tuple[Candidate, ...]]
"""(body, address) -> entries, newest first. Raises: NotParsable, of reason `layout` where the page has changed."""


async def list_site(source: SiteSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The entries of a site's list, by the file that the source names.

    Raises:
        NotParsable: it finds nothing, or it breaks on what the page has become.
    """
    parse_list = _load(source.site)

    def parse(answer: Response) -> ListPage:
        try:
            return ListPage(parse_list(answer.body, answer.final_url))
        except NotParsable:
            raise
        except Exception as error:  # a short file is not expected to foresee everything that a site may send
            _LOG.exception("%s: sites/%s.py broke on %s", source.name, source.site, answer.final_url)
            raise NotParsable(
                f"{answer.final_url}: sites/{source.site}.py cannot read it"
                f" ({type(error).__name__}: {str(error)[:120]})",
                reason="layout",
            ) from error

    return await collect_list(source, ask, since, parse)


def _load(name: str) -> ParseList:
    # That there is such a file was checked with the configuration.
    found: ParseList = import_module(f"{__name__}.{name}").parse_list
    return found
