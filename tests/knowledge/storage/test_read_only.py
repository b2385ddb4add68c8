"""Data that cannot be written: questions are answered, nothing is kept, and the log says so."""

import os
import shutil
import stat
import subprocess
import sys
import textwrap

import pytest

from tests.conftest import ROOT

QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"
ASK = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from knowledge.assistant import Assistant
    from knowledge.library import Library
    from knowledge.settings import Settings, Switch
    from tests.fakes import WordEmbedder

    def ask(folder):
        settings = Settings(data_dir=Path(folder), starter_library=Switch.OFF, chunk_tokens=60)
        library = Library.open(settings, WordEmbedder)
        answer = Assistant(library).ask(sys.argv[3])
        library.close()
        return f"{answer.answered} {answer.citations[0].title}"

    # What is imported late may be readable for the first account alone.
    ask(sys.argv[2])
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    print(ask(sys.argv[1]))
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_questions_are_answered_from_data_that_cannot_be_written(filled, tmp_path):
    data = filled.settings.data_dir
    filled.index.refresh()
    filled.close()
    shutil.copytree(data, tmp_path / "another")
    for folder in (tmp_path, *tmp_path.parents):
        if os.geteuid() == 0 and not folder.stat().st_mode & stat.S_IXOTH:  # pytest's own are closed to other accounts
            folder.chmod(0o755)
    for file in data.iterdir():
        file.chmod(0o444)
    data.chmod(0o555)
    try:
        ran = subprocess.run(
            [sys.executable, "-c", ASK, data, tmp_path / "another", QUESTION],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
    finally:
        data.chmod(0o700)
    assert ran.stdout == "True Jobs for local people\n", ran.stderr
    assert "nothing is kept" in ran.stderr
