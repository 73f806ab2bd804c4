"""What signing off means: who must, whose signature counts, when it is enough. Nothing here knows a store."""
