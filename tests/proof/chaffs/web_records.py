"""What goes wrong with forms and records on the pages."""
