"""Arithmetic of vectors in LLVM's language, with the functions that processors do not have: exp, log, sin, cos, tanh.

They are those of Cephes (Moshier, 1992) in single precision, as in many vector libraries: within two units in the last
place of the true value, for sines of angles up to some thousands.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

_LOG2E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 0.693359375, -2.12194440e-4
_HALF_PI = (1.5703125, 4.837512969970703125e-4, 7.54978995489188e-8)  # its parts: products with them are exact
_EXP = (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
_SIN = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
_COS = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
_TANH = (-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
_LOG = (
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
)
_MOST_EXPONENT, _LEAST_EXPONENT = 88.0, -87.0  # of e in float32


class Body:
    """The lines of a function, and the names of its values.

    Attributes:
        width: Of the vectors.
        lines: Written so far.
        floats: The type of a vector of float32.
        integers: That of a vector of 32-bit integers.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []
        self.floats, self.integers, self._bools = f"<{width} x float>", f"<{width} x i32>", f"<{width} x i1>"
        self._bytes = f"<{width} x i8>"
        self._names = 0
        self._declared: set[str] = set()

    def declarations(self) -> str:
        """Those of LLVM's own functions that are called."""
        return "\n".join(sorted(self._declared))

    def new(self, text: str) -> str:
        """Write an instruction; return the name of its value."""
        self._names += 1
        self.lines.append(f"%v{self._names} = {text}")
        return f"%v{self._names}"

    def splat(self, value: str, kind: str, name: str) -> None:
        """A vector of one value, under a given name."""
        self.lines += [
            f"{name}_one = insertelement <{self.width} x {kind}> poison, {kind} {value}, i64 0",
            f"{name} = shufflevector <{self.width} x {kind}> {name}_one, <{self.width} x {kind}> poison, "
            f"{self.integers} zeroinitializer",
        ]

    def constant(self, value: float) -> str:
        """A vector of a number."""
        return f"splat (float 0x{_double_bits(value):016X})"

    def _integer(self, value: int) -> str:
        return f"splat (i32 {value})"

    # -- memory ---------------------------------------------------------------------------------------------------

    def broadcast(self, boolean: bool, place: str) -> str:
        """A vector of the element at a place."""
        kind = "i8" if boolean else "float"
        name = self.new(f"load {kind}, ptr {place}")
        self.splat(name, kind, f"{name}_all")
        return self._truth(f"{name}_all") if boolean else f"{name}_all"

    def load(self, boolean: bool, place: str, mask: str | None) -> str:
        """The elements at a place: floats, or truths."""
        kind, align = (self._bytes, 1) if boolean else (self.floats, 4)
        if mask is None:
            loaded = self.new(f"load {kind}, ptr {place}, align {align}")
        else:
            function = f"@llvm.masked.load.v{self.width}{'i8' if boolean else 'f32'}.p0"
            self._declared.add(f"declare {kind} {function}(ptr, i32, {self._bools}, {kind})")
            rest = f"ptr {place}, i32 {align}, {self._bools} {mask}, {kind} zeroinitializer"
            loaded = self.new(f"call {kind} {function}({rest})")
        return self._truth(loaded) if boolean else loaded

    def store(self, boolean: bool, place: str, value: str, mask: str | None) -> None:
        """Store floats or truths."""
        kind, align = (self._bytes, 1) if boolean else (self.floats, 4)
        if boolean:
            value = self.new(f"zext {self._bools} {value} to {kind}")
        if mask is None:
            self.lines.append(f"store {kind} {value}, ptr {place}, align {align}")
            return
        function = f"@llvm.masked.store.v{self.width}{'i8' if boolean else 'f32'}.p0"
        self._declared.add(f"declare void {function}({kind}, ptr, i32, {self._bools})")
        self.lines.append(f"call void {function}({kind} {value}, ptr {place}, i32 {align}, {self._bools} {mask})")

    def _truth(self, loaded: str) -> str:
        return self.new(f"icmp ne {self._bytes} {loaded}, zeroinitializer")

    # -- arithmetic -----------------------------------------------------------------------------------------------

    def arithmetic(self, name: str, a: str, b: str, kind: str | None = None) -> str:
        """One of fadd, fsub, fmul and fdiv."""
        return self.new(f"{name} {kind or self.floats} {a}, {b}")

    def compare(self, how: str, a: str, b: str, kind: str | None = None) -> str:
        """One of oeq, olt, ole, ogt, oge, une: truths."""
        return self.new(f"fcmp {how} {kind or self.floats} {a}, {b}")

    def choose(self, mask: str, a: str, b: str) -> str:
        """Values of a where the mask is true, of b elsewhere."""
        return self.new(f"select {self._bools} {mask}, {self.floats} {a}, {self.floats} {b}")

    def as_floats(self, truths: str) -> str:
        """1 for true, 0 for false."""
        return self.choose(truths, self.constant(1.0), self.constant(0.0))

    def choose_truth(self, mask: str, a: str, b: str) -> str:
        """The same of truths."""
        return self.new(f"select {self._bools} {mask}, {self._bools} {a}, {self._bools} {b}")

    def combine(self, reduction: str, a: str, b: str, kind: str | None = None) -> str:
        """The sum, or the greater or smaller of two; one that is not a number is kept."""
        if reduction == "add":
            return self.arithmetic("fadd", a, b, kind)
        truth = self.compare("ugt" if reduction == "max" else "ult", a, b, kind)
        kind = kind or self.floats
        mask = "i1" if kind == "float" else self._bools
        return self.new(f"select {mask} {truth}, {kind} {a}, {kind} {b}")

    def across(self, reduction: str, vector: str) -> str:
        """The lanes of a vector, combined: a scalar."""
        name = {"add": "fadd", "max": "fmax", "min": "fmin"}[reduction]
        function = f"@llvm.vector.reduce.{name}.v{self.width}f32"
        first = "float, " if reduction == "add" else ""
        self._declared.add(f"declare float {function}({first}{self.floats})")
        start = "float 0.0, " if reduction == "add" else ""
        return self.new(f"call reassoc float {function}({start}{self.floats} {vector})")

    def call(self, function: str, *values: str) -> str:
        """An intrinsic of floats."""
        full = f"@llvm.{function}.v{self.width}f32"
        self._declared.add(f"declare {self.floats} {full}({', '.join([self.floats] * len(values))})")
        return self.new(f"call {self.floats} {full}({', '.join(f'{self.floats} {value}' for value in values)})")

    def product_plus(self, a: str, b: str, c: str) -> str:
        """A product plus c, rounded once where the processor can."""
        return self.call("fmuladd", a, b, c)

    def polynomial(self, coefficients: tuple[float, ...], x: str) -> str:
        """A polynomial, its highest power first (Horner)."""
        value = self.constant(coefficients[0])
        for coefficient in coefficients[1:]:
            value = self.product_plus(value, x, self.constant(coefficient))
        return value

    def _integers(self, text: str, a: str, b: str) -> str:
        return self.new(f"{text} {self.integers} {a}, {b}")

    def _as_floats(self, integers: str) -> str:
        return self.new(f"bitcast {self.integers} {integers} to {self.floats}")

    def _as_integers(self, floats: str) -> str:
        return self.new(f"bitcast {self.floats} {floats} to {self.integers}")

    # -- functions ------------------------------------------------------------------------------------------------

    def exp(self, x: str) -> str:
        """The exponential of x."""
        x = self.combine("max", x, self.constant(_LEAST_EXPONENT))
        x = self.combine("min", x, self.constant(_MOST_EXPONENT))
        turns = self.call("nearbyint", self.arithmetic("fmul", x, self.constant(_LOG2E)))
        rest = self.product_plus(turns, self.constant(-_LN2_HIGH), x)
        rest = self.product_plus(turns, self.constant(-_LN2_LOW), rest)
        square = self.arithmetic("fmul", rest, rest)
        value = self.product_plus(self.polynomial(_EXP, rest), square, rest)
        value = self.arithmetic("fadd", value, self.constant(1.0))
        power = self.new(f"fptosi {self.floats} {turns} to {self.integers}")
        power = self._integers("shl", self._integers("add", power, self._integer(127)), self._integer(23))
        return self.arithmetic("fmul", value, self._as_floats(power))

    def log(self, x: str) -> str:
        """The natural logarithm; of 0 minus infinity, below it not a number."""
        bits = self._as_integers(x)
        exponent = self._integers("sub", self._integers("lshr", bits, self._integer(23)), self._integer(126))
        mantissa = self._integers("or", self._integers("and", bits, self._integer(0x7FFFFF)), self._integer(0x3F000000))
        turns = self.new(f"sitofp {self.integers} {exponent} to {self.floats}")
        share = self._as_floats(mantissa)  # 0.5 to 1
        small = self.compare("olt", share, self.constant(math.sqrt(0.5)))
        turns = self.choose(small, self.arithmetic("fsub", turns, self.constant(1.0)), turns)
        share = self.choose(small, self.arithmetic("fadd", share, share), share)
        rest = self.arithmetic("fsub", share, self.constant(1.0))
        square = self.arithmetic("fmul", rest, rest)
        value = self.arithmetic("fmul", self.arithmetic("fmul", rest, square), self.polynomial(_LOG, rest))
        value = self.product_plus(turns, self.constant(_LN2_LOW), value)
        value = self.product_plus(square, self.constant(-0.5), value)
        value = self.arithmetic("fadd", rest, value)
        value = self.product_plus(turns, self.constant(_LN2_HIGH), value)
        value = self.choose(self.compare("oeq", x, self.constant(0.0)), self.constant(-math.inf), value)
        return self.choose(self.compare("olt", x, self.constant(0.0)), self.constant(math.nan), value)

    def sine(self, x: str, quarter: int) -> str:
        """The sine of x plus so many quarters of a turn."""
        turns = self.call("nearbyint", self.arithmetic("fmul", x, self.constant(2 / math.pi)))
        rest = x
        for part in _HALF_PI:
            rest = self.product_plus(turns, self.constant(-part), rest)
        square = self.arithmetic("fmul", rest, rest)
        cubed = self.arithmetic("fmul", square, rest)
        sine = self.product_plus(self.polynomial(_SIN, square), cubed, rest)
        cosine = self.product_plus(square, self.constant(-0.5), self.constant(1.0))
        fourth = self.arithmetic("fmul", square, square)
        cosine = self.product_plus(self.polynomial(_COS, square), fourth, cosine)
        where = self.new(f"fptosi {self.floats} {turns} to {self.integers}")
        where = self._integers("add", where, self._integer(quarter))
        odd = self.new(f"trunc {self.integers} {where} to {self._bools}")
        value = self._as_integers(self.choose(odd, cosine, sine))
        sign = self._integers("shl", self._integers("and", where, self._integer(2)), self._integer(30))
        return self._as_floats(self._integers("xor", value, sign))

    def sigmoid(self, x: str) -> str:
        """1 / (1 + exp(-x))."""
        below = self.arithmetic("fadd", self.exp(self.negative(x)), self.constant(1.0))
        return self.arithmetic("fdiv", self.constant(1.0), below)

    def tanh(self, x: str) -> str:
        """The hyperbolic tangent."""
        square = self.arithmetic("fmul", x, x)
        cubed = self.arithmetic("fmul", square, x)
        near = self.product_plus(self.polynomial(_TANH, square), cubed, x)
        size = self.call("fabs", x)
        grown = self.arithmetic("fadd", self.exp(self.arithmetic("fadd", size, size)), self.constant(1.0))
        far = self.arithmetic("fdiv", self.constant(2.0), grown)
        far = self.arithmetic("fsub", self.constant(1.0), far)
        signed = self.call("copysign", far, x)
        return self.choose(self.compare("olt", size, self.constant(0.625)), near, signed)

    def negative(self, x: str) -> str:
        """-x."""
        return self.new(f"fneg {self.floats} {x}")


def _double_bits(value: float) -> int:
    """The bits of a number that float32 can hold, in double precision."""
    single: float = struct.unpack("<f", struct.pack("<f", value))[0]
    bits: int = struct.unpack("<Q", struct.pack("<d", single))[0]
    return bits


def reads_truths(operation: str, place: int, to_truths: bool) -> bool:
    """Whether an operation takes truths, instead of floats, as the operand at a place, 0 for the first."""
    if operation == "copy":
        return to_truths
    return operation in LOGICAL or (operation, place) in (("where", 0), ("masked_fill", 1))


Operation = Callable[..., str]  # (body, *operands, *scalars) -> the name of the result


def _itself(body: Body, x: str) -> str:
    del body
    return x


def _less(body: Body, x: str) -> str:
    return body.arithmetic("fsub", body.constant(1.0), x)


def _lerp(body: Body, start: str, end: str, weight: str) -> str:
    return body.product_plus(weight, body.arithmetic("fsub", end, start), start)


def _sigmoid_backward(body: Body, gradient: str, result: str) -> str:
    return body.arithmetic("fmul", gradient, body.arithmetic("fmul", _less(body, result), result))


def _tanh_backward(body: Body, gradient: str, result: str) -> str:
    return body.arithmetic("fmul", gradient, _less(body, body.arithmetic("fmul", result, result)))


def _sign(body: Body, x: str) -> str:
    zero, one = body.constant(0.0), body.constant(1.0)
    below = body.choose(body.compare("olt", x, zero), body.constant(-1.0), zero)
    return body.choose(body.compare("ogt", x, zero), one, below)


def _arithmetic(name: str) -> Operation:
    return lambda body, a, b: body.arithmetic(name, a, b)


def _comparison(how: str) -> Operation:
    return lambda body, a, b: body.compare(how, a, b)


def _intrinsic(name: str) -> Operation:
    return lambda body, x: body.call(name, x)


def _scaled(name: str) -> Operation:
    """The sum or difference of a and a multiple of b."""
    return lambda body, a, b, factor: body.arithmetic(name, a, body.arithmetic("fmul", b, factor))


COMPARISONS = frozenset(("eq", "ne", "lt", "le", "gt", "ge"))
LOGICAL = frozenset(("logical_and", "logical_or", "logical_not"))
OPERATIONS: dict[str, Operation] = {
    "copy": _itself,
    "add": _arithmetic("fadd"),
    "sub": _arithmetic("fsub"),
    "mul": _arithmetic("fmul"),
    "div": _arithmetic("fdiv"),
    "rsub": lambda body, a, b: body.arithmetic("fsub", b, a),
    "add_scaled": _scaled("fadd"),
    "sub_scaled": _scaled("fsub"),
    "addcmul": lambda body, a, b, c, factor: body.product_plus(body.arithmetic("fmul", b, factor), c, a),
    "maximum": lambda body, a, b: body.combine("max", a, b),
    "minimum": lambda body, a, b: body.combine("min", a, b),
    "eq": _comparison("oeq"),
    "ne": _comparison("une"),
    "lt": _comparison("olt"),
    "le": _comparison("ole"),
    "gt": _comparison("ogt"),
    "ge": _comparison("oge"),
    "where": lambda body, mask, a, b: body.choose(mask, a, b),
    "masked_fill": lambda body, a, mask, b: body.choose(mask, b, a),
    "lerp": _lerp,
    "logical_and": lambda body, a, b: body.choose_truth(a, b, "zeroinitializer"),
    "logical_or": lambda body, a, b: body.choose_truth(a, "splat (i1 true)", b),
    "logical_not": lambda body, a: body.choose_truth(a, "zeroinitializer", "splat (i1 true)"),
    "abs": _intrinsic("fabs"),
    "floor": _intrinsic("floor"),
    "sqrt": _intrinsic("sqrt"),
    "neg": Body.negative,
    "sgn": _sign,
    "reciprocal": lambda body, x: body.arithmetic("fdiv", body.constant(1.0), x),
    "square": lambda body, x: body.arithmetic("fmul", x, x),
    "cube": lambda body, x: body.arithmetic("fmul", body.arithmetic("fmul", x, x), x),
    "fourth": lambda body, x: OPERATIONS["square"](body, body.arithmetic("fmul", x, x)),
    "exp": Body.exp,
    "log": Body.log,
    "sin": lambda body, x: body.sine(x, 0),
    "cos": lambda body, x: body.sine(x, 1),
    "sigmoid": Body.sigmoid,
    "tanh": Body.tanh,
    "sigmoid_backward": _sigmoid_backward,
    "tanh_backward": _tanh_backward,
}
