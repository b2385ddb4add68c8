"""XML from strangers: parsed without entities, without network, without unbounded depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

# In UTF-8 and, with a zero byte between the letters, in UTF-16.
_ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y", re.IGNORECASE)


def refuse_entities(content: bytes) -> None:
    """Accept XML that declares no entities: nothing honest needs them, and they can expand without end.

    Raises:
        SourceError: It does.
    """
    if _ENTITY.search(content):
        raise SourceError(
            "it declares XML entities, which can be made to fill the memory; it is not opened. Ask its owner for it in "
            "another form"
        )


def parse_xml(content: bytes) -> _Element:
    """Return the root of an XML document.

    Raises:
        SourceError: It is not well-formed, declares entities, or is nested too deep.
    """
    from lxml import etree

    refuse_entities(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"it is not well-formed XML ({error})") from None
