"""Looking somebody up in the published database by any of their names, and an event by an id that it once had."""

from __future__ import annotations

import difflib

from tracker.errors import InputError
from tracker.query import Limits, Published

_NAMED = "SELECT id, name FROM entities UNION ALL SELECT entity_id, alias FROM aliases"
_ALL = Limits(rows=1_000_000)


def find_entity(database: Published, name: str) -> str:
    """The id of what is called so: by id, name or another name, whatever the case.

    Raises:
        InputError: nobody is, or several are; names the nearest.
    """
    wanted = name.strip().casefold()
    rows = database.ask(_NAMED, limits=_ALL).rows
    if not rows:
        raise InputError("the data are empty: `tracker ingest` or `tracker run` first, or `--dir tracker-demo`")
    found = sorted({key for key, called in rows if wanted in (key.casefold(), called.casefold())})
    if name.strip() in found:
        return name.strip()
    if len(found) == 1:
        return str(found[0])
    if found:
        raise InputError(f"{name!r} may be any of {', '.join(found)}; name one by its id")
    names = {called.casefold(): f"{called} ({key})" for key, called in rows}
    near = [names[item] for item in difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)]
    near = near or [told for called, told in names.items() if wanted and wanted in called][:3]
    raise InputError(
        f"nobody is called {name!r} in the data" + (f"; did you mean {' or '.join(near)}?" if near else "")
    )


def follow_redirects(database: Published, id: str) -> list[str]:
    """The ids that an id was merged into, one after the other; the last may be one that stands no longer.

    Of what was lost without an heir that is its own id.
    """
    led: list[str] = []
    while rows := database.ask("SELECT new_id FROM redirects WHERE old_id = :id", {"id": led[-1] if led else id}).rows:
        if rows[0][0] in led:
            break
        led.append(str(rows[0][0]))
    return led


def find_event(database: Published, id: str) -> str:
    """The present id of an event, also of one that was merged into another.

    Raises:
        InputError: there is none; names the nearest.
    """
    wanted = id.strip()
    led = [wanted, *follow_redirects(database, wanted)]
    for one in led:
        if database.ask("SELECT 1 FROM events WHERE id = :id", {"id": one}).rows:
            return one
    if len(led) > 1:
        raise InputError(f"the event {id!r} no longer stands, and no present event took its place")
    known = [row[0] for row in database.ask("SELECT id FROM events ORDER BY id", limits=_ALL).rows]
    near = [key for key in known if wanted and wanted in key][:3] or difflib.get_close_matches(wanted, known, 3, 0.5)
    raise InputError(f"there is no event {id!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))


def find_dispute(database: Published, text: str) -> str:
    """The present id of a dispute, by its id, one that it once had, or its title whatever the case.

    Raises:
        InputError: there is none, or several have the title; names the nearest.
    """
    wanted = text.strip()
    rows = database.ask("SELECT id, title FROM disputes", limits=_ALL).rows
    known = {str(key): str(title) for key, title in rows}
    led = [wanted, *follow_redirects(database, wanted)]
    for one in led:
        if one in known:
            return one
    if len(led) > 1:
        raise InputError(f"the dispute {text!r} no longer stands, and no present dispute took its place")
    titled = sorted(key for key, title in known.items() if title.casefold() == wanted.casefold())
    if len(titled) == 1:
        return titled[0]
    if titled:
        raise InputError(f"{text!r} may be any of {', '.join(titled)}; name one by its id")
    folded = wanted.casefold()
    near = [key for key, title in known.items() if folded and folded in f"{key} {title}".casefold()][:3]
    near = near or difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
    raise InputError(f"there is no dispute {text!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
