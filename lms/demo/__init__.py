"""The demo school: invented people, questions and answers."""
