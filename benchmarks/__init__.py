"""What `make bench` and `make load` run: a large installation made by chance, and what its pages cost."""
