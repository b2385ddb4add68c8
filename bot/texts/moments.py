"""Moments as a person reads them."""

from datetime import datetime


def moment(iso: str) -> str:
    """An ISO 8601 moment (UTC where it says no zone) in this machine's own time: "22 November 2026, 09:05"."""
    local = datetime.fromisoformat(iso).astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"
