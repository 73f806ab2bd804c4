"""Many items at once: packs as operations on bit planes. It never reads a file and never decides in another way."""
