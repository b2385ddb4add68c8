"""`haln peers ...`: matches, introductions and learning sets. Operators act for a member by id."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json
from knowledge.domain.vocabulary import Nation, Sector

if TYPE_CHECKING:
    from knowledge.domain.members import Introduction
    from knowledge.guidance.related import Related
    from knowledge.matching.peers import Peers
    from knowledge.matching.sets import Rules

app = typer.Typer(
    rich_markup_mode=None,
    help="Members who do similar work: matches with reasons, introductions both want, learning sets.",
    no_args_is_help=True,
)


class Different(StrEnum):
    """The field that is to differ from the member's own."""

    SECTOR = "sector"
    NATION = "nation"


Id = Annotated[str, typer.Argument(metavar="ID", help="The member who asks.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The other member's id.")]
Request = Annotated[
    list[str],
    typer.Argument(metavar="[ID] REQUEST", help="The member who answers, and the introduction's id or who asked."),
]


@app.command()
def match(
    member_id: Id,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many.")] = 5,
    sector: Annotated[Sector | None, typer.Option("--sector", help="Only members of this sector.")] = None,
    nation: Annotated[Nation | None, typer.Option("--nation", help="Only members of this nation.")] = None,
    different: Annotated[
        Different | None, typer.Option("--different", help="Only members of another sector or nation.")
    ] = None,
    topic: Annotated[
        str | None, typer.Option("--topic", help="What to look for instead of what the profile says.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Find members who fit what a member looks for, each with reasons."""
    from bot.session import open_peers, patience
    from bot.terminal.texts import LOADING

    with patience(LOADING), open_peers(load_settings(data_dir)) as peers:
        found = peers.match(member_id, k=k, topic=topic, sector=sector, nation=nation, different=different)
        related = None if as_json else _related(peers, member_id, topic, nation)
    if as_json:
        print_json(found)
    else:
        from bot.terminal.peers import print_matches

        print_matches(found, related)


def _related(peers: "Peers", member_id: str, topic: str | None, nation: Nation | None) -> "Related":
    """Return the resources and the next event on what a member looks for."""
    from knowledge.dates import utc_now
    from knowledge.guidance.related import beside_matches

    return beside_matches(peers.library, utc_now(), peers.profile(member_id).profile, topic or "", nation)


@app.command()
def ask(
    member_id: Id,
    other_id: Other,
    topic: Annotated[str, typer.Option("--topic", help="What it is about, in a sentence; the other reads it.")] = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Ask to be introduced to another member."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        asked = peers.ask(member_id, other_id, topic)
    if as_json:
        _print_introduction(asked, as_json)
    else:
        from bot.terminal.peers import asked_line

        typer.echo(asked_line(asked))


@app.command()
def accept(request: Request, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Agree to a request: both get a first line."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        member_id, reference = _answering(request, peers.receiver_of)
        before = {one.introduction_id for one in peers.standings(member_id) if one.state == "accepted"}
        opening = peers.accept(member_id, reference)
    if as_json:
        print_json({**opening.model_dump(mode="json"), "state": "accepted"})
    else:
        from bot.terminal import texts

        again = [texts.ACCEPTED_ALREADY] if opening.introduction_id in before else []
        typer.echo("\n".join([*again, opening.first_line, *opening.in_common]))


@app.command()
def decline(request: Request, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Turn a request down. The one who asked is never told."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        _print_introduction(peers.decline(*_answering(request, peers.receiver_of)), as_json)


@app.command()
def withdraw(
    member_id: Id,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="The introduction's id, or whom it asks.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Take a request back."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        _print_introduction(peers.withdraw(member_id, request), as_json)


@app.command()
def introductions(member_id: Id, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List a member's introductions, as that member sees them."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        standings = peers.standings(member_id)
        names = {
            one.counterpart: peers.profile(one.counterpart).profile.display_name or one.counterpart
            for one in standings
            if one.counterpart is not None
        }
    if as_json:
        print_json({"member": member_id, "introductions": [one.model_dump(mode="json") for one in standings]})
    else:
        from bot.terminal.peers import print_introductions

        print_introductions(member_id, standings, names.__getitem__)


@app.command()
def block(
    member_id: Id,
    other_id: Other,
    undo: Annotated[bool, typer.Option("--undo", help="Take the block back.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Keep two members apart. Nobody else learns of it."""
    from bot.session import open_peers

    with open_peers(load_settings(data_dir)) as peers:
        if undo:
            peers.unblock(member_id, other_id)
        else:
            peers.block(member_id, other_id)
    if as_json:
        print_json({"member": member_id, "other": other_id, "blocked": not undo})
    else:
        typer.echo("Taken back." if undo else "Blocked. They will not see each other.")


@app.command()
def sets(
    size: Annotated[str, typer.Option("--size", help="How many members in a set, from..to.")] = "6..8",
    apart: Annotated[
        list[str] | None, typer.Option("--apart", help="Two ids, comma between: never in one set. May be repeated.")
    ] = None,
    per_organisation: Annotated[
        int, typer.Option("--per-organisation", min=1, help="The most of one organisation in a set.")
    ] = 1,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=3600, help="How long to search at most.")] = 30,
    output: Annotated[Path | None, typer.Option("--output", help="Write them to this .csv or .json file.")] = None,
    start: Annotated[
        int | None,
        typer.Option("--start", min=1, help="Start this one: its members are told, and choose a day."),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Propose groups who look for the same, mixed by sector and nation, with a reason and a first question."""
    from bot.session import open_peers, patience
    from bot.terminal.peers import print_sets
    from bot.terminal.texts import LOADING
    from bot.texts.learning_sets import named_members, sets_file

    rules = _rules(size, apart or [], per_organisation)
    form = _form(output)
    with patience(LOADING), open_peers(load_settings(data_dir)) as peers:
        found = peers.learning_sets(rules, seconds)
        profiles = {member_id: peers.profile(member_id).profile for member_id in named_members(found)}
        if start is not None:
            if start > len(found.sets):
                raise typer.BadParameter(f"--start {start}: there are {len(found.sets)} sets.")
            peers.start_set(peers.keep_set(found.sets[start - 1], None, None).id)
    if output is not None:
        from bot.commands.options import write_text

        write_text(output, sets_file(found, profiles, form))
    if as_json:
        print_json(found)
    else:
        print_sets(found, profiles)


@app.command()
def coffee(
    member_id: Id,
    join: Annotated[bool, typer.Option("--join", help="Take part in the monthly coffee rota.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Do not take part any more.")] = False,
    pause_until: Annotated[
        datetime | None, typer.Option("--pause-until", formats=["%Y-%m-%d"], help="Pause until this day.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show whether a member takes part in the coffee rota, or change it."""
    from bot.session import open_peers

    if join + leave + (pause_until is not None) > 1:
        raise typer.BadParameter("Give one of --join, --leave and --pause-until.")
    with open_peers(load_settings(data_dir)) as peers:
        if join:
            peers.join_coffee(member_id)
        elif leave:
            peers.leave_coffee(member_id)
        elif pause_until is not None:
            peers.pause_coffee(member_id, pause_until.date())
        taking = peers.coffee(member_id)
    if as_json:
        print_json({"member": member_id, "coffee_rota": taking.model_dump(mode="json") if taking else None})
    else:
        from bot.terminal.peers import coffee_line

        typer.echo(coffee_line(member_id, taking))


def _answering(request: list[str], receiver_of: object) -> tuple[str, str]:
    """Return who answers which request: two words name both; one is the introduction's id, whose receiver answers."""
    if len(request) == 2:
        return request[0], request[1]
    if len(request) == 1 and callable(receiver_of):
        return str(receiver_of(request[0])), request[0]
    raise typer.BadParameter("Give the member who answers and the request, or the introduction's id alone.")


def _rules(size: str, apart: list[str], per_organisation: int) -> "Rules":
    from knowledge.matching.sets import Rules

    smallest, _, largest = size.partition("..")
    if not smallest.isdecimal() or (largest and not largest.isdecimal()):
        raise typer.BadParameter(f"--size {size} is no range. Give e.g. 6..8.")
    pairs = [frozenset(part.strip() for part in pair.split(",")) for pair in apart]
    if any(len(pair) != 2 for pair in pairs):
        raise typer.BadParameter("--apart takes two different ids with a comma between, e.g. --apart a1,b2.")
    return Rules(int(smallest), int(largest or smallest), frozenset(pairs), per_organisation).check()


def _form(output: Path | None) -> str:
    form = "" if output is None else output.suffix.lower()
    if form not in ("", ".csv", ".json"):
        raise typer.BadParameter(f"--output {output}: the file's name ends with .csv or .json.")
    return form


def _print_introduction(introduction: "Introduction", as_json: bool) -> None:
    if as_json:
        print_json({"introduction_id": introduction.id, "state": str(introduction.state)})
    else:
        typer.echo(f"{introduction.id}: {introduction.state.label}.")
