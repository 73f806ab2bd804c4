"""Tables of scores read from files of strangers. It fits nothing."""
