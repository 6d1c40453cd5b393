// Comparisons of Values, by their numbers.
#pragma once

#include <compare>

#include <autograd/value.hpp>

namespace autograd {

namespace detail {

// Notes which way a comparison went: while a Function is traced, and where derivatives are strict.
void note_comparison(Value comparison, bool outcome);

inline double number(const Value& x) { return x.number(); }
inline double number(double x) { return x; }

template <class Op, class X, class Y> bool decide(const X& x, const Y& y) {
  const bool outcome = Op::compare(number(x), number(y));
  if (tape.tracing != nullptr || tape.strict != nullptr) [[unlikely]]
    note_comparison(Value::record<Op>(x, y), outcome);
  return outcome;
}

template <class X, class Y> std::partial_ordering decide_order(const X& x, const Y& y) {
  if (decide<ops::Less>(x, y)) return std::partial_ordering::less;
  if (decide<ops::Greater>(x, y)) return std::partial_ordering::greater;
  return decide<ops::Equal>(x, y) ? std::partial_ordering::equivalent
                                  : std::partial_ordering::unordered;
}

}  // namespace detail

inline bool operator==(const Value& x, const Value& y) { return detail::decide<ops::Equal>(x, y); }
inline bool operator==(const Value& x, double y) { return detail::decide<ops::Equal>(x, y); }
inline bool operator<(const Value& x, const Value& y) { return detail::decide<ops::Less>(x, y); }
inline bool operator<(const Value& x, double y) { return detail::decide<ops::Less>(x, y); }
inline bool operator<(double x, const Value& y) { return detail::decide<ops::Less>(x, y); }
inline bool operator<=(const Value& x, const Value& y) {
  return detail::decide<ops::LessEqual>(x, y);
}
inline bool operator<=(const Value& x, double y) { return detail::decide<ops::LessEqual>(x, y); }
inline bool operator<=(double x, const Value& y) { return detail::decide<ops::LessEqual>(x, y); }
inline bool operator>(const Value& x, const Value& y) { return y < x; }
inline bool operator>(const Value& x, double y) { return y < x; }
inline bool operator>(double x, const Value& y) { return y < x; }
inline bool operator>=(const Value& x, const Value& y) { return y <= x; }
inline bool operator>=(const Value& x, double y) { return y <= x; }
inline bool operator>=(double x, const Value& y) { return y <= x; }
inline std::partial_ordering operator<=>(const Value& x, const Value& y) {
  return detail::decide_order(x, y);
}
inline std::partial_ordering operator<=>(const Value& x, double y) {
  return detail::decide_order(x, y);
}

}  // namespace autograd
