"""What was known of a party, and what was told of it, to whom and when: for the files of an auditor."""

from tracker.digest.audit.trail import Audit, AuditRow, Period, Telling, make_audit

__all__ = ["Audit", "AuditRow", "Period", "Telling", "make_audit"]
