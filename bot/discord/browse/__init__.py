"""`/start`, `/resources`, `/events`, `/glossary`, `/help`."""
