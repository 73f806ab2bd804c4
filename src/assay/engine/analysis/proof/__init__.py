"""What can be proved of a pack, and an item that shows it where something cannot. It never changes the pack."""
