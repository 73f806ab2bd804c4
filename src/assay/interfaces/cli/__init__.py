"""The command line: one file a command. It never decides anything itself."""
