"""The workbench for programs: the same commands and queries as on pages, by token or session. It decides nothing."""
