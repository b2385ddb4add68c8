"""The main content of a web page, and what is said outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.parsing.html_furniture import ELSEWHERE, SILENT, furniture, is_hidden, is_links, words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What readers say of a page, and boxes at its side or foot, are not its text.
_BESIDE = re.compile(
    r"comment|respond|sidebar|widget|related|footer|cookie|consent|newsletter|modal|popup", re.IGNORECASE
)
_PROSE_WORDS = 20
_LEAST_WORDS = 25
_MOST_PARTS = 20
_FEWEST_WORDS = 4
_LONGEST_PARAGRAPH = 20_000
# Elements that are parts of a text, never all of it.
_WITHIN = frozenset({"p", "li", "td", "tr", "tbody", "dd", "ul", "ol", "table", "blockquote"})


def named_parts(tree: HtmlElement, least: int = _LEAST_WORDS) -> list[HtmlElement]:
    """Return the elements that a page itself calls its main part, or none where these hold fewer words than `least`.

    A page of several articles names none: what stands between them counts too.
    """
    for path, most in (("//main | //*[@role='main']", _MOST_PARTS), ("//article[not(ancestor::article)]", 1)):
        found = [part for part in tree.xpath(path) if not is_hidden(part)]
        parts = [part for part in found if not any(other in part.iterancestors() for other in found)]
        if len(parts) <= most and sum(len(words_of(part)) for part in parts) >= max(1, least):
            return parts
    return []


def holding(tree: HtmlElement, paragraphs: Sequence[str]) -> HtmlElement:
    """Return the smallest element that holds all the text of a page which names no main part itself.

    `paragraphs` are texts of the content as another reader found it; without any it is the whole page.
    """
    body = tree.find(".//body")
    root = body if body is not None else tree
    wanted = {_bare(text) for text in paragraphs if len(text.split()) > _FEWEST_WORDS}
    holders = [
        element
        for element in root.iter("p", "li", "td", "div", "blockquote", "dd")
        if len(element.text_content()) < _LONGEST_PARAGRAPH and _bare(element.text_content()) in wanted
    ]
    if not holders:
        return root
    common = _common(root, [*holders, *_other_prose(root, holders)])
    while common is not root and common.tag in _WITHIN:
        common = common.getparent()
    # A heading may stand before the box that holds all the text.
    while common is not root and common.getparent() is not None and not common.xpath(".//h1|.//h2|.//h3"):
        common = common.getparent()
    return common


def _common(root: HtmlElement, elements: Sequence[HtmlElement]) -> HtmlElement:
    """Return the smallest element that holds all of these."""
    common = root
    for level in zip(*([element, *element.iterancestors()][::-1] for element in elements), strict=False):
        if any(element is not level[0] for element in level):
            break
        common = level[0]
    return common


def _other_prose(root: HtmlElement, known: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield paragraphs that another reader passed over, where they are no furniture and no readers' comments."""
    passed = set(known)
    for element in root.iter("p"):
        around = [element, *element.iterancestors()]
        if len(words_of(element)) < _PROSE_WORDS or is_links(element) or not passed.isdisjoint(around):
            continue
        named = [f"{outer.get('id') or ''} {outer.get('class') or ''}" for outer in around]
        if not any(_BESIDE.search(name) for name in named) and not any(
            furniture(outer, in_main=False) for outer in around if outer.tag not in ("body", "html")
        ):
            yield element


def text_outside(tree: HtmlElement, parts: Sequence[HtmlElement]) -> Iterator[tuple[str, str]]:
    """Yield what a page says outside its main parts: the kind of furniture, and the text."""
    body = tree.find(".//body")
    yield from _outside(body if body is not None else tree, set(parts))


def _outside(element: HtmlElement, parts: set[HtmlElement]) -> Iterator[tuple[str, str]]:
    if element in parts or not isinstance(element.tag, str) or element.tag in SILENT:
        return
    kind = furniture(element, in_main=False)
    if kind is not None or not any(part is not element and element in part.iterancestors() for part in parts):
        if text := " ".join(words_of(element)):
            yield kind or ELSEWHERE, text
        return
    own = " ".join(filter(None, [(element.text or "").strip(), *((child.tail or "").strip() for child in element)]))
    if own:
        yield ELSEWHERE, own
    for child in element:
        yield from _outside(child, parts)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
