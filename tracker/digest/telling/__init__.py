"""What a digest looks like: mail, webhook payloads and feeds, made once from a digest and sent as they are."""

from tracker.digest.telling.messages import render_message
from tracker.digest.telling.notices import NoticeKind, render_confirmation, render_notice

__all__ = ["NoticeKind", "render_confirmation", "render_message", "render_notice"]
