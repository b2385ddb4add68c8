"""Requests to web servers: politely, within limits, and never where an operator did not allow it."""

from indexer.web.fetcher import Fetched, Fetcher

__all__ = ["Fetched", "Fetcher"]
