"""A photo made anew for the crew board, by Qt, which is there already: services know no Qt.

Only its pixels are kept: no place, no camera, no words, nothing behind its end.
"""

from __future__ import annotations

from app.models.errors import BadInput

LONGEST_SIDE = 2_560
MOST_PIXELS = 60_000_000
QUALITY = 85
_KINDS = {b"\xff\xd8\xff": b"jpeg", b"\x89PNG\r\n\x1a\n": b"png"}
"""By what a file begins with; what its sender says it is counts nothing."""


def recoded(content: bytes) -> bytes:
    """A JPEG of at most `LONGEST_SIDE` pixels a side, upright. Raises BadInput for anything that
    is no whole JPEG or PNG. Takes a tenth of a second; not for an event loop's thread."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
    from PySide6.QtGui import QColorSpace, QImage, QImageReader, QImageWriter, QPainter

    kind = next((kind for begin, kind in _KINDS.items() if content.startswith(begin)), None)
    if kind is None:
        raise BadInput("That is no photo: only JPEG and PNG are taken. Nothing was kept.")
    data = QByteArray(content)
    source = QBuffer(data)
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source, QByteArray(kind))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise BadInput("That photo cannot be read. Nothing was kept; take it again.")
    if size.width() * size.height() > MOST_PIXELS:
        raise BadInput(f"That photo has over {MOST_PIXELS // 1_000_000} million pixels.")
    if max(size.width(), size.height()) > LONGEST_SIDE:
        fits = size.scaled(LONGEST_SIDE, LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fits.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise BadInput("That photo cannot be read to its end. Nothing was kept; take it again.")
    if image.colorSpace().isValid():
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    plain = QImage(image.size(), QImage.Format.Format_RGB32)  # knows no words of the first
    plain.fill(Qt.GlobalColor.white)
    painter = QPainter(plain)
    painter.drawImage(0, 0, image)
    painter.end()
    made = QByteArray()
    target = QBuffer(made)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(target, QByteArray(b"jpeg"))
    writer.setQuality(QUALITY)
    if not writer.write(plain):
        raise BadInput("That photo could not be kept. Nothing was changed.")
    return bytes(made.data())
