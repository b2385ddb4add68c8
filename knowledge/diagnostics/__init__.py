"""What is wrong with an installation, one line each with what to do: `haln doctor`."""
