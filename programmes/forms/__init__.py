"""Forms of programmes: how what is typed is read; what is wrong with it is said by the services."""
