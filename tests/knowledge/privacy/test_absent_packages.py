"""Packages that seem absent to one thread, for as long as it says, and to nobody else."""

import importlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.privacy.absent_packages import absent
from tests.conftest import ROOT


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The name of a package that can be imported and has not been yet."""
    (tmp_path / "haln_sample_package.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "haln_sample_package"
    sys.modules.pop("haln_sample_package", None)


def test_the_thread_that_says_so_cannot_import_it_and_another_one_can(package):
    with absent(frozenset({package})):
        with pytest.raises(ImportError, match=package):
            importlib.import_module(package)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(importlib.import_module, package).result()
        assert importlib.import_module(package)  # it is there by now


def test_it_is_there_again_afterwards_whatever_happened(package):
    before = list(sys.meta_path)
    with pytest.raises(ZeroDivisionError), absent(frozenset({package})):
        raise ZeroDivisionError
    assert sys.meta_path == before
    assert importlib.import_module(package)


@pytest.mark.model
def test_the_check_for_personal_data_loads_neither_torch_nor_transformers():
    program = (
        "import sys\n"
        "from knowledge.privacy.recognisers import PresidioCheck\n"
        "from knowledge.settings import Settings\n"
        "places = PresidioCheck(Settings()).find('Mrs Okafor lives at L20 4RT.')\n"
        "print(*sorted(place.kind for place in places))\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["PERSON UK_POSTCODE", "[]"]
