"""Everything that cannot be made again, saved into one folder while a run goes on, and put back from there."""

from tracker.backup.restoring import Restored, restore
from tracker.backup.saving import Saved, save

__all__ = ["Restored", "Saved", "restore", "save"]
