"""Which items two versions of a pack decide otherwise, exactly, and which clauses changed. It changes neither."""
