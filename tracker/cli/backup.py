"""`tracker backup` and `tracker restore`: everything that cannot be made again, to another folder and back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from tracker.cli.console import ConfigOption, err, out, progress_lines, settings_from
from tracker.cli.data import DataOption
from tracker.config import Settings
from tracker.render.wording import count_words

BackupArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the backup.")]


def backup(
    target: BackupArgument,
    databases: Annotated[
        bool, typer.Option("--databases/--no-databases", help="--no-databases: pg_dump has saved them just before.")
    ] = True,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Save database, archive, subscribers, people's edits, keys and configuration into a folder; a run may go on.

    Saved again, the folder takes in what is new. It is a data folder: `tracker db check --dir FOLDER` and `tracker
    archive verify --dir FOLDER` look through it. The site is not saved: `tracker publish` makes it.

    Example: `tracker backup /mnt/other-disk/tracker`
    """
    from tracker.backup import save

    settings, file = _settings(config, folder)
    with progress_lines() as progress:
        saved = save(settings, target, config=file, databases=databases, note=progress)
    out.print(f"{escape(str(saved.folder))}: {escape(', '.join(_short(saved.files)))}", soft_wrap=True)
    files = count_words(saved.archive_files, "file", "files")
    out.print(f"archive: {files}, of which {saved.copied_bytes / 1e6:,.1f} MB were new", soft_wrap=True)
    _tell_left_out(saved.left_out, "not saved")
    shown = escape(shlex.quote(str(target)))
    out.print(
        f"To look through it: tracker db check --dir {shown}; tracker archive verify --dir {shown}", soft_wrap=True
    )


def restore(source: BackupArgument, folder: DataOption = None, config: ConfigOption = None) -> None:
    """Put a backup back where the configuration says; nothing that is there already is replaced.

    The database may be of the other kind than the one that was saved. The configuration itself is taken as it is
    here: that of the backup lies in its folder.

    Example: `tracker restore /mnt/other-disk/tracker`, then `tracker db check`, `tracker publish`
    """
    from tracker.backup import restore as put_back

    settings, _ = _settings(config, folder)
    with progress_lines() as progress:
        restored = put_back(settings, source, progress)
    files = count_words(restored.archive_files, "file", "files")
    out.print(f"{escape(restored.database)} and {files} of the archive, as of {restored.made_at}", soft_wrap=True)
    _tell_left_out(restored.left_out, "not put back")
    out.print("Now: tracker db check; tracker archive verify; tracker publish", soft_wrap=True)


def _settings(config: Path | None, folder: Path | None) -> tuple[Settings, Path | None]:
    """The settings, and the file that they come from where it is somebody's own."""
    settings = settings_from(config)
    if folder is not None:
        there = {"data_dir": folder.resolve(), "database": None, "curation": folder.resolve() / "curation"}
        site = settings.site.model_copy(update={"out": folder.resolve() / "site"})
        return settings.model_copy(update={**there, "site": site}), None
    here = Path("config.yaml")
    return settings, config or (here if here.is_file() else None)


def _short(files: tuple[str, ...]) -> list[str]:
    edits = [name for name in files if name.startswith("curation/")]
    told = [name for name in files if name not in edits]
    return told + ([count_words(len(edits), "file of edits", "files of edits")] if edits else [])


def _tell_left_out(left_out: tuple[str, ...], what: str) -> None:
    for words in left_out:
        err.print(f"[yellow]{what}:[/] {escape(words)}", soft_wrap=True)


COMMANDS = (backup, restore)
