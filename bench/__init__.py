"""The benchmark: nights over work sets of known size, beside what the machine could do at best."""
