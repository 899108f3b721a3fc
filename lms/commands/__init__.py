"""Commands of the product, by area; ``lms/cli.py`` joins them."""
