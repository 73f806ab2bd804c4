"""Two periods of a history held against each other: read, counted, compared and told. It decides nothing anew."""
