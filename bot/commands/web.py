"""`haln web`: the web page alone; `haln mcp`: the library for other programs."""

import typer

from bot.commands.options import DataDir, load_settings


def web(data_dir: DataDir = None) -> None:
    """Serve the web page: ask, search, browse and events; `/api` for programs. HALN_WEB_PORT says where."""
    settings = load_settings(data_dir)
    from bot.session import Behind, open_library
    from bot.web.listening import listening_socket, own_address
    from bot.web.server import serve

    with listening_socket(settings) as listening, open_library(settings, behind=Behind.BACKGROUND) as library:
        typer.echo(f"Web page: {own_address(settings, listening)}. Stop with Ctrl-C.", err=True)
        serve(library, listening)


def mcp(data_dir: DataDir = None) -> None:
    """Serve the library to a program that speaks the Model Context Protocol, on standard input and output."""
    settings = load_settings(data_dir)
    from bot.backend import Backend
    from bot.mcp_server import create_server
    from bot.session import Behind, open_library
    from knowledge.dates import utc_now

    with open_library(settings, behind=Behind.BACKGROUND) as library:
        backend = Backend(library, utc_now)
        try:
            create_server(backend).run()
        finally:
            backend.check.close()
