"""A process that is killed while it makes the database leaves nothing that the next one refuses."""

import sqlite3
import subprocess
import sys

from knowledge.storage.sqlite import SQLiteStore, open_database
from tests.conftest import ROOT

KILLED = """
import os, sys, knowledge.storage.sqlite.database as database
from pathlib import Path
real = os.link
def killed(begun, path):
    if sys.argv[2] == "after":
        real(begun, path)
    os._exit(9)
os.link = killed
database.open_database(Path(sys.argv[1]))
"""


def test_killed_before_or_after_it_is_put_in_its_place(tmp_path):
    for moment in ("before", "after"):
        path = tmp_path / moment / "haln.db"
        ended = subprocess.run([sys.executable, "-c", KILLED, str(path), moment], check=False, cwd=ROOT)
        assert ended.returncode == 9
        SQLiteStore(open_database(path)).close()
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x48414C4E,)
        connection.close()
