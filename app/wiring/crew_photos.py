"""A photo made anew for the crew board.

Only its pixels are kept: no place, no camera, no words, nothing behind its end. By Pillow, which
needs no display's libraries as Qt does, and refuses what is not whole.
"""

from __future__ import annotations

from io import BytesIO

from app.models.errors import BadInput

LONGEST_SIDE = 2_560
MOST_PIXELS = 60_000_000
QUALITY = 85
KINDS = ("JPEG", "PNG")
"""By what a file holds; what its sender says it is counts nothing."""


def recoded(content: bytes) -> bytes:
    """A JPEG of at most `LONGEST_SIDE` pixels a side, upright. Raises BadInput for anything that
    is no whole JPEG or PNG. Takes a tenth of a second; not for an event loop's thread."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=KINDS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadInput(f"That photo has over {MOST_PIXELS // 1_000_000} million pixels.")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read smaller at once
            image.load()
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except UnidentifiedImageError:
        raise BadInput("That is no photo: only JPEG and PNG are taken. Nothing was kept.") from None
    except BadInput:
        raise
    except Exception as fault:  # a decoder may raise anything on made-up bytes
        raise BadInput("That photo cannot be read. Nothing was kept; take it again.") from fault
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size, "white")  # knows no words of the first
    plain.paste(upright, mask=upright.getchannel("A"))
    made = BytesIO()
    plain.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
