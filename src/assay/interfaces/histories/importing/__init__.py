"""Tables and decision records as history: each row checked. A wrong row costs itself, and is named and counted."""
