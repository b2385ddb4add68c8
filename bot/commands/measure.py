"""`haln measure`: ideas for what to measure, from what others measured."""

from typing import Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json
from knowledge.domain.vocabulary import Pillar

Project = Annotated[str, typer.Argument(help="What the project does, in a sentence or two.", show_default=False)]
OfPillar = Annotated[Pillar | None, typer.Option("--pillar", help="Only what was measured for this pillar.")]


def measure(project: Project = "", pillar: OfPillar = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Describe a project and see what others measured in work like it, by pillar, each with its source."""
    if not project.strip() and pillar is None:
        raise typer.BadParameter("Describe the project, or give --pillar.")
    from bot.session import open_library

    with open_library(load_settings(data_dir)) as library:
        from knowledge.guidance.indicators import indicator_ideas

        found = indicator_ideas(library, project, pillar)
    if as_json:
        print_json(found)
    else:
        from bot.texts.indicators import as_text

        typer.echo(as_text(found))
