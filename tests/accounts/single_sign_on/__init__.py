"""Single sign-on with an OpenID provider of our own."""
