"""Where the main content of a web page is, and what in and around it is furniture: menus, headers, notices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MENUS, MARGINS, ASIDES = "menus", "page headers and footers", "side boxes"
NOTICES, HIDDEN, CONTROLS, ELSEWHERE = "cookie notices", "hidden text", "form controls", "text outside the main part"
SILENT = frozenset({"script", "style", "noscript", "template", "head", "svg", "object", "iframe", "canvas", "math"})
_CONTROLS = frozenset({"button", "input", "select", "textarea", "datalist"})
_ROLES = {
    "navigation": MENUS,
    "menu": MENUS,
    "menubar": MENUS,
    "search": CONTROLS,
    "banner": MARGINS,
    "contentinfo": MARGINS,
    "complementary": ASIDES,
    "alertdialog": NOTICES,
}
# Words of an element's id or classes that say what it is for.
_NOTICE = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
_MENU = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|skip-?links?|skip-to|share|sharing|"
    r"social(?:-?(?:media|links|share))?|toolbar|toc|back-to-top)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:sidebar|related|recommended|promo|newsletter|advert|ads?|subscribe)(?:$|[\s_-])", re.I
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SCREEN_READERS = re.compile(r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|visuallyhidden)(?:$|\s)", re.I)
_LISTED = 3
_LINK_SHARE = 0.85
_LINK_WORDS = 6
# A box of more words than this is text, whatever its designer called it.
_MOST_FURNITURE_WORDS = 250
_MOST_FORM_WORDS = 60


def furniture(element: HtmlElement, *, in_main: bool) -> str | None:
    """Return what kind of furniture an element is, or `None` for content.

    `in_main`: whether the page itself says that this is within its main part, where a header is the article's own.
    """
    tag = element.tag
    if _is_hidden(element):
        return HIDDEN
    named = f"{element.get('id') or ''} {element.get('class') or ''}"
    role = (element.get("role") or "").lower()
    if role == "alertdialog" or (_NOTICE.search(named) and tag not in ("body", "main", "article")):
        return NOTICES if len(_words(element)) < _MOST_FURNITURE_WORDS else None
    if tag == "nav" or (role in _ROLES and not (in_main and role in ("banner", "complementary"))):
        return _ROLES.get(role, MENUS)
    if tag in _CONTROLS or (tag == "form" and _is_to_fill_in(element)):
        return CONTROLS
    if tag in ("header", "footer") and not in_main and element.find(".//h1") is None:
        return MARGINS
    if tag == "aside" and (not in_main or is_links(element)):
        return ASIDES
    if tag in ("div", "section", "ul", "ol", "p", "aside", "form", "span"):
        if _MENU.search(named) and is_links(element):
            return MENUS
        if _ASIDE.search(named) and len(_words(element)) < _MOST_FURNITURE_WORDS and (not in_main or is_links(element)):
            return ASIDES
    if tag in ("ul", "ol") and not in_main and _is_menu(element):
        return MENUS
    return None


def main_parts(tree: HtmlElement, paragraphs: Sequence[str]) -> tuple[list[HtmlElement], bool]:
    """Return the elements that hold a page's main content, and whether the page itself says that they do.

    `paragraphs` are texts of the content as another reader found it: the smallest element that holds all of them is
    taken where the page names none.
    """
    for found in (tree.xpath("//main | //*[@role='main']"), tree.xpath("//article[not(ancestor::article)]")):
        parts = [part for part in found if not _is_hidden(part)]
        parts = [
            part for part in parts if not any(other is not part and other in part.iterancestors() for other in parts)
        ]
        if parts and sum(len(_words(part)) for part in parts) >= min(25, len(" ".join(paragraphs).split())):
            if parts[0].tag == "article" and len(parts) > 1:
                break  # a list of articles: what stands between them counts too
            return parts, True
    body = tree.find(".//body")
    root = body if body is not None else tree
    return [_holding(root, paragraphs)], False


def _holding(root: HtmlElement, paragraphs: Sequence[str]) -> HtmlElement:
    """The smallest element that holds all paragraphs, and the headings beside it; the root where none is found."""
    wanted = {_bare(text) for text in paragraphs if len(text.split()) > 4}
    holders = [
        element
        for element in root.iter("p", "li", "td", "div", "blockquote", "dd")
        if len(element.text_content()) < 20_000 and _bare(element.text_content()) in wanted
    ]
    if not holders:
        return root
    paths = [[element, *element.iterancestors()][::-1] for element in holders]
    common = root
    for level in zip(*paths, strict=False):
        if any(element is not level[0] for element in level):
            break
        common = level[0]
    while common is not root and common.tag in (
        "p",
        "li",
        "td",
        "tr",
        "tbody",
        "dd",
        "ul",
        "ol",
        "table",
        "blockquote",
    ):
        common = common.getparent()
    # A heading may stand before the box that holds all the text.
    while common is not root and common.getparent() is not None and not common.xpath(".//h1|.//h2|.//h3"):
        common = common.getparent()
    return common


def text_outside(tree: HtmlElement, parts: Sequence[HtmlElement]) -> Iterator[tuple[str, str]]:
    """Return what a page says outside its main parts: the kind of furniture, and the text."""
    body = tree.find(".//body")
    yield from _outside(body if body is not None else tree, set(parts))


def _outside(element: HtmlElement, parts: set[HtmlElement]) -> Iterator[tuple[str, str]]:
    if element in parts or not isinstance(element.tag, str) or element.tag in SILENT:
        return
    kind = furniture(element, in_main=False)
    if kind is not None or not any(part is not element and element in part.iterancestors() for part in parts):
        if text := " ".join(_words(element)):
            yield kind or ELSEWHERE, text
        return
    own = " ".join(filter(None, [(element.text or "").strip(), *((child.tail or "").strip() for child in element)]))
    if own:
        yield ELSEWHERE, own
    for child in element:
        yield from _outside(child, parts)


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or (element.get("aria-hidden") or "").lower() == "true":
        return True
    style = element.get("style")
    return bool((style and _UNSEEN.search(style)) or _SCREEN_READERS.search(element.get("class") or ""))


def is_links(element: HtmlElement) -> bool:
    """Return whether an element holds links or buttons, and little else."""
    words = len(_words(element))
    return words == 0 or sum(len(_words(link)) for link in element.iter("a", "button")) >= _LINK_SHARE * words


def _is_to_fill_in(form: HtmlElement) -> bool:
    """Whether a form only asks for something; some sites put a whole page into one."""
    return next(form.iter(*_CONTROLS), None) is not None and len(_words(form)) < _MOST_FORM_WORDS


def _is_menu(element: HtmlElement) -> bool:
    """Whether a list is one of short links, as menus are, and no sentence leads to it."""
    links = list(element.iter("a"))
    if len(links) < _LISTED or not is_links(element):
        return False
    lead = element.getprevious()
    if lead is not None and isinstance(lead.tag, str) and lead.tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6"):
        return False
    return sum(len(_words(link)) for link in links) <= _LINK_WORDS * len(links)


def _words(element: HtmlElement) -> list[str]:
    """The words of an element without scripts."""
    texts = element.xpath(
        ".//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
    )
    return " ".join(texts).split()


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
