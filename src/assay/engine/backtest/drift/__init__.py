"""Two periods held against each other: what moved by more than chance and by enough to be told. It names no cause."""
