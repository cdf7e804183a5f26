"""`python -m tests.bench.change`: change what every overview is made from, so that none that is kept stands."""

from __future__ import annotations


def main() -> None:
    import django

    django.setup()
    from mongcai_portal.common.models import Source

    source = Source.objects.order_by("pk").first()
    assert source is not None
    source.title += "."
    source.save(update_fields=["title"])


if __name__ == "__main__":
    main()
