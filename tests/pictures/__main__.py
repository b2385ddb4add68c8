"""Takes the pictures anew: `python -m tests.pictures FOLDER` (needs `pip install simcord[preview]` and Chromium).

Everything in them is what the bot sent: the starter library, the bundled model, and a member who is a sample.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import simcord

from bot.discord.client import HalnBot
from knowledge.settings import Settings
from tests.pictures.chromium import page

QUESTION = "What changed at ELFT when it bought from local suppliers?"
REFUSED = "How much money has the Nottinghamshire Green Hub saved the trust?"
CHOICES = {"stage": ["starting"], "pillar": ["employment"], "nation": ["england"], "sector": ["nhs_trust"]}
_WIDTH, _HEIGHT = 760, 1600
_TAKEN = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def main(folder, make_bot=HalnBot):
    """All pictures."""
    with tempfile.TemporaryDirectory() as data:
        bot = make_bot(Settings(data_dir=Path(data)), now=lambda: _TAKEN)
        await bot.desk.ask(lambda assistant: assistant.warm_up())
        async with simcord.run(bot, settle_timeout=60) as env:
            env.backend.bot_user.name = "HALN Assistant"
            channel = env.create_guild("HALN").create_text_channel("anchor-work")
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
            async with page(_WIDTH, _HEIGHT) as opened:
                for name, result in shown.items():
                    async with env.preview(
                        channel,
                        viewers=[member],
                        width=_WIDTH,
                        height=_HEIGHT,
                        locale="en-GB",
                        presentation_time=_TAKEN,
                    ) as preview:
                        await preview.show(result.response.message)
                        await opened.take(preview.url, folder / name)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
