"""Markdown with YAML front matter to a title, metadata and blocks."""

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.parsing.blocks import Block, BlockKind, Parsed, without_title
from indexer.parsing.front_matter import split_front_matter
from indexer.parsing.text import decode

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:a|abbr|b|code|em|i|kbd|mark|q|s|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Return Markdown with its front matter; a first heading that is the title is not repeated in the text.

    Raises:
        SourceError: It is not text.
    """
    front_matter = split_front_matter(decode(content))
    stated = known_title or front_matter.fields.get("title")
    title, blocks = without_title(markdown_blocks(front_matter.text), str(stated) if stated else None)
    return Parsed(title, front_matter.fields, blocks, problems=front_matter.problems)


def markdown_blocks(text: str) -> list[Block]:
    """Return headings, paragraphs and list items in order. A table gives one item a row; code becomes a paragraph."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return list(_blocks(tokens))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    depth, fresh_item, heading_level = 0, False, 0
    row: list[str] | None = None
    for token in tokens:
        if token.type == "heading_open":
            heading_level = int(token.tag[1:])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            fresh_item = True
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield Block(BlockKind.ITEM, " | ".join(cell for cell in row if cell))
            row = None
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield Block(BlockKind.PARAGRAPH, " ".join(token.content.split()))
        elif token.type == "html_block":
            yield from (Block(BlockKind.PARAGRAPH, text) for text in _html_text(token.content))
        elif token.type == "inline":
            text = _plain(token)
            if row is not None:
                row.append(text)
            elif not text:
                continue
            elif heading_level:
                yield Block(BlockKind.HEADING, text, heading_level)
            else:
                yield Block(BlockKind.ITEM if depth and fresh_item else BlockKind.PARAGRAPH, text)
            heading_level, fresh_item = 0, False


def _html_text(content: str) -> Iterator[str]:
    """Yield the paragraphs of HTML within Markdown, without its tags and comments."""
    text = _TAG.sub("\n\n", _INLINE_TAG.sub("", _COMMENT.sub("", content)))
    for paragraph in re.split(r"\n\s*\n", html.unescape(text)):
        if words := " ".join(paragraph.split()):
            yield words


def _plain(token: Token) -> str:
    """Return the words of an inline token without marks of emphasis, links or pictures."""
    parts = (
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or []
        if child.type not in ("html_inline", "image")
    )
    return " ".join("".join(parts).split())
