"""What goes wrong with seats: the rules, the waitlist, leaving, and races."""
