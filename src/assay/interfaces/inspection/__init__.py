"""One file's evidence for a reviewer: in sentences, as a page, as JSON. It decides nothing."""
