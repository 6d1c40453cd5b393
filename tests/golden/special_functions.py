#!/usr/bin/env python3
"""Writes special_functions.txt: special functions and their derivatives to 25 digits, computed
with mpmath (pip install mpmath) with 150 digits.

A line is a name, the operands as doubles, and the numbers: of one operand the function and its
first four derivatives; of two the function, its derivatives to x and to y."""

import random
from mpmath import mp, mpf

mp.dps = 150
random.seed(1)


def spread(low, high, middle=0.0, count=12):
    """Numbers between low and high, evenly and at all distances from the middle."""
    numbers = {random.uniform(low, high) for _ in range(count)}
    for exponent in range(-12, 3, 2):
        for sign in (-1, 1):
            x = middle + sign * random.uniform(1, 10) * 10.0**exponent
            if low < x < high:
                numbers.add(x)
    return sorted(numbers)


def log_normal_cdf(x):
    return mp.log(mp.ncdf(x))


def log1mexp(x):
    return mp.log(-mp.expm1(-x)) if x < 1 else mp.log1p(-mp.exp(-x))


ONE = {
    "sinc": (lambda x: mp.sincpi(x), spread(-20, 20) + [0.5, 1.0, 2.0, 1e3, 12345.678, 1e8]),
    "expm1_over_x": (lambda x: mp.expm1(x) / x, spread(-50, 50) + [-1e5, -700.0, 100.0, 680.0]),
    "log1p_over_x": (lambda x: mp.log1p(x) / x, spread(-0.999, 20) + [-1 + 1e-9, 1e3, 1e8, 1e15]),
    "log1mexp": (log1mexp, spread(0, 60) + [1e-30, 0.6931, 300.0, 690.0]),
    "log_cosh": (lambda x: mp.log(mp.cosh(x)), spread(-30, 30) + [1e-30, 0.999, 1.001, 300.0]),
    "log_sigmoid": (lambda x: -mp.log1p(mp.exp(-x)), spread(-60, 60) + [-690.0, 690.0]),
    "logit": (lambda x: mp.log(x / (1 - x)), spread(0, 1) + spread(0, 1, 0.5, 0)
              + spread(0, 1, 1.0, 0) + [1e-30]),
    "normal_cdf": (mp.ncdf, spread(-37, 8) + [-30.0, -20.0, -10.0, -5.0, -1.0, 1.0]),
    "log_normal_cdf": (log_normal_cdf, spread(-40, 8) + [-3.0, -2.999, -3.001, -30.0, -30.001,
                                                         -29.999, -40.0, -100.0, -1e4, -1e6, 20.0]),
    "erfinv": (mp.erfinv, spread(-1, 1) + spread(-1, 1, 1.0, 0) + spread(-1, 1, -1.0, 0)
               + [0.5, -0.5, 1e-30]),
    "lgamma": (lambda x: mp.log(abs(mp.gamma(x))), spread(0, 30) + spread(0, 5, 1.0, 0)
               + spread(0, 5, 2.0, 0) + spread(-9, 0, -2.45, 6) + [1e-30, 1e3, 1e8]),
    "tgamma": (mp.gamma, spread(0, 30) + spread(-9, 0, -2.0, 6) + [1e-30, 100.5, 160.0, -20.3]),
    "digamma": (mp.digamma, spread(0, 30) + spread(0, 5, 1.4616321449683623, 0)
                + spread(-9, 0, -2.0, 6) + [1e-30, 1e3, 1e8, -1000.25]),
}
for order in (1, 2, 3, 10):
    ONE[f"polygamma_{order}"] = (lambda x, n=order: mp.polygamma(n, x),
                                 spread(0, 30) + spread(-9, 0, -2.0, 6) + [1e-10, 1e3, -100.25])

PAIRS = [(random.uniform(-30, 30), random.uniform(-30, 30)) for _ in range(20)]
NEAR = [(x, x - 10.0**-k) for k in range(0, 12, 2) for x in (0.3, -7.0)]
TWO = {
    "logaddexp": (lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), PAIRS + NEAR),
    "logdiffexp": (lambda x, y: mp.log(mp.exp(x) - mp.exp(y)),
                   [(max(p), min(p)) for p in PAIRS + NEAR]),
    "xlogy": (lambda x, y: x * mp.log(y), [(x, abs(y)) for x, y in PAIRS + NEAR] + [(3.0, 1.0001)]),
    "xlog1py": (lambda x, y: x * mp.log1p(y), [(x, 10.0**-(abs(y) / 2)) for x, y in PAIRS]),
}


def digits(x):
    return mp.nstr(x, 25, min_fixed=1, max_fixed=0)


with open(__file__.replace(".py", ".txt"), "w") as out:
    for name, (f, points) in ONE.items():
        for x in points:
            numbers = [f(mpf(x))] + [mp.diff(f, mpf(x), n, h=mpf(10)**-20 * min(abs(mpf(x)), 1))
                                     for n in range(1, 5)]
            print(name, x.hex(), *map(digits, numbers), file=out)
    for name, (f, points) in TWO.items():
        for x, y in points:
            at = (mpf(x), mpf(y))
            numbers = [f(*at), mp.diff(f, at, (1, 0)), mp.diff(f, at, (0, 1))]
            print(name, x.hex(), y.hex(), *map(digits, numbers), file=out)
