"""The files of the demonstration, shelf by shelf, sorted by the evidence they carry. It never scans or decides."""
