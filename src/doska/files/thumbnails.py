"""Small pictures of pictures, made by a process apart: its memory, its time and its luck are bounded.

Run as a module it makes one: ``python -m doska.files.thumbnails <in> <out>``.
"""

import asyncio
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

from doska.files.store import PIECE_BYTES, Store

SUFFIX = ".webp"
MEDIA_TYPE = "image/webp"
SIDE_PX = 320
PIXELS_MAX = 25_000_000  # by the header; what is larger is not opened
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
MEMORY_BYTES = 512 << 20
CPU_SECONDS = 10
WAIT_SECONDS = 30.0


def is_possible() -> bool:
    """Tell whether pictures can be read: that needs ``doska[images]``, and a process can be bounded."""
    return find_spec("PIL") is not None and sys.platform != "win32"


async def make_thumbnail(store: Store, name: str, size: int) -> bool:
    """Make the small picture of a stored one, beside it; False if it cannot be made."""
    with tempfile.TemporaryDirectory(prefix="doska-thumbnail-") as folder:
        source, target = Path(folder, "in"), Path(folder, "out")
        await asyncio.to_thread(source.touch)
        async for piece in store.read(name, 0, size):
            await asyncio.to_thread(_append, source, piece)
        if not await _run(source, target):
            return False
        await store.keep(name + SUFFIX, _pieces(target))
    return True


def _append(path: Path, piece: bytes) -> None:
    with path.open("ab") as file:
        file.write(piece)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    content = await asyncio.to_thread(path.read_bytes)
    for place in range(0, len(content), PIECE_BYTES):
        yield content[place : place + PIECE_BYTES]


async def _run(source: Path, target: Path) -> bool:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, str(source), str(target),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _bound() -> None:
    """Bound this process: a file may be made to exhaust whoever opens it."""
    import resource  # noqa: PLC0415  # Windows has none, and serves without thumbnails

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw(source: Path, target: Path) -> None:
    """Make one: the first frame, upright, without anything but its pixels."""
    from PIL import Image, ImageOps  # noqa: PLC0415  # an extra, and only for this process

    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with Image.open(source, formats=FORMATS) as picture:
        if picture.width * picture.height > PIXELS_MAX:
            raise ValueError("too many pixels")
        picture.draft("RGB", (SIDE_PX * 2, SIDE_PX * 2))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((SIDE_PX, SIDE_PX))
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        plain = upright.convert("RGBA" if has_alpha else "RGB")
        clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())
        clean.save(target, "WEBP", quality=80)


if __name__ == "__main__":
    _bound()
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
