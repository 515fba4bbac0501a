"""What goes wrong for who logs in, enrolls, teaches, or looks at their own."""
