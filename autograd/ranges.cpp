#include "autograd/ranges.hpp"

namespace autograd {

void Value::record_softmax(std::span<const Value> x, std::vector<Value>& outputs) {
  const std::size_t n = x.size();
  std::vector<double> numbers(4 * n);
  const std::span<double> in(numbers.data(), n), r(in.data() + n, n), shares(r.data() + n, n),
      partials(shares.data() + n, n);
  for (std::size_t i = 0; i < n; ++i) in[i] = x[i].number();
  ops::Softmax::values(std::span<const double>(in), r);
  ops::Softmax::shares(std::span<const double>(in), shares);
  for (std::size_t k = 0; k < n; ++k) {
    ops::Softmax::partials_from(std::span<const double>(shares), k, r[k], partials);
    detail::Edge* edge = detail::tape.room_for(n + 1);
    *edge++ = {static_cast<double>(k), detail::kNumber};
    for (std::size_t i = 0; i < n; ++i) *edge++ = {partials[i], x[i].id()};
    outputs.push_back(adopt(detail::tape.push_many(detail::code<ops::Softmax>, r[k], n + 1)));
  }
}

}  // namespace autograd

namespace autograd::detail {

void require_operands(std::string_view function, std::size_t count) {
  if (count == 0)
    throw Error(std::string(function) + "() of nothing: it needs at least one operand");
}

void require_same_size(std::string_view function, std::size_t x, std::size_t y) {
  if (x != y) {
    throw Error(std::string(function) + "() of ranges of different sizes: " + std::to_string(x) +
                " and " + std::to_string(y));
  }
}

Value record_dot(const Value* plus, std::span<const Value> x, std::span<const Value> y) {
  if (x.empty()) return plus != nullptr ? *plus : Value(0.0);
  const std::size_t count = 2 * (x.size() + (plus != nullptr ? 1 : 0));
  double result = 0;
  Edge* edge = tape.room_for(count);
  if (plus != nullptr) {  // 1 * plus
    result = plus->number();
    *edge++ = {1.0, plus->id()};
    *edge++ = {result, kNumber};
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = x[i].number(), b = y[i].number();
    result += a * b;
    *edge++ = {b, x[i].id()};
    *edge++ = {a, y[i].id()};
  }
  return Value::adopt(tape.push_many(code<ops::Dot>, result, count));
}

// The numbers are the local derivatives: a sum with coefficients.
Value record_dot(const Value* plus, std::span<const Value> x, std::span<const double> y) {
  if (x.empty()) return plus != nullptr ? *plus : Value(0.0);
  const std::size_t count = x.size() + (plus != nullptr ? 1 : 0);
  double result = 0;
  Edge* edge = tape.room_for(count);
  if (plus != nullptr) {
    result = plus->number();
    *edge++ = {1.0, plus->id()};
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    result += x[i].number() * y[i];
    *edge++ = {y[i], x[i].id()};
  }
  return Value::adopt(tape.push_many(code<ops::Sum>, result, count));
}

}  // namespace autograd::detail
