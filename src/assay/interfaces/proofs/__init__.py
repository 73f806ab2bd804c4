"""Proofs as people meet them: reports in words, JSON and HTML, and what is kept on disk. It proves nothing itself."""
