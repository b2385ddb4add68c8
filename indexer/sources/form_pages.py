"""A filled-in form from a web page: its headings say which question each part answers."""

from indexer.sources.forms import read_form_safely
from indexer.sources.page_reader import file_name
from indexer.web.fetcher import Fetcher
from knowledge.errors import SourceError
from knowledge.settings import Settings


def read_form_page(settings: Settings, address: str) -> dict[str, object]:
    """Return what a page, or a file at a web address, says, by field name.

    Whoever gives the address is a member, not the operator: this machine, its network and its files stay out of reach
    whatever HALN_WEB_PRIVATE allows.

    Raises:
        SourceError: It cannot be had or read, or must not be.
        SourceBusyError: It may be had later.
    """
    fetcher = Fetcher(settings.model_copy(update={"web_private": "off"}))
    try:
        fetched = fetcher.fetch(address)
    finally:
        fetcher.close()
    if fetched is None:
        raise SourceError("the server did not send the page; try again later")
    return read_form_safely(file_name(fetched), fetched.content)
