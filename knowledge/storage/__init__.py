"""The only room with SQL. `protocols` says what is asked of it; `sqlite` answers today."""
