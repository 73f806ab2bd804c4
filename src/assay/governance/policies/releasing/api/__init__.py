"""Changes and releases for programs: the same queries and commands as on pages. It decides nothing."""
