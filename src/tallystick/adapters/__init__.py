"""Adapters: what implements the stages' ports on a particular database, engine or file system."""
