"""App configuration of the demonstration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The sample province and played years. It may use every app; none uses it."""

    name = "demo"

    def ready(self) -> None:
        """Offers the sample people to the sign-in page, which shows them where settings.DEMO is on; adds a verb."""
        from accounts.sample_sign_ins import register_sample_users  # models are there only now
        from demo.people import DEMO_PASSWORD, sample_memberships
        from nation.national.verbs import register_verb

        register_sample_users(DEMO_PASSWORD, sample_memberships)
        register_verb("sample", "demo.national.command")
