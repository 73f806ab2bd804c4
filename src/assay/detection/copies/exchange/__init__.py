"""Files in which hashes of known items are exchanged: read and written. It never asks anybody for one."""
