"""What a pack declares, as types: signals, measures, policies, calendar, obligations. It never decides anything."""
