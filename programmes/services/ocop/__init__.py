"""Everything that may be done to OCOP producers, products, their assessments and recognitions."""

from programmes.services.ocop.assessments import (
    SheetTyped,
    approve,
    open_assessment,
    save_sheets,
    send_back,
    submit,
    verify,
)
from programmes.services.ocop.photos import add_photos, remove_photo
from programmes.services.ocop.recognitions import Decision, annul, recognise, withdraw
from programmes.services.ocop.register import (
    ProducerEntry,
    ProductEntry,
    correct_producer,
    correct_product,
    register_product,
)
from programmes.services.ocop.reminders import dismiss, remind_expiring, send_letters
from programmes.services.ocop.scales import load_ocop
from programmes.services.ocop.scans import attach_scan

__all__ = [
    "Decision",
    "ProducerEntry",
    "ProductEntry",
    "SheetTyped",
    "add_photos",
    "annul",
    "approve",
    "attach_scan",
    "correct_producer",
    "correct_product",
    "dismiss",
    "load_ocop",
    "open_assessment",
    "recognise",
    "register_product",
    "remind_expiring",
    "remove_photo",
    "save_sheets",
    "send_back",
    "send_letters",
    "submit",
    "verify",
    "withdraw",
]
