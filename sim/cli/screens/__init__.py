"""What the command line shows: tables and sentences for people, made of results."""
