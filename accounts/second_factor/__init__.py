"""Second factor: codes of an authenticator app, passkeys, recovery codes; who must have one, when it is asked again."""
