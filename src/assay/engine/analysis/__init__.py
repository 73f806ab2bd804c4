"""What can be said of a policy without an item, and of an item without all its signals. It never changes either."""
