"""Making an archive, and putting one back."""

from mongcai_portal.backup.services.backup import Made, make_backup
from mongcai_portal.backup.services.restore import Restored, check_archive, restore

__all__ = ["Made", "Restored", "check_archive", "make_backup", "restore"]
