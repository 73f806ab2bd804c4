"""Item records in, decision records out, in every format. A bad record costs itself and never the one beside it."""
