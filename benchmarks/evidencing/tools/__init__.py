"""One module a tool: how it is asked about a file, and how its answer is read. None of them judges another."""
