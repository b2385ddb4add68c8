"""Furniture of web pages: menus, headers, notices, forms, boxes at their side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml.etree import iterwalk

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MENUS, MARGINS, ASIDES = "menus", "page headers and footers", "side boxes"
NOTICES, HIDDEN, CONTROLS, ELSEWHERE = "cookie notices", "hidden text", "form controls", "text outside the main part"
COMMENTS = "readers' comments"
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
_COMMENTS = re.compile(
    r"(?:^|\s)(?:comments?|comments?-(?:list|area|section)|disqus_thread|respond)(?:$|\s)", re.IGNORECASE
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
    if is_hidden(element):
        return HIDDEN
    named = f"{element.get('id') or ''} {element.get('class') or ''}"
    role = (element.get("role") or "").lower()
    if role == "alertdialog" or (_NOTICE.search(named) and tag not in ("body", "main", "article")):
        return NOTICES if _is_small(element) else None
    if tag == "nav" or (role in _ROLES and not (in_main and role in ("banner", "complementary"))):
        return _ROLES.get(role, MENUS)
    if tag in _CONTROLS or (tag == "form" and _is_to_fill_in(element)):
        return CONTROLS
    if tag in ("header", "footer") and not in_main and element.find(".//h1") is None:
        return MARGINS
    if tag == "aside" and (not in_main or is_links(element)):
        return ASIDES
    if tag in ("div", "section", "ul", "ol", "p", "aside", "form", "span"):
        if _COMMENTS.search(named):
            return COMMENTS
        if _MENU.search(named) and is_links(element):
            return MENUS
        if _ASIDE.search(named) and (is_links(element) or (not in_main and _is_small(element))):
            return ASIDES
    if tag in ("ul", "ol") and not in_main and _is_menu(element):
        return MENUS
    return None


def is_hidden(element: HtmlElement) -> bool:
    """Return whether an element is not shown, or only read out."""
    if element.get("hidden") is not None or (element.get("aria-hidden") or "").lower() == "true":
        return True
    style = element.get("style")
    return bool((style and _UNSEEN.search(style)) or _SCREEN_READERS.search(element.get("class") or ""))


def is_links(element: HtmlElement) -> bool:
    """Return whether an element holds links or buttons, and little else."""
    words = len(words_of(element))
    return words == 0 or sum(len(words_of(link)) for link in element.iter("a", "button")) >= _LINK_SHARE * words


def _is_small(element: HtmlElement) -> bool:
    return len(words_of(element)) < _MOST_FURNITURE_WORDS


def _is_to_fill_in(form: HtmlElement) -> bool:
    """Return whether a form only asks for something; some sites put a whole page into one."""
    return next(form.iter(*_CONTROLS), None) is not None and len(words_of(form)) < _MOST_FORM_WORDS


def _is_menu(element: HtmlElement) -> bool:
    """Return whether a list is one of short links, as menus are, and no sentence leads to it."""
    links = list(element.iter("a"))
    if len(links) < _LISTED or not is_links(element):
        return False
    lead = element.getprevious()
    if lead is not None and isinstance(lead.tag, str) and lead.tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6"):
        return False
    return sum(len(words_of(link)) for link in links) <= _LINK_WORDS * len(links)


def words_of(element: HtmlElement) -> list[str]:
    """Return the words of an element without scripts."""
    parts: list[str] = []
    silent = 0
    # The tail of an element stands outside it, also where the element itself says nothing.
    for event, inner in iterwalk(element, events=("start", "end", "comment", "pi")):
        hides = event in ("start", "end") and inner.tag in SILENT
        if event == "start":
            silent += hides
            if not silent and inner.text:
                parts.append(inner.text)
        else:
            silent -= hides
            if not silent and inner.tail and inner is not element:
                parts.append(inner.tail)
    return " ".join(parts).split()
