"""What is said of a draft while it is written: problems, examples, an item tried. It writes nothing."""
