"""Bytes to values: feeds, sitemaps, listings, API answers and pages. Pure: no network, no files, no clock.

Everything read here comes from the open web and may be hostile: sizes, depths and counts are limited, XML is
parsed without entities, DTDs and network, and what is not what it claims to be raises `NotParsable`.
"""
