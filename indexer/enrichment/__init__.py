"""What can be found out about documents once they are stored: near-duplicates, and metadata nobody filled in."""

from indexer.enrichment.enrich import study

__all__ = ["study"]
