"""The charts of a rehearsal's page, one message each. They never show a point without its interval."""
