"""`tracker register`: what is known against a vendor, for the files of a compliance team."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from tracker.cli.console import ConfigOption, check_out, checked_choice, err, write_result
from tracker.cli.data import AsOfOption, DataOption, OutOption, open_data
from tracker.errors import InputError
from tracker.render.catalogue import build_catalogue
from tracker.render.exports import Format, render_records
from tracker.render.registerrows import REGISTER_COLUMNS, register_csv, register_records
from tracker.render.registers import build_register
from tracker.types import Entity


def register(
    company: Annotated[str, typer.Argument(metavar="COMPANY", help="A company by its name, another name or its id.")],
    format: Annotated[str, typer.Option("--format", help=" | ".join(get_args(Format)))] = "csv",
    path: OutOption = None,
    as_of: AsOfOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Write a company's register: allegations and how each stands, its answers, steps of public bodies, with words.

    Example: `tracker register DeepSeek --dir tracker-demo --out deepseek.csv`
    """
    checked_choice(format, get_args(Format), "--format")
    with open_data(config, folder) as app:
        check_out(path, [config or Path("config.yaml"), app.settings.data_dir / "tracker.db"])
        dataset = app.dataset() if as_of is None else app.dataset_as_of(app.as_of(as_of))
        base = app.settings.site.base_url or ""
    catalogue = build_catalogue(dataset)
    found = build_register(catalogue, find_company(catalogue.entities, company))
    if not found.has_entries:
        err.print(f"no entry: no document read here says anything against {found.company.name}", markup=False)
    if format == "csv":
        write_result(register_csv(catalogue, found, base).decode(), path)
        return
    write_result(render_records(register_records(catalogue, found, base), cast(Format, format), REGISTER_COLUMNS), path)


def find_company(entities: Mapping[str, Entity], text: str) -> Entity:
    """The company that is meant, by id, name or another name, whatever its case.

    Raises:
        InputError: none is named so, or what is named so is no company; says which names are near.
    """
    wanted = " ".join(text.split()).casefold()
    named: dict[str, list[Entity]] = {}
    for entity in entities.values():
        for name in {key.casefold() for key in (entity.id, entity.name, *entity.aliases)}:
            named.setdefault(name, []).append(entity)
    found = named.get(wanted, [])
    companies = [entity for entity in found if entity.type == "company"]
    if len(companies) == 1:
        return companies[0]
    if companies:
        raise InputError(f"{text!r} names more than one company; say which by id: {', '.join(e.id for e in companies)}")
    if found:
        owner = entities.get(found[0].parent or "")
        hint = f"; it belongs to {owner.name}" if owner else ""
        raise InputError(f"{found[0].name} is a {found[0].type}, and registers are of companies{hint}")
    pool = {name: held[0].name for name, held in named.items() if held[0].type == "company"}
    near = list(dict.fromkeys(pool[name] for name in get_close_matches(wanted, pool, n=3)))
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `tracker export entities` lists all names"
    raise InputError(f"no document read here names a company {text!r}{hint}")


COMMANDS = (register,)
