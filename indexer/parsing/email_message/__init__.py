"""Mail messages saved as files (.eml): newsletters and announcements."""

from indexer.parsing.email_message.message import parse

__all__ = ["parse"]
