"""Where an index reads records: a folder of segments and tables, or a table of PostgreSQL. They change no record."""
