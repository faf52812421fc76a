"""App configuration of the demonstration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The sample province and played years. It may use every app; none uses it."""

    name = "demo"

    def ready(self) -> None:
        """Offers the sample people to the sign-in page, which shows them where settings.DEMO is on."""
        from accounts.sample_sign_ins import offer_sample_people  # models are there only now
        from demo.people import DEMO_PASSWORD, sign_ins

        offer_sample_people(DEMO_PASSWORD, sign_ins)
