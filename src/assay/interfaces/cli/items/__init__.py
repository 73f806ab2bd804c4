"""Commands that are about items: scan, ask, decide, replay. None of them says what is wrong with a pack."""
