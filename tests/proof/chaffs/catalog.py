"""What goes wrong with terms, courses and sections, and with what is told of them."""
