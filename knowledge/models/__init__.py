"""The running of models of any kind: files found and checked, tokens counted, threads shared."""
