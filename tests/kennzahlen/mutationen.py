"""What happens to a table on its way to us: cut, flipped, saved by the wrong program. The same seed gives the same damage."""

import random
from collections.abc import Callable

KODIERUNGEN = ("cp1252", "utf-16", "utf-16-le", "utf-8-sig", "cp437", "mac-roman", "utf-7")
STUECKE = (
    b'"',
    b'""',
    b";",
    b"\n",
    b"\r",
    b"\r\n",
    b"\\.\n",
    b"\n\\.\n",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\x1a",
    b",",
    b"\t",
    b"=1+1",
    b"\xe2\x80\xa8",
)


def mutate(content: bytes, seed: int) -> bytes:
    """One to three kinds of damage to a CSV file."""
    dice = random.Random(seed)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        content = dice.choice(SCHAEDEN)(content, dice)
    return content


def _cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randint(0, len(content))]


def _cut_middle(content: bytes, dice: random.Random) -> bytes:
    start = dice.randint(0, len(content))
    return content[:start] + content[start + dice.randint(1, 400) :]


def _flip_bytes(content: bytes, dice: random.Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(dice.randint(1, 8) if flipped else 0):
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
    return bytes(flipped)


def _insert(content: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 3)):
        place = dice.randint(0, len(content))
        content = content[:place] + dice.choice(STUECKE) + content[place:]
    return content


def _swap_separators(content: bytes, dice: random.Random) -> bytes:
    new = dice.choice((b",", b"\t", b"|", b" "))
    if dice.random() < 0.5:
        return content.replace(b";", new)
    lines = content.split(b"\n")
    for _ in range(3):
        place = dice.randrange(len(lines))
        lines[place] = lines[place].replace(b";", new)
    return b"\n".join(lines)


def _double_header(content: bytes, dice: random.Random) -> bytes:
    header = content.split(b"\n", 1)[0]
    return content.replace(header, header + dice.choice((b"\n", b";")) + header, 1)


def _other_encoding(content: bytes, dice: random.Random) -> bytes:
    return content.decode(errors="replace").encode(dice.choice(KODIERUNGEN), errors="replace")


def _bom(content: bytes, dice: random.Random) -> bytes:
    return dice.choice((b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) + content


def _line_ends(content: bytes, dice: random.Random) -> bytes:
    ends = (b"\r\n", b"\r", b"\n\n", b"\r\r\n")
    if dice.random() < 0.5:
        return content.replace(b"\n", dice.choice(ends))
    return b"".join(line + dice.choice((b"\n", *ends)) for line in content.split(b"\n"))


def _lines(content: bytes, dice: random.Random) -> bytes:
    """Lines twice, gone, or in another place."""
    lines = content.split(b"\n")
    first, second = dice.randrange(len(lines)), dice.randrange(len(lines))
    deed = dice.randrange(3)
    if deed == 0:
        lines.insert(second, lines[first])
    elif deed == 1:
        del lines[first]
    else:
        lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def _cells(content: bytes, dice: random.Random) -> bytes:
    """Cells too many, too few, quoted, or with a point or comma somewhere."""
    lines = content.split(b"\n")
    place = dice.randrange(len(lines))
    cells = lines[place].split(b";")
    which = dice.randrange(len(cells))
    cells[which : which + 1] = dice.choice(
        (
            [],
            [cells[which]] * 2,
            [b'"' + cells[which] + b'"'],
            [b'"' + cells[which]],
            [cells[which].replace(b".", b",") + b",5"],
            [b"x" * 70_000],
        )
    )
    lines[place] = b";".join(cells)
    return b"\n".join(lines)


SCHAEDEN: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut,
    _cut_middle,
    _flip_bytes,
    _insert,
    _swap_separators,
    _double_header,
    _other_encoding,
    _bom,
    _line_ends,
    _lines,
    _cells,
)
