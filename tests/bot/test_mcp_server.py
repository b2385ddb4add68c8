"""A client of the official SDK talks to the server, in memory and as a process of its own."""

import json
import os
import sys

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from bot.backend import Backend
from bot.mcp_server import create_server
from knowledge.dates import utc_now


@pytest.fixture
def server(filled):
    return create_server(Backend(filled, utc_now))


async def test_a_client_asks_searches_and_reads(server):
    async with Client(server) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "get_document"}
        assert all(tool.annotations.read_only_hint for tool in tools.values())
        asked = await client.call_tool("ask", {"question": "How many entry jobs for local residents were kept?"})
        assert asked.structured_content["answered"]
        assert asked.structured_content["citations"][0]["document_id"] == "jobs"
        found = await client.call_tool("search", {"query": "roofs", "k": 1})
        assert [result["document_id"] for result in found.structured_content["results"]] == ["green"]
        read = await client.call_tool("get_document", {"document_id": "jobs"})
        assert read.structured_content["sections"][0]["text"].startswith("The Sample Hospital Trust")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {"question": ""}),
        ("search", {"query": "roofs", "k": 1000}),
        ("search", {"query": "roofs", "pillar": "nonsense"}),
        ("get_document", {"document_id": "nothing"}),
    ],
)
async def test_what_is_wrong_is_told_to_the_client(server, tool, arguments):
    async with Client(server) as client:
        answer = await client.call_tool(tool, arguments)
        assert answer.is_error
        assert answer.content[0].text


async def test_the_command_speaks_the_protocol_and_nothing_else(filled, tmp_path):
    environment = {**os.environ, "HALN_DATA_DIR": str(filled.settings.data_dir), "HALN_STARTER_LIBRARY": "off"}
    command = StdioServerParameters(
        command=sys.executable, args=["-c", "from bot.cli import main; main()", "mcp"], env=environment
    )
    async with Client(stdio_client(command)) as client:
        answer = await client.call_tool("get_document", {"document_id": "green"})
        assert json.loads(answer.content[0].text)["document"]["id"] == "green"
