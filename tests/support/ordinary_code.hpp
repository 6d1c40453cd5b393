// A page of numerical code as engineers write it, for any number type T. It is included twice, in
// namespaces of their own: with CALL(exp) as std::exp, and as exp, found through the operand or by
// a using-declaration. There is no include guard for that reason.

// Black and Scholes: the price of a call option.
template <class T> T normal(const T& x) { return 0.5 * CALL(erfc)(-x / CALL(sqrt)(T(2.0))); }
template <class T> T option_price(const T& s, const T& k, const T& r, const T& v, const T& t) {
  const T d1 = (CALL(log)(s / k) + (r + 0.5 * v * v) * t) / (v * CALL(sqrt)(t));
  return s * normal(d1) - k * CALL(exp)(-r * t) * normal(T(d1 - v * CALL(sqrt)(t)));
}

// Linear interpolation in a table of f(0), f(1), ...
template <class T> T interpolated(const std::vector<double>& table, T x) {
  const T last = static_cast<double>(table.size() - 1);
  x = CALL(max)(T(0.0), CALL(min)(x, last));
  int i = static_cast<int>(CALL(floor)(x));
  if (i + 1 == static_cast<int>(table.size())) --i;
  const auto at = static_cast<std::size_t>(i);
  return CALL(fma)(x - i, T(table[at + 1] - table[at]), T(table[at]));
}

// The smallest of some functions, looked for from infinity.
template <class T> T smallest(const T& x) {
  T result = std::numeric_limits<double>::infinity();
  for (const double centre : {1.0, 4.0, 6.0}) result = CALL(min)(result, T(CALL(fabs)(x - centre)));
  return result;
}

// An angle brought to (-pi, pi], and the length of a vector without overflow.
template <class T> T wrapped(const T& angle) {
  T result = CALL(fmod)(angle + std::numbers::pi, T(2 * std::numbers::pi));
  if (CALL(signbit)(result)) result += 2 * std::numbers::pi;
  return result - std::numbers::pi;
}
template <class T> T length(const T& x, const T& y, const T& z) {
  const T largest = CALL(max)(CALL(max)(T(CALL(abs)(x)), T(CALL(abs)(y))), T(CALL(abs)(z)));
  if (largest == 0.0 || !CALL(isfinite)(largest)) return largest;
  int exponent = 0;
  CALL(frexp)(largest, &exponent);
  const T a = CALL(ldexp)(x, -exponent), b = CALL(ldexp)(y, -exponent),
          c = CALL(ldexp)(z, -exponent);
  return CALL(ldexp)(T(CALL(sqrt)(a * a + b * b + c * c)), exponent);
}

// Newton's method for w e^w = x, Lambert's function.
template <class T> T lambert(const T& x) {
  T w = CALL(log1p)(x);
  for (int i = 0; i < 30; ++i) {
    const T e = CALL(exp)(w), step = (w * e - x) / (e * (w + 1.0));
    w -= step;
    if (CALL(isnan)(w) || CALL(fabs)(step) < 1e-15) break;
  }
  return w;
}

// All of it at one point.
template <class T> T everything(const T& x, const T& y) {
  T sum = option_price(T(100.0 + x), T(95.0), T(0.02), T(0.2 + 0.1 * y), T(1.0));
  sum += interpolated({1.0, 3.0, 2.0, 5.0}, T(x + y));
  sum += smallest(x) + wrapped(T(7.0 * x)) + length(x, y, T(x * y)) + lambert(T(x * x));
  sum += CALL(pow)(T(x * x), y) + CALL(atan2)(y, x) + CALL(hypot)(x, y) + CALL(cbrt)(x);
  sum += CALL(lgamma)(T(3.0 + x)) + CALL(tanh)(x) + CALL(copysign)(x, T(-y)) + CALL(trunc)(y);
  return sum;
}
