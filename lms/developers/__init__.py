"""Pages for developers, absent in production."""
