"""What every command begins with: the settings, and logging as they say. Imports nothing heavy."""

import logging
from pathlib import Path

from knowledge.settings import Settings


def load_settings(data_dir: Path | None = None) -> Settings:
    """The settings from the environment, with logging set up as they say.

    Raises:
        SettingsError: One is unknown or out of bounds.
    """
    settings = Settings.from_environment(data_dir=data_dir)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return settings
