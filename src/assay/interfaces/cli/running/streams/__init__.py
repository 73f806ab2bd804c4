"""Commands of streams: consume items, publish them, look after dead letters. It decides nothing."""
