"""The command line: one file a command, grouped by what the commands are about. It never decides anything itself."""
