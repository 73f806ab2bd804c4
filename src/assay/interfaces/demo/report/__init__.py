"""The report of a demonstration as one HTML page. It never decides anything and never reaches for a network."""
