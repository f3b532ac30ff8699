"""What has happened on the demo's board: two weeks of three people, in order."""

from datetime import timedelta

from doska.boards.models import Role
from doska.demo.cast import Hand, Scene
from doska.tasks.moves import End

TITLE = "Website"
ABOUT = "Everything that has to happen before the new website goes live."
COLOURS = "Warm red #d64545\nDeep blue #1d57c9\nPaper #faf7f0\n"
LANDING = """One screen that says what we do, for whom, and what it costs.

- one picture, no carousel
- one button: Try it
- readable at 320 px

Drafts: https://example.com/drafts"""
BACKUPS = """Every night, kept for 30 days, on another machine.

A backup that nobody has restored is none: the restore test is part of it."""
TERMS = "Plain words first, then the lawyer's. Both languages."
SPEED = "Below 1 s on a phone over 3G. At the moment: 2.4 s, most of it the font."


async def happen(scene: Scene, anna: Hand, boris: Hand, clara: Hand) -> None:
    """Let it all happen."""
    await _set_up(scene, anna, boris, clara)
    await _first_days(scene, anna, boris, clara)
    await _first_week(scene, anna, boris, clara)
    await _second_week(scene, anna, boris, clara)
    await _last_days(scene, anna, boris, clara)


async def _set_up(scene: Scene, anna: Hand, boris: Hand, clara: Hand) -> None:
    scene.ago(14, hours=2)
    await anna.opens(TITLE, ABOUT)
    await anna.makes_column("Ideas", color="#8250df")
    await anna.makes_column("To do", color="#57606a", status="TODO")
    await anna.makes_column("In progress", color="#1d57c9", status="IN_PROGRESS", task_limit=3)
    await anna.makes_column("Review", color="#8a4b00", status="IN_PROGRESS")
    await anna.makes_column("Done", color="#0f6b3a", status="DONE")
    await anna.makes_label("Design", "#8250df")
    await anna.makes_label("Text", "#0f6b3a")
    await anna.makes_label("Tech", "#1d57c9")
    await anna.invites(boris, Role.MODERATOR)
    await anna.invites(clara, Role.MEMBER)


async def _first_days(scene: Scene, anna: Hand, boris: Hand, clara: Hand) -> None:
    await anna.adds("To do", "Choose a name", anna, boris, clara, priority="HIGH", due=-11)
    await anna.splits("Choose a name", "Ten ideas each", "Vote")
    await anna.adds("To do", "Buy the domain", anna, priority="HIGH", due=-10)
    scene.ago(13, hours=5)
    await clara.adds("Ideas", "Dark mode", priority="LOW")
    await clara.adds("To do", "Draw the logo", clara, due=-5)
    await clara.splits("Draw the logo", "Three sketches", "Colours", "Small sizes")
    await boris.adds("To do", "Rent a server", boris, due=-8)
    await clara.labels("Draw the logo", "Design")
    await clara.attaches("Draw the logo", "colours.txt", COLOURS)
    await boris.links("Rent a server", "What a year costs", "https://example.com/servers")
    await boris.labels("Rent a server", "Tech")
    await anna.moves("Choose a name", "In progress")
    await boris.ticks("Ten ideas each")
    scene.ago(12, hours=3)
    await anna.adds("To do", "Landing page", anna, clara, description=LANDING)
    await anna.adds("To do", "Write the terms of use", anna, due=5, description=TERMS)
    await boris.adds("To do", "Set up backups", boris, due=-1, description=BACKUPS)
    await boris.splits("Set up backups", "Nightly dump", "Restore test")
    await boris.labels("Set up backups", "Tech")
    await anna.labels("Landing page", "Design", "Text")
    await anna.labels("Write the terms of use", "Text")
    scene.ago(11, hours=4)
    await clara.ticks("Vote")
    await anna.moves("Choose a name", "Done")
    await anna.moves("Buy the domain", "Done")


async def _first_week(scene: Scene, anna: Hand, boris: Hand, clara: Hand) -> None:
    scene.ago(10, hours=6)
    await boris.moves("Rent a server", "In progress")
    await clara.moves("Draw the logo", "In progress")
    await clara.adds("Ideas", "Newsletter")
    await boris.adds("To do", "Find a photographer", clara, priority="LOW", due=-3)
    scene.ago(9, hours=2)
    await boris.moves("Rent a server", "Done")
    await boris.moves("Set up backups", "In progress")
    await clara.ticks("Three sketches", "Colours")
    await anna.changes("Landing page", title="Design the landing page", priority="HIGH", due=1)
    await anna.splits("Design the landing page", "Sketch", "Texts", "On a phone")
    scene.ago(8, hours=5)
    await boris.adds("Ideas", "Тёмная тема для писем", priority="LOW")
    await boris.adds("To do", "Check the sign-up form", boris, due=2)
    await boris.splits("Check the sign-up form", "Chrome", "Firefox", "Safari")
    await boris.ticks("Nightly dump")


async def _second_week(scene: Scene, anna: Hand, boris: Hand, clara: Hand) -> None:
    scene.ago(7, hours=3)
    await clara.ticks("Small sizes")
    await clara.moves("Draw the logo", "Review")
    await anna.moves("Design the landing page", "In progress", End.TOP)
    await anna.ticks("Sketch")
    scene.ago(6, hours=4)
    await anna.moves("Draw the logo", "Done")
    await clara.adds("To do", "Collect customer quotes", clara, due=9)
    await boris.adds("To do", "Measure the loading time", boris, due=0, description=SPEED)
    scene.ago(5, hours=6)
    await clara.deletes("Collect customer quotes")
    await anna.takes_back_the_last()
    await anna.changes("Find a photographer", is_archived=True)
    await boris.moves("Measure the loading time", "In progress")
    scene.ago(4, hours=2)
    await clara.ticks("Texts")
    await clara.adds("To do", "Write the welcome e-mail", clara, due=0)
    await anna.changes("Check the sign-up form", priority="HIGH")
    scene.ago(3, hours=5)
    await boris.moves("Measure the loading time", "Review")
    await boris.adds("Ideas", "A page for the press", anna, due=30)
    await anna.assigns("Check the sign-up form", anna)
    await boris.makes_label("Bug", "#b3261e")
    await anna.labels("Check the sign-up form", "Bug", "Tech")
    await boris.labels("Measure the loading time", "Tech")


async def _last_days(scene: Scene, anna: Hand, boris: Hand, clara: Hand) -> None:
    scene.ago(2, hours=3)
    await boris.ticks("Chrome")
    await anna.splits("Write the terms of use", "Draft", "Ask a lawyer")
    await anna.ticks("Draft")
    scene.ago(1, hours=2)
    await clara.moves("Write the welcome e-mail", "In progress")
    await anna.adds("To do", "Go live", anna, boris, clara, priority="HIGH", **_go_live(scene))
    scene.ago(0, hours=1)
    await boris.adds("To do", "Translate into Russian", boris, due=3)
    await boris.labels("Translate into Russian", "Text")
    await boris.moves("Translate into Russian", "In progress")


def _go_live(scene: Scene) -> dict[str, str]:
    """Set a time, not a day: in a week, at an hour that suits everybody."""
    moment = (scene.began + timedelta(days=7)).replace(hour=15, minute=0, second=0, microsecond=0)
    return {"due_at": moment.isoformat()}
