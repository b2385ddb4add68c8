"""What answers a question is light: none of the large libraries is imported where only the bundled model is used."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "scipy", "sklearn", "presidio_analyzer")
HEAVY += ("spacy", "trafilatura", "discord", "docx", "openpyxl", "pypdfium2", "onnx")
_PROGRAM = f"""
import sys
from bot.cli import run_command
status = run_command(sys.argv[1:])
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.model
@pytest.mark.parametrize("command", [["ask", "--json"], ["search", "--json"], ["chat"]])
def test_asking_and_searching_import_no_large_library(tmp_path, sources, command):
    environment = os.environ | {"HALN_DATA_DIR": str(tmp_path / "data"), "HALN_STARTER_LIBRARY": "off"}

    def haln(*arguments, text=None):
        program = [sys.executable, "-W", "error", "-c", _PROGRAM, *arguments]
        return subprocess.run(
            program, capture_output=True, text=True, cwd=ROOT, env=environment, check=True, timeout=120, input=text
        )

    haln("index", "add", str(sources))
    question = "How many entry jobs were kept for local residents?"
    done = haln(*command, text=question) if command == ["chat"] else haln(*command, question)
    assert done.stderr.splitlines()[-1] == "[]"
    if command[0] == "ask":
        assert json.loads(done.stdout)["citations"][0]["document_id"] == "jobs"
    assert "40 entry jobs" in done.stdout


@pytest.mark.model
def test_the_bot_answers_without_torch(tmp_path, sources):
    program = f"""
import asyncio, sys
from pathlib import Path
from bot.discord.client import create_bot
from indexer.pipeline import Indexer
from knowledge.settings import Settings, Switch

async def main():
    bot = create_bot(Settings(data_dir=Path({str(tmp_path / "data")!r}), starter_library=Switch.OFF))
    library = (await bot.worker.backend()).library
    Indexer(library).add([{str(sources)!r}])
    answer = await bot.worker.model(lambda backend: backend.assistant.ask("How many entry jobs were kept?"))
    await bot.close()
    print(answer.answered, [name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True, timeout=120
    )
    assert done.stdout.split(" ", 1) == ["True", "[]\n"]
