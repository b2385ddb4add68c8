"""Takes the pictures anew: `python -m tests.pictures FOLDER` (needs `pip install simcord[preview]` and Chromium).

Everything in them is what the bot sent: the starter library, the bundled model, and a member who is a sample.
"""

import asyncio
import io
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import simcord
from rich.console import Console

from bot.discord.client import HalnBot
from bot.terminal.answers import show_answer
from knowledge.servers.types import RegisteredBy
from knowledge.settings import Settings
from tests.pictures.chromium import page

ASKED = "How did the Royal Free bring sickness absence down?"
QUESTION = "What changed at ELFT when it bought from local suppliers?"
REFUSED = "How much money has the Nottinghamshire Green Hub saved the trust?"
CHOICES = {"stage": ["starting"], "pillar": ["employment"], "nation": ["england"], "sector": ["nhs_trust"]}
EXAMPLE = {
    "what": "We lent refurbished bicycles to night staff. Ring Sample Ward on 0113 496 0000.",
    "for_whom": "Porters and cleaners who could not get a bus home.",
    "what_happened": "Forty-one borrowed one. The insurance did not cover theft: six were stolen in the first winter.",
    "differently": "Agree the insurance before lending the first bicycle.",
    "measured": "Loans a month.",
}
TAGS = {
    "pillars": "employment",
    "outcome": "partly",
    "level": "local",
    "nation": "wales",
    "credit": "anonymous",
    "clearance": "yes",
}
_WIDTH, _HEIGHT = 760, 1600
_TAKEN = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def main(folder, make_bot=HalnBot):
    """All pictures."""
    with tempfile.TemporaryDirectory() as data:
        bot = make_bot(Settings(data_dir=Path(data)), now=lambda: _TAKEN)
        await bot.worker.model(lambda backend: backend.assistant.warm_up())
        async with simcord.run(bot, settle_timeout=60) as env:
            env.backend.bot_user.name = "HALN Assistant"
            channel = env.create_guild("HALN").create_text_channel("anchor-work")
            servers = (await bot.worker.backend()).servers
            servers.register.add(env.guild.id, RegisteredBy.COMMAND, _TAKEN)
            member = env.guild.add_member(env.create_user("sample_member", global_name="Sample Member"))
            env.guild.create_scheduled_event(
                "Sample event: what housing associations can teach us",
                start_time="2026-01-20T13:00:00+00:00",
                end_time="2026-01-20T14:00:00+00:00",
                location="Online",
            )
            shown = {
                "discord-answer.png": await member.slash(channel, "ask", question=QUESTION, share=True),
                "discord-refusal.png": await member.slash(channel, "ask", question=REFUSED),
                "discord-start.png": await member.submit_modal(await member.slash(channel, "start"), CHOICES),
                "discord-digest.png": await member.slash(channel, "digest"),
            }
            pictures = {name: (channel, member, result.response.message) for name, result in shown.items()}
            pictures |= await shared(env, bot, channel, member)
            async with page(_WIDTH, _HEIGHT) as opened:
                for name, (where, viewer, message) in pictures.items():
                    async with env.preview(
                        where,
                        viewers=[viewer],
                        width=_WIDTH,
                        height=_HEIGHT,
                        locale="en-GB",
                        presentation_time=_TAKEN,
                    ) as preview:
                        await preview.show(message)
                        await opened.take(preview.url, folder / name)
                answer = await bot.worker.model(lambda backend: backend.unlogged.ask(ASKED))
                await opened.take_drawing(*terminal(answer), folder / "answer.png")


def terminal(answer):
    """A drawing (SVG) of a terminal in which a question is asked, and its width and height."""
    console = Console(record=True, width=90, file=io.StringIO(), force_terminal=True)
    console.print(f'[bold green]$[/] haln ask "{answer.question}"\n', highlight=False)
    show_answer(console, answer)
    drawing = console.export_svg(title="HALN Assistant")
    width, height = re.search(r'viewBox="0 0 (\S+) (\S+)"', drawing).groups()
    return drawing, round(float(width)), round(float(height))


async def shared(env, bot, channel, member):
    """The card that moderators get of one example, and the card of another on which its author completes it."""
    guild = env.guild
    review, team = guild.create_text_channel("review"), guild.create_role("moderators")
    moderator = guild.add_member(env.create_user("sample_moderator"), roles=[team])
    other = guild.add_member(env.create_user("other_member", global_name="Other Sample Member"))
    settings = (await bot.worker.backend()).servers.settings
    settings.save_server(
        settings.server(guild.id).model_copy(update={"review_channel": review.id, "moderator_role": team.id})
    )
    cards = []
    for one in (other, member):
        card = (await one.submit_modal(await one.slash(channel, "share"), EXAMPLE)).response
        example = re.search(r"ex-[a-z0-9]{8}", str(card.components))[0]
        for field, value in TAGS.items():
            await one.select(card, [value], custom_id=f"haln:example_{field}:{example}")
        cards.append(card)
        if one is other:
            await one.click(card, label="Submit")
    return {
        "discord-share.png": (channel, member, cards[1].message),
        "discord-review.png": (review, moderator, review.last_message),
    }


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
