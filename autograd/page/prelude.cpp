// What the rules of operations call and JavaScript does not have.
#include <autograd/page/java_script.hpp>

namespace autograd::detail {

// Series, continued fractions and asymptotic expansions, good to 13 digits: a page shows 6.
std::string_view java_script_prelude() {
  return R"js(
const {abs, acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, ceil, cos, cosh, exp, expm1, floor, hypot,
       log, log10, log1p, log2, pow, sin, sinh, sqrt, tan, tanh, trunc} = Math;
const exp2 = (x) => pow(2, x);
const round = (x) => x < 0 ? -floor(0.5 - x) : (x - floor(x) >= 0.5 ? ceil(x) : floor(x));
const rint = (x) => {
  if (!(abs(x) < 4503599627370496)) return x;
  const low = floor(x), rest = x - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
};
const copysign = (x, y) => y !== y ? y : (y < 0 || 1 / y < 0 ? -abs(x) : abs(x));
const fmod = (x, y) => x % y;
const remainder = (x, y) => {
  if (abs(y) === Infinity && abs(x) < Infinity) return x;
  let r = x % y;
  const size = abs(y), is_odd = trunc((x - r) / y) % 2 !== 0, excess = abs(r) - size / 2;
  if (excess > 0 || (excess === 0 && is_odd)) r -= copysign(size, r);
  return r;
};
const bits = new DataView(new ArrayBuffer(8));
const nextafter = (x, y) => {
  if (x !== x || y !== y) return NaN;
  if (x === y) return y;
  if (x === 0) return y > 0 ? 5e-324 : -5e-324;
  bits.setFloat64(0, x);
  bits.setBigInt64(0, bits.getBigInt64(0) + ((y > x) === (x > 0) ? 1n : -1n));
  return bits.getFloat64(0);
};
const logb = (x) => {
  if (x === 0) return -Infinity;
  if (abs(x) === Infinity) return Infinity;
  bits.setFloat64(0, x);
  const exponent = (bits.getUint16(0) >> 4) & 2047;
  return exponent === 0 ? logb(x * 18014398509481984) - 54 : exponent - 1023;
};

// The error function: its series below 2, the continued fraction of its complement above.
const erf_series = (x) => {
  let term = x, sum = x;
  for (let n = 1; abs(term) > 1e-17 * abs(sum); ++n) sum += term *= 2 * x * x / (2 * n + 1);
  return 1.1283791670955126 * exp(-x * x) * sum;
};
const erfc_fraction = (x) => {
  let rest = 0;
  for (let n = 120; n > 0; --n) rest = n / 2 / (x + rest);
  return exp(-x * x) / (1.7724538509055159 * (x + rest));
};
const erf = (x) => x !== x || x === 0 ? x
  : abs(x) < 2 ? erf_series(x) : x > 0 ? 1 - erfc_fraction(x) : erfc_fraction(-x) - 1;
const erfc = (x) => x !== x ? x : x < -2 ? 2 - erfc_fraction(-x)
  : x < 2 ? 1 - erf_series(x) : erfc_fraction(x);
const erfinv = (x) => {
  const a = abs(x);
  if (!(a < 1)) return a === 1 ? x * Infinity : NaN;
  if (a < 1e-8) return 0.886226925452758 * x;
  const l = log1p(-a * a) / 0.147, b = 4.330746750799873 + 0.0735 * l, root = sqrt(b * b - l);
  let y = sqrt(b > 0 ? -l / (root + b) : root - b);
  for (let i = 0; i < 4; ++i) {
    const excess = a < 0.5 ? erf(y) - a : (1 - a) - erfc(y);
    const step = excess * 0.886226925452758 * exp(y * y);
    y -= step / (1 + y * step);
  }
  return x < 0 ? -y : y;
};

// B(2k)
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510,
                   43867 / 798, -174611 / 330, 854513 / 138];
const is_pole = (x) => x <= 0 && x === floor(x);
const sin_of_pi = (x) => {
  const r = x - 2 * round(x / 2);
  return sin(Math.PI * (abs(r) > 0.5 ? (r > 0 ? 1 - r : -1 - r) : r));
};
// Stirling's series from 12 on, the recurrence below.
const lgamma = (x) => {
  if (x !== x) return x;
  if (abs(x) === Infinity || is_pole(x)) return Infinity;
  if (x < 0.5) return log(Math.PI / abs(sin_of_pi(x))) - lgamma(1 - x);
  let product = 1;
  for (; x < 12; ++x) product *= x;
  let sum = 0, power = x;
  for (let k = 1; k <= 9; ++k, power *= x * x) sum += BERNOULLI[k - 1] / (2 * k * (2 * k - 1) * power);
  return (x - 0.5) * log(x) - x + 0.9189385332046727 + sum - log(product);
};
const tgamma = (x) => {
  if (x === 0) return 1 / x;
  if (is_pole(x) || x !== x) return NaN;
  if (x < 0.5) return Math.PI / (sin_of_pi(x) * tgamma(1 - x));
  if (x > 171.7) return Infinity;
  if (x === floor(x)) {
    let product = 1;
    for (let k = 2; k < x; ++k) product *= k;
    return product;
  }
  let product = 1;
  for (; x < 12; ++x) product *= x;
  let sum = 0, power = x;
  for (let k = 1; k <= 9; ++k, power *= x * x) sum += BERNOULLI[k - 1] / (2 * k * (2 * k - 1) * power);
  const half = pow(x, (x - 0.5) / 2);
  return 2.5066282746310002 * half * exp(-x) * half * exp(sum) / product;
};
const digamma = (x) => {
  if (x === 0) return -1 / x;
  if (is_pole(x)) return NaN;
  if (x < 0.5) {
    const r = x - round(x);
    return digamma(1 - x) - Math.PI / tan(Math.PI * r);
  }
  let sum = 0;
  for (; x < 15; ++x) sum -= 1 / x;
  let power = x * x;
  for (let k = 1; k <= 9; ++k, power *= x * x) sum -= BERNOULLI[k - 1] / (2 * k * power);
  return sum + log(x) - 0.5 / x;
};
// (-1)^(n+1) n! (1 / x^(n+1) + 1 / (x+1)^(n+1) + ...), its tail by Euler and Maclaurin.
const polygamma = (n, x) => {
  if (n === 0) return digamma(x);
  if (!(n > 0) || n !== floor(n) || n > 1000) return NaN;
  if (is_pole(x)) return n % 2 === 1 ? Infinity : x === 0 ? -1 / x : NaN;
  let sum = 0;
  for (; x < 16 + n; ++x) sum += pow(x, -n - 1);
  let tail = pow(x, -n) / n + 0.5 * pow(x, -n - 1), rising = n + 1, power = pow(x, -n - 2);
  for (let k = 1; k <= 10; ++k) {
    let factorial = 1;
    for (let i = 2; i <= 2 * k; ++i) factorial *= i;
    tail += BERNOULLI[k - 1] / factorial * rising * power;
    rising *= (n + 2 * k) * (n + 2 * k + 1);
    power /= x * x;
  }
  return (n % 2 === 1 ? 1 : -1) * tgamma(n + 1) * (sum + tail);
};

// First derivatives of functions whose formulas would cancel; the others are not needed here.
const log_normal_cdf_derivative = (n, x) => {
  if (n !== 1) return NaN;
  const z = x / Math.SQRT2;
  if (x > -3) return exp(-z * z) / (2.5066282746310002 * 0.5 * erfc(-z));
  let rest = 0;
  for (let k = 160; k > 0; --k) rest = k / (-x + rest);
  return -x + rest;
};
const by_series = (x, coefficient) => {
  let sum = 0, power = 1;
  for (let k = 0; k < 30; ++k, power *= x) sum += coefficient(k) * power;
  return sum;
};
const sinc_derivative = (n, x) => {
  if (n !== 1) return NaN;
  const z = Math.PI * x;
  if (abs(z) > 1) return abs(x) === Infinity ? 0 : (cos(z) - sin_of_pi(x) / z) / x;
  let term = -z / 3, sum = term;
  for (let k = 2; k < 14; ++k) sum += term *= -z * z * k / ((k - 1) * 2 * k * (2 * k + 1));
  return Math.PI * sum;
};
const expm1_over_x_derivative = (n, x) => {
  if (n !== 1) return NaN;
  if (abs(x) > 1) {
    if (x < -700) return 1 / (x * x);
    return x > 700 ? exp(x / 2) / x * (1 - 1 / x) * exp(x / 2) : (exp(x) - expm1(x) / x) / x;
  }
  let factorial = 1;
  return by_series(x, (k) => (factorial *= k + 1, (k + 1) / (factorial * (k + 2))));
};
const log1p_over_x_derivative = (n, x) => {
  if (n !== 1) return NaN;
  if (x === -1) return -Infinity;
  if (abs(x) > 0.25) return x === Infinity ? 0 : (1 / (1 + x) - log1p(x) / x) / x;
  return by_series(x, (k) => (k % 2 === 0 ? -1 : 1) * (k + 1) / (k + 2));
};
)js";
}

}  // namespace autograd::detail
