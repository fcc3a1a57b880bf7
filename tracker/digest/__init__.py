"""Digests: what changed from edition to edition, whom it concerns, and how it is told."""
