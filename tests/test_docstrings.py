"""The first word of every docstring: functions say with a verb what they do, classes and modules what they are."""

import ast

import pytest

from tests.conftest import ROOT
from tests.test_house import FILES

QUESTIONS = {"how", "what", "when", "where", "whether", "which", "who", "whoever", "whom", "whose", "why"}
# No verbs, though a sentence without one may begin with them.
OTHERS = """
    a all an another any as at both by each either every everything for from he if in it its no nobody none of on one
    only other she some somebody something that the their there these they this those to two with without
"""
# Endings of other forms of a verb, of plurals and of nouns; and the verbs that have them all the same.
ENDINGS = ("s", "ing", "tion", "ity")
VERBS = {"address", "bring", "compress", "discuss", "dismiss", "express", "pass", "press", "process", "question"}


def first_word(docstring):
    return docstring.split()[0].rstrip(",:;.").lower()


def is_verb(word):
    return word in VERBS or (
        word.isalpha() and word not in {*QUESTIONS, *OTHERS.split()} and not word.endswith(ENDINGS)
    )


def own_nodes(function):
    """Yield the nodes of a function without those of functions within it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield node
            waiting += ast.iter_child_nodes(node)


def documented(path, *kinds):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, kinds) and (docstring := ast.get_docstring(node)):
            yield node, docstring


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_functions_say_what_they_do_and_classes_what_they_are(path):
    functions = documented(path, ast.FunctionDef, ast.AsyncFunctionDef)
    assert [docstring for _, docstring in functions if not is_verb(first_word(docstring))] == []
    others = documented(path, ast.Module, ast.ClassDef)
    assert [docstring for _, docstring in others if first_word(docstring) in QUESTIONS | {"everything"}] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_generators_yield_and_do_not_return(path):
    returning = [
        (node, docstring)
        for node, docstring in documented(path, ast.FunctionDef, ast.AsyncFunctionDef)
        if first_word(docstring) == "return" and not node.decorator_list
    ]
    assert [
        docstring
        for node, docstring in returning
        if any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in own_nodes(node))
    ] == []
