"""`haln doctor`."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, DataDir, load_settings, print_json

if TYPE_CHECKING:
    from knowledge.diagnostics.finding import Report
    from knowledge.settings import Settings


def doctor(
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="After a jump of the clock: delete again what has expired.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody outside: neither Discord nor the mail server.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Look for everything that an operator can get wrong: a line each with what to do; status 1 when something is."""
    report = _report(data_dir, clock_is_right=clock_is_right, offline=offline)
    if as_json:
        print_json(report)
    else:
        for finding in report.findings:
            typer.echo(f"{finding.level}: {finding.text}")
        typer.echo(f"Looked at: {', '.join(report.checks)}.")
        typer.echo("Nothing is wrong." if report.fine else "Something is wrong.")
    if not report.fine:
        raise typer.Exit(1)


def _report(data_dir: Path | None, *, clock_is_right: bool, offline: bool) -> "Report":
    from bot.commands.doctor_online import check_discord, check_mail, check_running
    from knowledge.dates import utc_now
    from knowledge.diagnostics.finding import Finding, Level, Report, run_checks
    from knowledge.diagnostics.surroundings import check_backups, check_folder, check_models, check_settings
    from knowledge.errors import SettingsError

    now = utc_now()
    try:
        settings = load_settings(data_dir)
    except SettingsError as error:
        found = Finding(check="settings", level=Level.PROBLEM, text=str(error))
        return Report(fine=False, checks=("settings",), findings=(found,))
    outside = {
        "Discord's answer": partial(check_discord, settings, utc_now),
        "mail server": partial(check_mail, settings),
        "running bot": partial(check_running, settings),
    }
    around = run_checks(
        {
            "settings": partial(check_settings, settings),
            "data folder": partial(check_folder, settings),
            "models": partial(check_models, settings),
            "backups": partial(check_backups, settings, now),
            **({} if offline else outside),
        }
    )
    if settings.is_new:
        return around
    within = _contents(settings, now, clock_is_right=clock_is_right)
    return Report(
        fine=around.fine and within.fine,
        checks=(*around.checks, *within.checks),
        findings=(*around.findings, *within.findings),
    )


def _contents(settings: "Settings", now: datetime, *, clock_is_right: bool) -> "Report":
    from bot.session import open_library
    from knowledge.diagnostics.contents import (
        check_clock,
        check_database,
        check_erasure,
        check_library,
        check_networks,
        check_servers,
    )
    from knowledge.diagnostics.finding import Finding, Level, Report, run_checks
    from knowledge.errors import HalnError

    try:
        with open_library(settings, starter=False) as library:
            if clock_is_right:
                library.store.accept_clock(now)
            return run_checks(
                {
                    "database": partial(check_database, library),
                    "library": partial(check_library, library),
                    "clock": partial(check_clock, library, now),
                    "erasure": partial(check_erasure, library),
                    "Discord": partial(check_servers, library, now),
                    "networks": partial(check_networks, settings),
                }
            )
    except HalnError as error:
        found = Finding(check="database", level=Level.PROBLEM, text=str(error))
        return Report(fine=False, checks=("database",), findings=(found,))
