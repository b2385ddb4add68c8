"""The room of words stands at the bottom: it imports nothing of the product but its nouns."""

import ast

import pytest

from tests.conftest import ROOT

FILES = sorted((ROOT / "knowledge" / "language").glob("*.py"))
BELOW = {"knowledge.domain.library", "knowledge.domain.vocabulary", "knowledge.errors"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_imports_nothing_above_it(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {name for name in imported if name.startswith(("knowledge", "indexer", "bot"))}
    assert {name for name in ours if not name.startswith("knowledge.language.")} <= BELOW
