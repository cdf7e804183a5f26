"""The pictures of a walk as pages to leaf through: an overview of all pages, and one sheet for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 24px; background: #f4f7f8; color: #16212e; }
h1 { font-size: 22px; } h2 { font-size: 16px; margin: 24px 0 8px; }
ul.sheets { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, 240px); gap: 16px; }
figure { margin: 0; } figcaption { font-size: 12px; color: #566473; overflow-wrap: anywhere; }
img { display: block; width: 100%; height: 160px; object-fit: cover; object-position: top; border: 1px solid #c3cdd6;
  border-radius: 6px; background: #fff; }
.row { display: flex; flex-wrap: wrap; gap: 12px; align-items: start; } .row figure { width: 220px; }
.row img { height: 260px; } .faults { color: #8c241a; white-space: pre-wrap; } a { color: #0b5d4e; }
"""


@dataclass(frozen=True, order=True)
class Picture:
    """One picture of a page, and where its file lies."""

    stop: str
    walker: str
    language: str
    theme: str
    width: int

    @property
    def path(self) -> str:
        name = self.stop.strip("/").replace("/", "-")
        return f"{name}/{self.walker}-{self.language}-{self.theme}-{self.width}.jpg"


def write_album(folder: Path, pictures: Iterable[Picture], faults: Sequence[tuple[str, str]], head: str) -> Path:
    """Write `index.html` and a sheet for each page into the folder; return the index.

    Args:
        faults: (page, what is wrong), as the walk found them.
        head: one line that says which walk it was.
    """
    sheets: dict[str, list[Picture]] = defaultdict(list)
    for picture in sorted(pictures):
        sheets[picture.stop].append(picture)
    wrong: dict[str, list[str]] = defaultdict(list)
    for stop, fault in faults:
        wrong[stop].append(fault)
    items = []
    for stop, shown in sheets.items():
        file = f"{shown[0].path.partition('/')[0]}.html"
        (folder / file).write_text(_sheet(stop, shown, wrong[stop]), encoding="utf-8")
        mark = f" · <span class='faults'>{len(wrong[stop])} faults</span>" if wrong[stop] else ""
        items.append(
            f"<li><figure><a href='{quote(file)}'>{_image(shown[-1])}</a>"
            f"<figcaption><a href='{quote(file)}'>{escape(stop)}</a> · {len(shown)} pictures{mark}</figcaption>"
            "</figure></li>"
        )
    listed = "".join(f"<li>{escape(stop)}: {escape(fault)}</li>" for stop, fault in faults)
    body = f"<p>{escape(head)}</p>{f'<ul class=faults>{listed}</ul>' if listed else ''}"
    index = folder / "index.html"
    index.write_text(_page("Every page", f"{body}<ul class='sheets'>{''.join(items)}</ul>"), encoding="utf-8")
    return index


def _sheet(stop: str, shown: list[Picture], faults: list[str]) -> str:
    rows: dict[str, list[str]] = defaultdict(list)
    for one in shown:
        caption = f"{one.width} px · {one.language} · {one.theme}"
        rows[one.walker].append(
            f"<figure><a href='{quote(one.path)}'>{_image(one)}</a><figcaption>{caption}</figcaption></figure>"
        )
    told = f"<p class='faults'>{escape(chr(10).join(faults))}</p>" if faults else ""
    sections = (f"<h2>{walker}</h2><div class='row'>{''.join(figures)}</div>" for walker, figures in rows.items())
    return _page(stop, f"<p><a href='index.html'>All pages</a></p>{told}{''.join(sections)}")


def _image(picture: Picture) -> str:
    return f"<img loading='lazy' alt='{escape(picture.stop)} {picture.width} px' src='{quote(picture.path)}'>"


def _page(title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )
