"""Parts without a domain: periods, numbers, text, workflow, health, long work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from mongcai_portal.common.jobs import Step


class CommonConfig(AppConfig):
    name = "mongcai_portal.common"
    label = "common"
    verbose_name = _("Phần chung")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from mongcai_portal.common import checks  # noqa: F401  # registers them
        from mongcai_portal.common.jobs import JobKind, register
        from mongcai_portal.common.stamped import guard

        register(
            JobKind(
                "remove_unused_files",
                _("Dọn các tệp không còn dùng"),
                run=_remove_unused,
                told=lambda result: (
                    ngettext("Đã dọn %(n)s tệp", "Đã dọn %(n)s tệp", result["files"]) % {"n": result["files"]}
                ),
            )
        )
        # Not a rule of ours on a model's save: the triggers can only be put in place once every table is there.
        post_migrate.connect(guard, sender=self, dispatch_uid="common.stamped")


def _remove_unused(step: Step) -> dict[str, Any]:
    """Clear away files that no row names any more, and answers that nobody will ask for again."""
    from mongcai_portal.common import files, idempotency

    idempotency.forget()
    return {"files": files.remove_unused(step)}
