"""Every rule that can be decided without asking the outside world."""
