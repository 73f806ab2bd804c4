"""Search and the palette: one box over everything that somebody may see. It shows nothing else."""
