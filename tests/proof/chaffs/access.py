"""What goes wrong with logins: tokens, roles, whose is what, and passwords that are guessed."""
