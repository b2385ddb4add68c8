"""`/setup`, `/doctor`, `/status`."""
