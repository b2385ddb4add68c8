"""The words of a mail message: its subject and its body, of the forms of the body the one that is shown."""

from email import message_from_bytes
from email.policy import default

from indexer.parsing.raw import html
from indexer.parsing.raw.text import RawText


def read(content: bytes) -> RawText:
    """Return all lines of a message."""
    message = message_from_bytes(content, policy=default)
    subject = str(message.get("Subject") or "")
    body = message.get_body(("html", "plain"))
    text = str(body.get_content()) if body is not None else ""
    if body is None or body.get_content_subtype() != "html":
        return RawText([subject, *text.splitlines()], [])
    page = html.read(text.encode())
    return RawText([subject, *page.lines], page.aside)
