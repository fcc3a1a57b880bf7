"""The edge to the web: a polite client (the only door to httpx) and the WARC archive (the only door to warcio)."""
