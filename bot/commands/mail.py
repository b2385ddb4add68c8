"""`haln mail ...`: whether mail can be sent, and mail that came back; `haln digest`: the digest as a file."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json, write_text
from knowledge.domain.vocabulary import Pillar

app = typer.Typer(
    rich_markup_mode=None,
    help="Mail: whether the server takes it, and what came back.",
    no_args_is_help=True,
)
_ENDINGS = (".html", ".txt", ".md")


@app.command()
def check(
    to: Annotated[str | None, typer.Option("--to", help="Send a mail to this address, too.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Connect to the mail server as the settings say, and sign in; status 1 and one line when that does not work."""
    import asyncio

    from bot.mail import texts
    from bot.mail.message import Mail
    from bot.mail.server import MailError, MailServer

    server = MailServer(load_settings(data_dir))
    try:
        asyncio.run(server.check() if to is None else server.send(Mail(to, texts.TEST_SUBJECT, texts.TEST_BODY)))
    except MailError:
        raise typer.Exit(1) from None  # the log has said why, in a line
    typer.echo("The mail server answers." if to is None else "The mail server took the mail.")


@app.command()
def bounces(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A message or an mbox file; '-' reads standard input, as from an MTA."),
    ],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Read mail that came back: addresses that are gone get no digest any more. What is not ours changes nothing."""
    settings = load_settings(data_dir)
    from bot.mail.bounces import handle
    from bot.session import open_library
    from indexer.parsing.bounces import MOST_BYTES
    from indexer.sandbox.sandbox import Sandbox
    from knowledge.dates import utc_now
    from knowledge.digest.digests import MemberDigests
    from knowledge.matching.peers import Peers

    content = _content(file, MOST_BYTES)
    sandbox = Sandbox()
    try:
        messages, found = sandbox.bounces(content)
    finally:
        sandbox.close()
    with open_library(settings, starter=False) as library:
        done = handle(MemberDigests(library, Peers(library), utc_now), messages, found)
    if as_json:
        print_json({"switched_off": done.off, "counted": done.counted, "ignored": done.ignored})
    else:
        typer.echo(f"Switched off: {done.off}. Failures counted: {done.counted}. Not ours: {done.ignored}.")


def digest(
    preview: Annotated[
        Path, typer.Option("--preview", metavar="FILE", help="Write it here, as the ending says: .html, .txt or .md.")
    ],
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="What came in within so many days.")] = 28,
    pillar: Annotated[
        list[Pillar] | None, typer.Option("--pillar", help="Only what is on this pillar; may be given several times.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Write the digest to a file, for a newsletter: what members get, without what is for one of them alone."""
    settings = load_settings(data_dir)
    from bot.mail.digest_mail import DigestWriter, preview_text
    from bot.session import Behind, open_library
    from knowledge.dates import utc_now
    from knowledge.digest.contents import News, Reader
    from knowledge.errors import QuestionError

    ending = preview.suffix.lower()
    if ending not in _ENDINGS:
        raise QuestionError(f"{preview} ends in none of {', '.join(_ENDINGS)}. Give the file one of these endings.")
    now = utc_now()
    since = now - timedelta(days=days)
    with open_library(settings, behind=Behind.LEAVE) as library:
        reader = Reader(tuple(pillar or ()))
        contents = News(library, now).for_reader(since, now.isocalendar().week, reader)
    writer = DigestWriter(settings.web_url.rstrip("/") if settings.web_url else None)
    write_text(preview, preview_text(writer, contents, since, ending))
    lines = contents.lines
    if as_json:
        print_json({"file": str(preview), "lines": lines, "news": contents.news})
    else:
        typer.echo(f"Written to {preview}: {lines} lines{'' if contents.news else ', none of them new'}.")


def _content(file: Path, most: int) -> bytes:
    """Return a file's bytes, or those of standard input.

    Raises:
        SourceError: It cannot be read, or is too large.
    """
    from knowledge.errors import SourceError

    try:
        if str(file) == "-":
            content = sys.stdin.buffer.read(most + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(most + 1)
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None
    if len(content) > most:
        raise SourceError(f"{file} is larger than {most // 2**20} MB. Give it in parts.")
    return content
