"""The shape of the house: imports go down, files stay small, the guide names every command and setting."""

import ast
import re
import subprocess
import sys

import pytest
import typer

from bot.cli import app
from knowledge.settings import PREFIX, Settings
from knowledge.storage.sqlite import SQLiteStore, open_database
from tests.conftest import ROOT
from tests.reference_pages import pages

FLOORS = {"knowledge": {"indexer", "bot", "discord"}, "indexer": {"bot", "discord"}, "bot": set()}
FILES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


# What the lowest rooms may import of the product: nothing, or what lies below everything else.
BELOW = {
    "knowledge/domain": {"knowledge.domain"},
    "knowledge/storage": {
        "knowledge.domain",
        "knowledge.storage",
        "knowledge.errors",
        "knowledge.settings",
        "knowledge.dates",
    },
}


def imported(path):
    """The modules that a file imports from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down_only(path):
    floor = path.relative_to(ROOT).parts[0]
    assert not FLOORS[floor] & {module.split(".")[0] for module in imported(path)}


@pytest.mark.parametrize("room", BELOW)
def test_the_lowest_rooms_import_only_what_is_below_them(room):
    for path in (ROOT / room).rglob("*.py"):
        product = [module for module in imported(path) if module.split(".")[0] in FLOORS]
        above = [module for module in product if ".".join(module.split(".")[:2]) not in BELOW[room]]
        assert above == [], path


def test_nothing_that_runs_imports_the_training():
    """It needs torch and much memory, and is for whoever makes the weights anew."""
    training = ROOT / "knowledge" / "answering" / "reader" / "training"
    others = [path for path in FILES if training not in path.parents]
    assert [path for path in others if "reader.training" in path.read_text(encoding="utf-8")] == []


def test_no_file_is_longer_than_350_lines():
    paths = [*FILES, *sorted((ROOT / "tests").rglob("*.py"))]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}
    assert {name: length for name, length in lengths.items() if length > 350} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_constant_is_set_twice(path):
    """A text that takes another's name would be said in its place."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [
        t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)
    ]
    assert sorted(names) == sorted(set(names))


def test_sql_stays_in_storage():
    sql = re.compile(r"""["']\s*(SELECT|INSERT|UPDATE|DELETE|CREATE) """)
    outside = [path for path in FILES if "storage" not in path.parts and sql.search(path.read_text())]
    assert outside == []


def guide():
    """The README and the pages of docs/ that it leads to, also by way of another page."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    waiting = sorted((ROOT / "docs").glob("*.md"))
    while reached := [page for page in waiting if f"](docs/{page.name}" in text or f"]({page.name}" in text]:
        text = "\n".join([text, *(page.read_text(encoding="utf-8") for page in reached)])
        waiting = [page for page in waiting if page not in reached]
    return text


def test_the_pages_of_commands_and_settings_are_written_from_the_definitions():
    lagging = [path.name for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert lagging == [], "run `python -m tests.reference_pages`"


def test_the_pages_name_every_setting_command_and_option():
    text = "\n".join(pages().values())
    assert [name for field in Settings.model_fields if (name := PREFIX + field.upper()) not in text] == []
    for line, command in commands(typer.main.get_command(app)):
        assert line in text, line
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("--") or option == "--help" or option in text, f"{line} {option}"


def test_the_readme_and_contributing_are_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 100


def anchors(page):
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"(?ms)^```.*?^```$", "", page.read_text(encoding="utf-8")), re.MULTILINE
    )
    named = re.findall(r'<a id="([^"]+)">', page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings} | set(named)


@pytest.mark.parametrize(
    "page", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]), ids=lambda page: page.name
)
def test_links_within_the_guide_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_page_of_the_guide_is_reached_from_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    reached = [page.name for page in (ROOT / "docs").glob("*.md") if f"docs/{page.name}" in readme]
    also = [page.name for page in (ROOT / "docs").glob("*.md") if f"]({page.name})" in guide()]
    assert {page.name for page in (ROOT / "docs").glob("*.md")} == {*reached, *also}


def test_every_setting_has_a_description_and_a_reader():
    code = "\n".join(path.read_text() for path in FILES if path.name != "settings.py")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f".{name}" in code or name == "data_dir", name


def commands(group, prefix="haln"):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def test_importing_a_package_does_no_work():
    """Nothing heavy is imported by the command line until a command needs it."""
    heavy = {"torch", "sentence_transformers", "transformers", "faiss", "discord", "numpy", "sqlite_utils", "pydantic"}
    code = "import sys, bot.cli; print(*sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not heavy & set(found.stdout.split())


def test_index_status_needs_no_model(tmp_path):
    SQLiteStore(open_database(tmp_path / "data" / "haln.db")).close()
    code = "import sys; from bot.cli import run_command; run_command(['index', 'status']);print(*sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"torch", "sentence_transformers", "faiss", "numpy"} & set(found.stdout.split())
