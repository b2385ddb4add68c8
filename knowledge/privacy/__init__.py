"""Personal data: found, exported, erased."""
