"""The links of a web page that a program may follow."""


def page_links(content: bytes) -> tuple[str, list[str]]:
    """Return the base that a page states for its links ("" where none), and the links as they are written, in order.

    None where the page cannot be read, or asks programs to follow none of them.
    """
    from lxml import html
    from lxml.etree import LxmlError

    try:
        tree = html.document_fromstring(content)
    except (LxmlError, ValueError):
        return "", []
    if "nofollow" in str(tree.xpath("string(//meta[@name='robots']/@content)")).lower():
        return "", []
    links = [str(link) for link in tree.xpath("//a[not(contains(@rel, 'nofollow'))]/@href")]
    return str(tree.xpath("string(//base/@href)")), links
