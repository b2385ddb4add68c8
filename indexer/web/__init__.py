"""Asking web servers for what they hold: politely, within limits, and never where an operator did not allow it."""

from indexer.web.fetcher import Fetched, Fetcher

__all__ = ["Fetched", "Fetcher"]
