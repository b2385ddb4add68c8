"""`haln examples list|show|review|tag|merge|ban`: the moderators' side."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.examples.group import (
    ExampleId,
    ModeratorId,
    RequestId,
    SeenVersion,
    acknowledge,
    app,
    member,
    moderator,
    opened,
)
from bot.commands.options import AsJson, DataDir, print_json
from knowledge.domain.vocabulary import ExampleState, Level, Nation, Outcome, Pillar


class ModeratorDecision(StrEnum):
    """The decisions that a moderator can make on a submission."""

    CLAIM = "claim"
    RELEASE = "release"
    APPROVE = "approve"
    REQUEST_CHANGES = "request-changes"
    DECLINE = "decline"


@app.command(name="list")
def list_(
    state: Annotated[ExampleState | None, typer.Option("--state", help="Only those in this state.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List submissions, those that have waited longest first."""
    from bot.commands.examples import texts
    from knowledge.domain.examples import OPERATOR
    from knowledge.storage.example_protocols import Selection

    with opened(data_dir) as (library, examples):
        found = examples.list(OPERATOR, Selection(states=(state,) if state else ()), limit)
        counts = library.examples.counts()
    if as_json:
        print_json({"examples": [view.model_dump(mode="json") for view in found], "counts": dict(counts)})
        return
    for view in found:
        typer.echo(texts.list_line(view))
    if not found:
        typer.echo(texts.NOTHING)


@app.command()
def show(
    example_id: ExampleId,
    viewer: Annotated[str | None, typer.Option("--as", help="As this member would see it.")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show one example with its audit. Nobody but the author sees who gave an anonymous one."""
    from bot.commands.examples import texts
    from knowledge.domain.examples import OPERATOR

    with opened(data_dir) as (_, examples):
        view = examples.show(member(viewer) if viewer else OPERATOR, example_id)
    if as_json:
        print_json(view)
    else:
        typer.echo("\n".join(texts.example_lines(view)))


@app.command()
def review(
    example_id: ExampleId,
    decision: Annotated[
        ModeratorDecision,
        typer.Argument(metavar="DECISION", help="approve, request-changes, decline, claim or release."),
    ],
    moderator_id: ModeratorId,
    reason: Annotated[str | None, typer.Option("--reason", help="What the author is told; never by whom.")] = None,
    confirm: Annotated[
        list[str] | None,
        typer.Option("--confirm", help="What identifies a person and is published all the same, e.g. 'NHS number'."),
    ] = None,
    version: SeenVersion = None,
    request_id: RequestId = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Decide on a submission. What is approved is published and found by every search within a second."""
    from bot.commands.examples import texts
    from knowledge.domain.examples import Action, State

    action = Action(decision.value.replace("-", "_"))
    with opened(data_dir) as (_, examples):
        decided = examples.review(
            moderator(moderator_id), example_id, action, reason, version, request_id, tuple(confirm or ())
        )
    waits = decided.state is State.APPROVED
    acknowledge(decided, as_json, [texts.NOT_PUBLISHED] if waits else [])


@app.command()
def tag(
    example_id: ExampleId,
    moderator_id: ModeratorId,
    pillar: Annotated[list[Pillar] | None, typer.Option("--pillar", help="Its pillars; give several times.")] = None,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="How it went.")] = None,
    level: Annotated[Level | None, typer.Option("--level", help="At which level.")] = None,
    nation: Annotated[Nation | None, typer.Option("--nation", help="Where.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="In which part of it.")] = None,
    happened: Annotated[
        str | None, typer.Option("--happened", help="When: 2023, March 2023 or March 2022 to June 2024.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Correct the tags of an example; what is not given stays."""
    from knowledge.examples.form import clean_text, read_happened

    with opened(data_dir) as (_, examples):
        pillars = tuple(pillar) if pillar else None
        place = clean_text(region) if region is not None else None
        when = read_happened(happened) if happened is not None else None
        tagged = examples.tag(
            moderator(moderator_id), example_id, pillars, outcome, level, nation, region=place, happened=when
        )
    acknowledge(tagged, as_json)


@app.command()
def merge(
    example_id: ExampleId,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The id of the example that says the same.")],
    moderator_id: ModeratorId,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Close a submission that says the same as another; its author is told which."""
    from bot.commands.examples import texts

    with opened(data_dir) as (_, examples):
        merged = examples.merge(moderator(moderator_id), example_id, into)
    if as_json:
        acknowledge(merged, as_json)
    else:
        typer.echo(texts.MERGED.format(id=merged.id, into=merged.merged_into))


@app.command()
def ban(
    member_id: Annotated[str, typer.Argument(metavar="MEMBER", help="The member's id.")],
    lift: Annotated[bool, typer.Option("--lift", help="Let them share again.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Let a member share no more examples. What they published stays; they may still withdraw it."""
    from knowledge.domain.examples import OPERATOR

    with opened(data_dir) as (_, examples):
        examples.set_banned(OPERATOR, member_id, banned=not lift)
    if as_json:
        print_json({"member": member_id, "banned": not lift})
    else:
        typer.echo(f"{member_id} may {'share examples again' if lift else 'share no more examples'}.")
