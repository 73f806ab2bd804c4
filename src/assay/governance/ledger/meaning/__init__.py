"""What entries mean to people: the forms of fields, and the names of things. It keeps nothing."""
