"""Enrichment of documents that are stored: near-duplicates, and metadata that nobody filled in."""

from indexer.enrichment.enrich import study

__all__ = ["study"]
