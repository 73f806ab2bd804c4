"""Home: what waits for me, what changed, what is due. It gathers from every room and decides nothing."""
