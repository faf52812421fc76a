"""Single sign-on by OpenID Connect: the sign-in service of a ministry says who somebody is; accounts stay ours."""
