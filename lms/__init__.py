"""The school's daily work, and the one place that composes all packages."""
