"""What our pages have in common: stylesheet, templates' surroundings, titles of markets. It shows nothing by itself."""
