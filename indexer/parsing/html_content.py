"""The main content of a web page, what is said outside it, and furniture: menus, notices, forms, boxes at the side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
