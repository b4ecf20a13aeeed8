"""A lesson as one page of HTML with its figures inside: for those who prefer to read, and for the printer."""

import base64
import html
from collections.abc import Iterator
from string import Template

from app.export.figure import png_of
from app.export.sheet import Sheet, preset
from app.export.shot import Shot, panes_of
from app.plots.colours import LIGHT
from app.state.explorer import FindRecorded
from app.state.lesson import Lesson, Page
from app.state.session import Session
from app.views.lesson_text import to_html

_SHEET = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title</title>
<style>
body { font: 16px/1.5 Inter, system-ui, sans-serif; color: #1C1E22; max-width: 46em; margin: 3em auto; padding: 0 1.5em; }
h1 { font-size: 1.6em; } h2 { font-size: 1.2em; margin: 2.5em 0 .5em; }
section { break-inside: avoid; } figure { margin: 1em 0; } img { width: 100%; border: 1px solid #E3E1DB; border-radius: 9px; }
.card { background: #F6F5F2; border: 1px solid #E3E1DB; border-radius: 9px; padding: .7em 1em; margin: .8em 0; }
kbd { border: 1px solid #E3E1DB; border-radius: 4px; padding: 0 .35em; font-size: .85em; color: #6D7178; background: #FFFFFF; }
p { margin: .5em 0; }
</style>
</head>
<body>
<h1>$title</h1>
<p>$says</p>
$pages
</body>
</html>
""")


def lesson_page(lesson: Lesson, find_recorded: FindRecorded) -> str:
    """The whole lesson; a page whose episode is not bundled has no figure."""
    return bind(lesson, list(draw_pages(lesson, find_recorded)))


def draw_pages(lesson: Lesson, find_recorded: FindRecorded) -> Iterator[str]:
    """One page after the other, since each figure takes a moment."""
    for number, page in enumerate(lesson.pages, 1):
        yield _page(page, number, _figure(page.then or page.place, find_recorded))


def bind(lesson: Lesson, pages: list[str]) -> str:
    """The pages, with title and style."""
    return _SHEET.substitute(title=html.escape(lesson.title), says=html.escape(lesson.says), pages="\n".join(pages))


def _page(page: Page, number: int, figure: str) -> str:
    parts = [f"<section>\n<h2>{number}. {html.escape(page.title)}</h2>", *(f"<p>{to_html(text)}</p>" for text in page.text)]
    question, task = page.question, page.task
    if question is not None:
        choices = " · ".join(to_html(choice.says) for choice in question.choices)
        parts.append(f'<div class="card"><b>Before you look</b><p>{to_html(question.asks)}</p><p>{choices}</p></div>')
    if task is not None:
        parts.append(f'<div class="card"><b>Do it</b><p>{to_html(task.says)}</p></div>')
    if figure:
        parts.append(f'<figure><img alt="{html.escape(page.title)}" src="{figure}"></figure>')
    if question is not None:
        replies = "".join(f"<p><i>{to_html(choice.says)}:</i> {to_html(choice.reply)}</p>" for choice in question.choices)
        parts.append(f"{replies}<p>{to_html(question.reason)}</p>")
    if task is not None and task.done:
        parts.append(f"<p>{to_html(task.done)}</p>")
    return "\n".join([*parts, "</section>"])


def _figure(place: Session, find_recorded: FindRecorded) -> str:
    trace = find_recorded(place.a)
    if trace is None:
        return ""
    sheet = Sheet(Shot(session=place, a=trace), panes_of(place), preset("columns"), LIGHT)
    try:
        return "data:image/png;base64," + base64.b64encode(png_of(sheet)).decode()
    finally:
        sheet.close_down()
