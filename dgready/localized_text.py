"""A text in both languages of the product. PURE."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text in Thai and English; English falls back to Thai."""

    th: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.th)

    def __str__(self) -> str:
        return self.th

    def to(self, language: str) -> str:
        """The text in `language` ("th" or "en")."""
        return self.en if language == "en" and self.en else self.th

    def json(self) -> dict[str, str]:
        """Both texts, as the published JSON has them."""
        return {"th": self.th, "en": self.en or self.th}

    def filled(self, **values: object) -> LocalizedText:
        """With `{names}` replaced; a value that is a Text is taken in the language it goes into."""

        def fill(template: str, language: str) -> str:
            told = {k: v.to(language) if isinstance(v, LocalizedText) else v for k, v in values.items()}
            return template.format(**told)

        return LocalizedText(fill(self.th, "th"), fill(self.en, "en"))
