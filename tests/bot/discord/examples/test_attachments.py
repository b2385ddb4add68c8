"""Sharing from a file or a web page: read as a draft, checked by its author, and never from where it must not be."""

import time

import pytest

from bot.discord.examples import texts
from bot.discord.examples.attachments import AttachmentReader
from bot.discord.runtime.errors import RefusedError
from indexer.sources.forms import read_form_page
from knowledge.domain.examples import State
from knowledge.errors import SourceError
from tests.bot.conftest import said
from tests.indexer.webserver import serving

DOCUMENT = (
    b"# Bicycles on the ward\n\nWe opened a workshop.\n\n## What happened\n\nForty colleagues cycle.\n\n"
    b"## What we would do differently\n\nOrder tyres in summer.\n"
)


async def test_a_file_becomes_a_draft(author, channel, giver, filled):
    result = await author.slash(channel, "share", file=("story.md", DOCUMENT))
    assert result.ephemeral
    assert texts.CARD_TITLE in said(result)
    content = filled.examples.find(giver.newest()).content
    assert content.title == "Bicycles on the ward"
    assert content.what_happened == "Forty colleagues cycle."
    assert content.differently == "Order tyres in summer."
    assert "story.md" in said(result)


async def test_a_form_in_a_file_gives_no_consent_and_no_other_author(author, channel, giver, filled):
    form = b'{"what": "W.", "what_happened": "H.", "clearance": true, "credit": "named", "author": "sample-other"}'
    await author.slash(channel, "share", file=("form.json", form))
    draft = filled.examples.find(giver.newest())
    assert (draft.author.member, draft.content.clearance, draft.content.credit) == (str(author.id), False, "anonymous")


async def test_a_tag_that_nobody_understands_costs_no_document(author, channel, giver, filled):
    head = b"---\nnation: Mars\npillars: estates, gardening\noutcome: tbc\n---\n"
    result = await author.slash(channel, "share", file=("story.md", head + DOCUMENT))
    content = filled.examples.find(giver.newest()).content
    assert (content.nation, content.pillars, content.outcome) == (None, ("estates",), None)
    assert content.what_happened == "Forty colleagues cycle."
    fields = "the pillars, how it went and the nation"
    assert texts.TAGS_NOT_READ.format(fields=fields) in said(result)


@pytest.mark.simcord(check_errors=False)
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("story.exe", b"MZ", "examples are read from"),
        ("story.pdf", b"no pdf", "story.pdf"),
        ("a.json", b"[1]", "one object"),
    ],
)
async def test_what_cannot_be_read_says_why(author, channel, filled, setting, name, content, reason):
    assert reason in said(await author.slash(channel, "share", file=(name, content)))
    assert filled.examples.counts() == {}


async def test_what_is_too_long_is_cut_and_says_so(author, channel, giver, filled):
    result = await author.slash(channel, "share", file=("long.txt", b"Title\n\n" + b"word " * 2000))
    assert texts.WAS_CUT in said(result)
    assert 3900 < len(filled.examples.find(giver.newest()).content.what) <= 4000


HOSTILE = {
    "aliases.yaml": b"a: &a ['lol']\n"
    + b"".join(b"%c: &%c [%b]\n" % (n + 1, n + 1, b",".join([b"*%c" % n] * 9)) for n in b"abcdefgh"),
    "brackets.md": b"---\nx: " + b"[" * 30_000 + b"\n---\nText.",
    "names.json": b'{"' + b"x" * 2_000_000 + b'": 1}',
    "values.json": b'{"pillars": [' + b"1," * 500_000 + b"1]}",
    "speaker.vtt": b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + b"Aa" * 400,
    "spans.html": b"<table>" + (b"<tr>" + b"<td colspan=1000 rowspan=1000>a b c</td>" * 20 + b"</tr>") * 20,
}


class Attached:
    """A file as Discord gives it."""

    def __init__(self, name, content):
        self.filename, self.size, self._content = name, len(content), content

    async def read(self):
        return self._content


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_file_keeps_the_bot_from_its_members(settings, name):
    """The work is another process's: in this one it takes less time than anybody notices, whatever the machine."""
    started = time.process_time()
    try:
        await AttachmentReader(settings).file(Attached(name, HOSTILE[name]))
    except RefusedError as refused:
        said = str(refused)
    else:
        said = ""
    assert time.process_time() - started < 0.1
    assert len(said) < 600
    assert "\n" not in said


@pytest.mark.simcord(check_errors=False)
async def test_a_file_and_a_link_are_one_too_many(author, channel, setting):
    result = await author.slash(channel, "share", file=("story.md", DOCUMENT), link="https://example.org/")
    assert said(result) == texts.FILE_OR_LINK


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/x",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("private", ["off", "on"])
async def test_this_machine_and_its_network_stay_out_of_reach(settings, address, private):
    """Whatever the operator allows for their own sources: whoever gives this address is a member."""
    allowed = settings.model_copy(update={"web_private": private})
    with pytest.raises(SourceError):
        read_form_page(allowed, address)
    with pytest.raises(RefusedError, match="could not read"):
        await AttachmentReader(allowed).page(address)


@pytest.mark.simcord(check_errors=False)
async def test_a_refused_link_is_said_in_discord(author, channel, filled, setting):
    assert "I could not read that" in said(await author.slash(channel, "share", link="http://127.0.0.1:1/x"))
    assert filled.examples.counts() == {}


async def test_a_web_page_becomes_a_draft(author, channel, giver, filled, monkeypatch):
    """The page is on this machine here, so for this test alone the address counts as a public one."""
    with serving() as server:
        url = server.says("/story.md", DOCUMENT.decode(), media_type="text/markdown")
        monkeypatch.setattr("indexer.sources.forms.Fetcher", _lenient())
        result = await author.slash(channel, "share", link=url)
    assert texts.CARD_TITLE in said(result)
    assert filled.examples.find(giver.newest()).content.what_happened == "Forty colleagues cycle."
    assert filled.examples.counts() == {State.DRAFT: 1}


def _lenient():
    from indexer.web.fetcher import Fetcher

    return lambda settings: Fetcher(settings.model_copy(update={"web_private": "on"}))
