"""`haln member ...`: a member's own profile and data. Operators act for a member by id; on Discord members act."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json, read_json

if TYPE_CHECKING:
    from knowledge.domain.members import Member
    from knowledge.privacy.member_data import PersonalData
    from knowledge.settings import Settings

app = typer.Typer(
    rich_markup_mode=None,
    help="A member's profile and data: make, show, pause, export, delete.",
    no_args_is_help=True,
)


class AfterForgetting(StrEnum):
    """The fates of published examples, as `knowledge.privacy.member_data.Published` has them."""

    WITHOUT_NAME = "without_name"
    AS_THEY_ARE = "as_they_are"
    WITHDRAWN = "withdrawn"


Id = Annotated[str, typer.Argument(metavar="ID", help="The member's id.")]


@app.command("set")
def set_profile(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="One member as JSON ('-' for standard input), or one a line in a .jsonl file."
        ),
    ],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make or replace a profile. Needs "consent": true; "findable" is off unless it is true."""
    from bot.session import open_peers

    several = file.suffix == ".jsonl"
    values = read_json(file, lines=several)
    with open_peers(load_settings(data_dir)) as peers:
        members = peers.save_all(values)
    stored = [{"id": member.profile.id, "findable": member.findable} for member in members]
    if as_json:
        print_json({"members": stored} if several else dict(stored[0]))
        return
    for member in members:
        typer.echo(f"Stored {member.profile.id}, {'findable' if member.findable else 'not findable'}.")


@app.command()
def show(member_id: Id, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Show a profile as its owner sees it, found by others or not."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        member = peers.profile(member_id)
    _print(member, as_json)


@app.command()
def consent(data_dir: DataDir = None) -> None:
    """Show what members agree to when they make a profile."""
    from knowledge.matching.wording import consent_text

    typer.echo(consent_text(load_settings(data_dir)))


@app.command()
def pause(member_id: Id, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Be seen by nobody until `resume`; nothing is deleted."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        member = peers.pause(member_id)
    _print(member, as_json, "Paused")


@app.command()
def resume(member_id: Id, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """End a pause."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        member = peers.resume(member_id)
    _print(member, as_json, "Resumed")


@app.command()
def export(
    member_id: Id,
    output: Annotated[Path | None, typer.Option("--output", help="Write it to this file.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Print what is held about a member, as JSON, for the member: profile, introductions, examples, questions."""
    import json

    from bot.commands.options import write_text
    from knowledge.domain.visible_text import visible_json

    held = _held(member_id, data_dir)
    if output is None:
        if as_json:
            print_json(held)
        else:
            typer.echo(visible_json(json.dumps(held, ensure_ascii=False, indent=2)))
        return
    write_text(output, json.dumps(held, ensure_ascii=False, indent=2) + "\n")
    if as_json:
        print_json({"id": member_id, "file": str(output)})
    else:
        typer.echo(f"Written to {output}.")


@app.command("delete")
@app.command()
def forget(
    member_id: Id,
    examples: Annotated[
        AfterForgetting, typer.Option("--examples", help="What becomes of examples that are published.")
    ] = AfterForgetting.WITHOUT_NAME,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first. Without a terminal nothing is asked.")] = False,
    everywhere: Annotated[
        bool,
        typer.Option("--everywhere", help="In every network of this installation, not only in one."),
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Delete everything about a member, at once and for good. Examples they published stay, without their name."""
    if everywhere:
        _forget_everywhere(member_id, examples, yes=yes, as_json=as_json, settings=load_settings(data_dir))
    else:
        _forget(member_id, examples, yes=yes, as_json=as_json, settings=load_settings(data_dir))


def _forget_everywhere(
    member_id: str, examples: AfterForgetting, *, yes: bool, as_json: bool, settings: "Settings"
) -> None:
    """Delete in every network that holds something; what is printed is a line, or a JSON object, for each."""
    import sys

    from knowledge.errors import MemberError
    from knowledge.storage.networks import NetworkRegister

    if not yes and sys.stdin.isatty() and not typer.confirm(f"Delete everything about {member_id}?", err=True):
        typer.echo("Nothing was deleted.", err=True)
        raise typer.Exit(1)
    with NetworkRegister.opened(settings) as register:
        networks = register.all()
    nowhere = True
    for network in networks:
        try:
            own = settings.for_network(network.name)
            _forget(member_id, examples, yes=True, as_json=as_json, settings=own)
            nowhere = False
        except MemberError:
            continue
    if nowhere:
        raise MemberError(f"Nothing is held about {member_id}.")


def _forget(member_id: str, examples: AfterForgetting, *, yes: bool, as_json: bool, settings: "Settings") -> None:
    import sys

    from knowledge.domain.networks import MAIN
    from knowledge.matching.wording import counted
    from knowledge.privacy.member_data import Published

    with _personal(settings) as personal:
        asks = not yes and sys.stdin.isatty() and personal.holds(member_id)
        if asks and not typer.confirm(f"Delete everything about {member_id}?", err=True):
            typer.echo("Nothing was deleted.", err=True)
            raise typer.Exit(1)
        forgotten = personal.forget(member_id, Published(examples))
    if as_json:
        # Where there are several networks, whose this was.
        print_json(forgotten if settings.network == MAIN else {"network": settings.network, **forgotten.model_dump()})
    else:
        held = counted(sum(forgotten.removed.values()), "entry", "entries")
        where = "" if settings.network == MAIN else f" in network {settings.network}"
        typer.echo(f"Deleted everything held about {member_id}{where} ({held}).")
        if forgotten.left:
            places = counted(forgotten.left, "place")
            typer.echo(f"Documents that the library publishes still hold that id in {places}: correct them.", err=True)
        if forgotten.pending:
            typer.echo(
                "Another program is reading the database. What was deleted is overwritten on the disk when it is next "
                "opened.",
                err=True,
            )
        if forgotten.unattributed:
            questions = counted(forgotten.unattributed, "question")
            typer.echo(
                f"{questions} from before it was noted who asks cannot be told apart by asker; they expire.", err=True
            )


@contextmanager
def _personal(settings: "Settings") -> "Iterator[PersonalData]":
    from bot.commands.examples.group import opened_with
    from knowledge.matching.peers import Peers
    from knowledge.privacy.member_data import PersonalData

    with opened_with(settings) as (library, examples):
        yield PersonalData(library, Peers(library), examples)


def _held(member_id: str, data_dir: Path | None) -> dict[str, object]:
    """Return what is held about somebody, who may have shared examples and never made a profile."""
    from knowledge.errors import MemberError

    with _personal(load_settings(data_dir)) as personal:
        if not personal.holds(member_id):
            raise MemberError(f"Nothing is held about {member_id}.")
        return personal.export(member_id)


def _print(member: "Member", as_json: bool, done: str = "") -> None:
    values = {
        **member.profile.model_dump(mode="json"),
        "findable": member.findable,
        "paused": member.paused,
        "consent": True,
        "consent_version": member.consent,
        "consented_at": member.consented_at,
        "joined_at": member.joined_at,
        "active_at": member.active_at,
        "requests_a_month": member.most_requests,
        "waiting": member.waiting,
    }
    if as_json:
        print_json(values)
    elif done:
        typer.echo(f"{done} {member.profile.id}.")
    else:
        for name, value in values.items():
            shown = ", ".join(value) if isinstance(value, list) else value
            if shown not in (None, ""):
                typer.echo(f"{name:18} {shown}")
