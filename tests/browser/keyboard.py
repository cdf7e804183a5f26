"""Somebody at a browser without a pointer: everything is reached by Tab, and is seen when it is reached."""

from __future__ import annotations

from typing import Any

# More stops than the longest form has.
STEPS = 600
# What stands at the keyboard's place: whether it is what is looked for, and whether a reader sees that it is there.
_AT = """async wanted => {
  const here = document.activeElement;
  if (!here || here === document.body) return {there: false, fault: ""};
  const name = here.tagName.toLowerCase() + (here.id ? "#" + here.id : "") + (here.name ? `[name="${here.name}"]` : "");
  // The control itself, or the label, cell or row that shows it.
  const around = [here.closest(".cell"), here.closest("label"), here.nextElementSibling, ...(here.labels || [])];
  const shown = [here, ...around.filter(Boolean)];
  const isMarked = () => shown.some(e => {
    const style = getComputedStyle(e);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none";
  });
  const isSeen = () => shown.some(e => {
    const box = e.getBoundingClientRect();
    if (box.width < 4 || box.height < 4) return false;
    const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return inside && top && (e.contains(top) || top.contains(e));
  });
  // A row unfolds when it is reached, and the page scrolls after it.
  for (let frame = 0; frame < 60 && !(isMarked() && isSeen()); frame++) await new Promise(requestAnimationFrame);
  const marked = isMarked(), seen = isSeen();
  const fault = marked ? (seen ? "" : `${name} is covered or out of sight`) : `${name} shows no focus`;
  return {there: here === wanted, fault};
}"""


class Keyboard:
    """Moves on one page by keys alone; whatever is passed on the way must be seen to have the focus."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def reach(self, target: Any, *, back: bool = False) -> None:
        """Press Tab (or Shift+Tab) until the target has the focus, unless it has it already."""
        wanted = target.element_handle()
        if wanted.evaluate("e => e === document.activeElement"):
            return
        for _step in range(STEPS):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            at = self.page.evaluate(_AT, wanted)
            assert at["fault"] == "", f"{self.page.url}: {at['fault']}"
            if at["there"]:
                return
        raise AssertionError(f"{self.page.url}: {target} is not reached by Tab")

    def press(self, target: Any, key: str = "Enter", *, back: bool = False) -> None:
        self.reach(target, back=back)
        self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        """Put a text in place of what stands in the field."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def chooses(self, value: str) -> None:
        """Go down the list that has the focus to a value; the page may move on from there by itself."""
        chosen = self.page.evaluate_handle("document.activeElement")
        for _step in range(30):
            if chosen.evaluate("list => list.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not in the list")

    def picks(self, value: str) -> None:
        """Go round the group of round buttons that has the focus to a value."""
        for _step in range(10):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not in the group")
