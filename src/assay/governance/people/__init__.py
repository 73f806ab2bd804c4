"""Who works here: persons, what they may do and how long, who stands in for whom, what a second person must approve."""
