"""The schedule: sources are collected side by side, each by its cadence; what came is read and published once."""

from tracker.schedule.service import Stopped, run_until_stopped

__all__ = ["Stopped", "run_until_stopped"]
