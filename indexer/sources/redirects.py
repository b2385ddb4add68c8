"""Pages that lead on to another address: each page is stored once, under the address where it is found in the end."""

from urllib.parse import urlsplit

from indexer.sources.reader_protocol import Known
from knowledge.storage.source_protocols import Origin

# How an origin is marked that is no page but leads to one.
_LEADS_TO = "leads to "


def redirect(asked: str, location: str) -> Origin:
    """Return the note that what was asked for at one address is stored under another."""
    return Origin(location=asked, digest=f"{_LEADS_TO}{location}")


def target(asked: str, known: Known) -> str:
    """Return the location that an address led to when it was last asked for; the address itself if to no other."""
    origin = known.origins.get(asked)
    return origin.digest.removeprefix(_LEADS_TO) if origin and origin.digest.startswith(_LEADS_TO) else asked


def home(asked: str, known: Known) -> str:
    """Return the location under which the library has what is found at an address; the address itself if it has none.

    A page that was stored before it moved keeps its first location, as long as nothing else is stored at the new one.
    """
    location = target(asked, known)
    return location if known.has(location) else asked


def identity(asked: str, found: str, known: Known) -> str:
    """Return the location to store a page under that was asked for at one address and found at another."""
    if asked == found or (known.has(asked) and not known.has(found)):
        return asked
    one, other = urlsplit(asked), urlsplit(found)
    # A visit's own number, added to the address, is another one at each visit.
    return asked if (one.netloc, one.path) == (other.netloc, other.path) and not one.query else found
