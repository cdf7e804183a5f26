"""The people of the main job and what they do on the pages, named as they would say it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.factories.windows import Answer, Form, Window, send


class Officer:
    """A commune's officer in front of one report."""

    def __init__(self, window: Window, report_id: int) -> None:
        self.window, self.path = window, f"/reports/{report_id}/"

    def opens_the_form(self) -> Answer:
        return self.window.get(self.path)

    def form(self) -> Form:
        return self.opens_the_form().form("entry")

    def takes_last_years_values(self) -> Answer:
        return send(self.window, self.form(), action="copy")

    def types(self, values: Mapping[str, str], form: Form | None = None) -> Answer:
        """Type values by cell (`element` or `element:part`) and press save."""
        form = form or self.form()
        for cell, text in values.items():
            form.fields["v:" + (cell if ":" in cell else f"{cell}:")] = text
        return send(self.window, form, action="save")

    def says_not_applicable(self, reasons: Mapping[str, str]) -> Answer:
        form = self.form()
        for element, reason in reasons.items():
            for name in form.named(f"s:{element}:"):
                form.fields[name] = "not_applicable"
                form.fields["r" + name[1:]] = reason
        return send(self.window, form, action="save")

    def says_yes_to_what_is_empty(self) -> Answer:
        """Answer the yes/no questions that last year's form did not have."""
        form = self.form()
        for name in form.named("v:"):
            state = form.fields.get("s" + name[1:], "")
            if form.choices[name] == ["true", "false"] and name not in form.fields and state in ("", "value"):
                form.fields[name] = "true"
        return send(self.window, form, action="save")

    def submits(self) -> Answer:
        return send(self.window, self.form(), action="submit")


class Verifier:
    """A sector office in front of one report."""

    def __init__(self, window: Window, report_id: int) -> None:
        self.window, self.path = window, f"/reports/{report_id}/verify/"

    def opens_the_page(self) -> Answer:
        return self.window.get(self.path)

    def sends_back(self, reasons: Mapping[str, str]) -> Answer:
        form = self.opens_the_page().form("verify")
        for element, reason in reasons.items():
            form.fields[f"d:{element}"] = "return"
            form.fields[f"reason:{element}"] = reason
        return send(self.window, form, action="save")

    def verifies_the_rest(self, *, judging: str = "met") -> Answer:
        """Verify all that waits for the office; where no norm is known, judge it so."""
        form = self.opens_the_page().form("verify")
        form.fields |= dict.fromkeys(form.named("j:"), judging)
        return send(self.window, form, action="rest")


class Coordinator:
    """The coordination office in front of one report."""

    def __init__(self, window: Window, report_id: int) -> None:
        self.window, self.path = window, f"/reports/{report_id}/verify/"
        self.approval = f"/reports/{report_id}/approve/"
        self.reopening = f"/reports/{report_id}/reopen/"

    def opens_the_page(self) -> Answer:
        return self.window.get(self.path)

    def approves(self, page: Answer | None = None) -> Answer:
        return send(self.window, (page or self.opens_the_page()).form(self.approval))

    def reopens(self, reason: str) -> Answer:
        return send(self.window, self.opens_the_page().form(self.reopening), reason=reason)
