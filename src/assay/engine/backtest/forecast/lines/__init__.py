"""The lines of a forecast, a file for each kind, with what they assume. They gather nothing."""
