"""A file's chain of manifests in words, for a reviewer. It judges nothing that the scanner did not judge."""
