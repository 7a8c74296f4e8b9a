"""Numbers as the explorer writes them: a true minus sign, and no more digits than fit a cell.

The twin of the browser's numerals.js; JavaScript rounds a tie away from zero, and so does this.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

MINUS = "\N{MINUS SIGN}"


@lru_cache(maxsize=4096)
def short(value: int | float) -> str:
    """`value` in at most six characters, but for a sign.

    Examples
    --------
    >>> short(-1234.56), short(0.125), short(12345678)
    ('−1235', '0.125', '1.2e7')
    """
    if float(value).is_integer() and abs(value) < 1e6:
        return signed(str(int(value)))
    whole = len(_plain(Decimal(abs(int(value)))))
    rounded = _plain(_to_precision(value, min(max(whole, 3), 21)))
    if len(rounded.replace("-", "", 1)) <= 6:
        return signed(rounded)
    return signed(_exponential(_to_precision(value, 2), 2))


@lru_cache(maxsize=4096)
def tiny(value: int | float) -> str:
    """`value` in at most four characters, but for a sign; five for an integer.

    Examples
    --------
    >>> tiny(-0.125), tiny(12.34), tiny(0.001), tiny(99999), tiny(-2.0)
    ('−0.13', '12.3', '1e−3', '99999', '−2')
    """
    size = abs(value)
    if float(value).is_integer() and size < 1e5:
        return signed(str(int(value)))
    if size < 0.0095 or size >= 9999.5:
        return signed(_exponential(_to_precision(value, 1), 1))
    digits = 2 if size < 9.995 else 1 if size < 99.95 else 0
    fixed = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return signed(_plain(fixed))


def signed(number: str) -> str:
    """A number with true minus signs.

    Examples
    --------
    >>> signed("-3e-7")
    '−3e−7'
    """
    return number.replace("-", MINUS)


def hue_of(k: int, count: int) -> float:
    """The hue of weight k = u * kW + v, in degrees, spread over all `count` of a kernel."""
    return math.floor((20 + 330 * k / count) * 10 + 0.5) / 10


def _to_precision(value: int | float, digits: int) -> Decimal:
    return Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(value))


def _plain(number: Decimal) -> str:
    """As JavaScript's String(): digits written out from 1e-6 to 1e21, else with an exponent."""
    if number == 0:
        return "0"
    number = number.normalize()
    if -7 < number.adjusted() < 21:
        return f"{number:f}"
    return _exponential(number, len(number.as_tuple().digits)).replace("e", "e+").replace("+-", "-")


def _exponential(number: Decimal, digits: int) -> str:
    """With `digits` significant digits, as in 1.2e7 or 1e-3."""
    return f"{number:.{digits - 1}e}".replace("e+", "e")
