"""Edits as files: `data/curation/*.yaml`, which people write, review and keep under version control."""

from tracker.curation.files import check_edit, load_curation
from tracker.curation.writing import append_edit, edit_id, record_of

__all__ = ["append_edit", "check_edit", "edit_id", "load_curation", "record_of"]
