// A number that counts the elementary operations done with it: + - * / and functions, each one,
// also those with a constant. Copies and conversions are free.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace bench {

class Counted {
 public:
  Counted(double value) : value_(value) {}

  double value() const { return value_; }

  // Operations since the program started.
  static std::size_t operations() { return operations_; }

  static Counted result(double value) {
    ++operations_;
    return value;
  }

  Counted& operator+=(const Counted& b) { return *this = result(value_ + b.value_); }

 private:
  static inline std::size_t operations_ = 0;

  double value_;
};

inline Counted operator+(const Counted& a, const Counted& b) {
  return Counted::result(a.value() + b.value());
}
inline Counted operator-(const Counted& a, const Counted& b) {
  return Counted::result(a.value() - b.value());
}
inline Counted operator*(const Counted& a, const Counted& b) {
  return Counted::result(a.value() * b.value());
}
inline Counted operator/(const Counted& a, const Counted& b) {
  return Counted::result(a.value() / b.value());
}
inline Counted operator-(const Counted& a) { return Counted::result(-a.value()); }

inline Counted erfc(const Counted& x) { return Counted::result(std::erfc(x.value())); }
inline Counted exp(const Counted& x) { return Counted::result(std::exp(x.value())); }
inline Counted log(const Counted& x) { return Counted::result(std::log(x.value())); }
inline Counted sin(const Counted& x) { return Counted::result(std::sin(x.value())); }
inline Counted sqrt(const Counted& x) { return Counted::result(std::sqrt(x.value())); }
inline Counted tanh(const Counted& x) { return Counted::result(std::tanh(x.value())); }

// The number of elementary operations in one evaluation of a workload.
template <class F> std::size_t count_operations(const F& f) {
  const std::vector<double> start = f.start();
  const std::vector<Counted> x(start.begin(), start.end());
  const std::size_t before = Counted::operations();
  f(std::span<const Counted>(x));
  return Counted::operations() - before;
}

}  // namespace bench
