"""What whoever runs the bot watches it by: whether it is well, and figures of what it does."""
