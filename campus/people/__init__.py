"""People and schools: who someone is, where they belong and what they may do there."""
