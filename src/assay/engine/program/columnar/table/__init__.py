"""What is to be decided: columns of signals, in blocks. It never decides."""
