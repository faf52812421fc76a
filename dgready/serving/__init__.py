"""The web server's guard against slow clients: no thread waits for a byte of a request or for room for an answer."""
