"""Writers of document containers. They add to a document, and never change what it shows."""
