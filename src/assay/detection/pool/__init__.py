"""The pool: files in processes that may crash, hang and swell. It gives each file its end and names the guilty."""
