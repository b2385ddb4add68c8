"""The commands of `haln`, a file per group. What a command needs is imported when it runs, so that help is instant."""
