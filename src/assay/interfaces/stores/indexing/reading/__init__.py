"""What pages ask of an index and of the records behind it. It changes neither."""
