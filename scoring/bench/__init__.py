"""What `manage.py bench` does: a database of its own, filled to size, and every page against the cheapest one."""
