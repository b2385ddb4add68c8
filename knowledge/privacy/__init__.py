"""What is held about a person: found, exported, erased."""
