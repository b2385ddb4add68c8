"""What the README shows works as it stands there."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.model


def test_the_python_snippet_answers(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"(?ms)^```python\n(.*?)^```$", readme)
    ran = subprocess.run(
        [sys.executable, "-c", snippet],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"HALN_DATA_DIR": str(tmp_path)},
    )
    assert ran.returncode == 0, ran.stderr
    assert "1 " in ran.stdout
