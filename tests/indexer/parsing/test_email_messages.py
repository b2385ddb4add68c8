"""Newsletters and announcements saved as mail messages."""

from email.message import EmailMessage

import pytest

from indexer.parsing import parse_file
from knowledge.errors import SourceError

SENT = "Tue, 04 Mar 2025 10:00:00 +0000"


def message(text, page=None, sender="Sample Trust <news@sample.nhs.uk>", subject="Sample bulletin", attached=()):
    made = EmailMessage()
    made["Subject"], made["From"], made["To"], made["Date"] = subject, sender, "Jo Bloggs <jo@example.org>", SENT
    made.set_content(text)
    if page:
        made.add_alternative(page, subtype="html")
    for name in attached:
        made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    return bytes(made)


def read(*arguments, **keywords):
    parsed = parse_file("a.eml", message(*arguments, **keywords))
    return parsed, "\n\n".join(section.text for section in parsed.sections)


def test_a_newsletter_has_its_subject_date_and_sender_and_names_its_attachments():
    page = (
        "<html><body><table><tr><td><h2>Jobs</h2><p>The hub opened with 31 starters.</p><p>Unsubscribe</p></td></tr>"
        "</table></body></html>"
    )
    parsed, text = read("The hub opened.", page, attached=["Annual report.pdf"])
    assert (parsed.title, parsed.front_matter) == (
        "Sample bulletin",
        {"published": "2025-03-04", "source_title": "Sample Trust"},
    )
    assert parsed.sections[0].heading_path == ("Jobs",)
    assert text == "The hub opened with 31 starters.\n\nAttached to the message: Annual report.pdf."
    assert {(each.reason, each.text) for each in parsed.left_out} >= {
        ("newsletter footers", "Unsubscribe"),
        ("attachments", "Annual report.pdf"),
    }
    assert "jo@example.org" not in str(parsed)


@pytest.mark.parametrize(
    "history",
    [
        "On Mon, 3 Mar 2025 at 10:00, Jo Bloggs <jo@x.org> wrote:\n> The old question.\n",
        "On Mon, 3 Mar 2025 at 10:00, Jo Bloggs of the sample trust\n<jo@x.org> wrote:\n> The old question.\n",
        "-----Original Message-----\nFrom: Jo\nThe old question.\n",
        "From: Jo Bloggs\nSent: Monday\nTo: All\nSubject: Hub\n\nThe old question.\n",
    ],
)
def test_what_a_reply_quotes_is_dropped_and_named(history):
    parsed, text = read(f"The hub opened in May.\n\n{history}")
    assert text == "The hub opened in May."
    assert [each.reason for each in parsed.left_out if "old question" in each.text] == ["quoted messages"]


def test_a_page_loses_its_quotes_and_signature_too():
    page = (
        "<html><body><p>The hub opened in May with thirty starters.</p><div class='gmail_signature'>Jo, 07700</div>"
        "<div class='gmail_quote'>The old question.</div></body></html>"
    )
    assert read("x", page)[1] == "The hub opened in May with thirty starters."


def test_what_is_forwarded_stays_without_the_names_above_it():
    body = (
        "---------- Forwarded message ---------\nFrom: Jo <jo@x.org>\nDate: Mon\nSubject: News\nTo: All <all@x.org>\n\n"
        "We hired sixty-two people from Eastbrook last year, and fifty of them are\nstill here after twelve months.\n"
    )
    parsed, text = read(body, subject="Fwd: News")
    assert parsed.title == "News"
    assert (
        text
        == "We hired sixty-two people from Eastbrook last year, and fifty of them are still here after twelve months."
    )


@pytest.mark.parametrize(
    ("sender", "organisation"),
    [
        ("Sample Trust <news@x.org>", "Sample Trust"),
        ("Jo Bloggs <jo.bloggs@x.org>", None),
        ('"Jo Bloggs (Sample Council)" <jo.bloggs@x.org>', "Sample Council"),
        ("Jo Bloggs at Sample Trust <jbloggs@x.org>", "Sample Trust"),
        ("Growing Together <newsletter@x.org>", "Growing Together"),
        ("jo@x.org", None),
    ],
)
def test_the_organisation_is_kept_and_the_person_is_not(sender, organisation):
    assert read("The hub opened in May.", sender=sender)[0].front_matter["source_title"] == organisation


def test_a_page_that_loses_most_gives_way_to_the_text_beside_it():
    text = "The hub opened in May. It has thirty starters. The council pays for half of them."
    assert read(text, "<html><body><p>View online</p></body></html>")[1] == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"just words, and no message", "not a mail message"),
        (message(""), "no text"),
        (b"Subject: x\nContent-Type: image/png\n\nx", "no text in this message"),
    ],
)
def test_what_is_no_message_says_so(content, message):
    with pytest.raises(SourceError, match=message):
        parse_file("a.eml", content)


def test_an_unknown_encoding_is_read_as_well_as_can_be():
    content = b'Subject: Hub\nContent-Type: text/plain; charset="x-odd"\n\nThe hub opened in May.'
    assert parse_file("a.eml", content).sections[0].text == "The hub opened in May."
