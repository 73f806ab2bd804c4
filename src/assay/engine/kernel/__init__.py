"""The words every other room is built from: truth, spans, digests, markets. It imports nothing of ours."""
