"""A rehearsal as SQL: deciding and counting are pushed to an engine that holds the rows. It never moves a row."""
