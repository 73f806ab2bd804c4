"""From assertions to a decision and its record; it never reads a clock, so a decision can be replayed."""
