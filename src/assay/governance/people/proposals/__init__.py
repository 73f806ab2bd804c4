"""What needs a second pair of eyes: kinds of proposals, how one is made and read. Commands write the entries."""
