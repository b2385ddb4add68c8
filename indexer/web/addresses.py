"""Web addresses: which texts are one, one form for each, and which site they belong to."""

import re
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

from knowledge.errors import SourceError

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]+://", re.IGNORECASE)
# The name of a site, told from that of a file by its beginning or by an ending that no kind of file has.
_BARE = re.compile(
    r"(?=www\.|[^/?#]*\.(?:uk|org|com|net|eu|int|gov|edu|info|scot|wales|cymru|london|coop|ngo)(?:[:/?#]|$))"
    r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What an address may hold as it is; everything else is written as %XX.
_SAFE = "%/:=&?~#+!$,;'@()*[]"


def is_address(source: str) -> bool:
    """Return whether a source is an address, of whatever kind, and not a path."""
    return _SCHEME.match(source.strip()) is not None


def address_meant(source: str) -> str | None:
    """Return the web address that a text without `https://` looks like (`www.example.org`, `nhs.uk/page`), if any."""
    text = source.strip()
    return f"https://{text}" if _BARE.match(text) else None


def normalised(address: str) -> str:
    """Return one form for each address: lower-case host, no default port, no fragment, `webcal:` as `https:`.

    Raises:
        SourceError: It is no address that can be asked for.
    """
    text = re.sub(r"^webcals?://", "https://", address.strip(), flags=re.IGNORECASE)
    try:
        text.encode()  # an argument of a program may hold bytes that are no text
        parts = urlsplit(urldefrag(text).url)
        port = parts.port
    except UnicodeEncodeError:
        raise SourceError("this is not a web address: it is not text in UTF-8") from None
    except ValueError as error:
        raise SourceError(f"this is not a web address ({error})") from None
    scheme = parts.scheme.lower()
    if scheme == "file":
        return urlunsplit((scheme, "", parts.path, "", ""))
    if scheme not in _DEFAULT_PORTS:
        raise SourceError(f"addresses that begin with {scheme or 'nothing'}: cannot be read; use https: or http:")
    if not parts.hostname or parts.username or parts.password:
        raise SourceError("this is not a web address without a name or password in it")
    try:
        host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname.lower()
    except UnicodeError:
        raise SourceError("the name of the site in this address cannot be one; check the spelling") from None
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    return urlunsplit((scheme, place, quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE), ""))


def joined(base: str, link: str) -> str | None:
    """Return a link found on a page as an address of its own; `None` for what is none (`mailto:`, `javascript:`)."""
    try:
        return normalised(urljoin(base, link.strip()))
    except (SourceError, ValueError):
        return None


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses are on one site: the same host and port, with or without `www.`."""
    return _site(one) == _site(other)


def site(address: str) -> str:
    """Return the beginning that all addresses of one server share, e.g. `https://example.org`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _site(address: str) -> str:
    return urlsplit(address).netloc.lower().removeprefix("www.")
