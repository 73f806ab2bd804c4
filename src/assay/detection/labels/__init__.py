"""Labels written into files: the container is rewritten around the media, which is never touched or decoded."""
