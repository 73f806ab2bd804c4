"""Pictures and sound decoded for those scanners that need them. It is used in the pool's processes only."""
