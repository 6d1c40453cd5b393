// Derivatives that are asked for while another function is differentiated or traced: right, or an
// Error that names what would be lost.

#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::checkpoint;
using autograd::custom;
using autograd::derivatives;
using autograd::Function;
using autograd::gradient;
using autograd::hessian;
using autograd::Point;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// What is computed inside, with a number from outside.
template <class Call> auto around(const Call& call) {
  return [&call](Values x) { return x[0] * call(x[1]); };
}

// Calls that give plain numbers, of a function of Values that uses `w`.
double gradient_with(const Value& w) {
  return gradient([&](Values y) { return y[0] * y[0] * w; }, {3})[0];
}
double jacobian_with(const Value& w) {
  return autograd::jacobian(
      [&](Values y) {
        return std::vector<Value>{y[0], y[0] * w};
      },
      {3})(1, 0);
}
double tangent_with(const Value& w) {
  return autograd::jvp([&](Values y) { return std::vector<Value>{y[0] * w}; }, {3}, {1})
      .derivatives[0];
}
double vjp_with(const Value& w) {
  return autograd::vjp([&](Values y) { return std::vector<Value>{y[0] * w}; }, {3}, {1})
      .gradient[0];
}
double hessian_with(const Value& w) {
  return hessian([&](Values y) { return y[0] * y[0] * w; }, Point{3})(0, 0);
}
double product_with(const Value& w) {
  return autograd::hessian_vector_product([&](Values y) { return y[0] * y[0] * w; }, {3}, {1})[0];
}
double strict_with(const Value& w) {
  return gradient([&](Values y) { return y[0] * w; }, {3}, autograd::strict)[0];
}
double trace_with(const Value& w) {
  return Function::trace([&](Values y) { return y[0] * w; }, {3}).gradient({}, {3}).inputs[0];
}

}  // namespace

TEST_CASE("nested calls: a Value that depends on the inputs outside is an Error inside") {
  using Call = double (*)(const Value&);
  for (const Call call :
       {Call(gradient_with), Call(jacobian_with), Call(tangent_with), Call(vjp_with),
        Call(hessian_with), Call(product_with), Call(strict_with), Call(trace_with)}) {
    const auto f = around(call);
    const auto in_checkpoint = [&](Values x) { return checkpoint(f, x); };
    const auto error = [](const auto& run) { return helpers::error_of([&] { run(); }); };
    for (const std::string& text : {error([&] {
                                      gradient(f, {2, 5});
                                    }),
                                    error([&] {
                                      hessian(f, Point{2, 5});
                                    }),
                                    error([&] {
                                      autograd::jacobian(f, {2, 5});
                                    }),
                                    error([&] {
                                      autograd::jvp(f, {2, 5}, {1, 0});
                                    }),
                                    error([&] {
                                      Function::trace(f, {2, 5});
                                    }),
                                    error([&] {
                                      gradient(in_checkpoint, {2, 5});
                                    })})
      CHECK(helpers::contains(text, "it uses a Value of 5, which depends on the inputs"));
    // Whatever depends on them, too.
    const auto deeper = [&](Values x) { return x[0] * call(x[1] * 2.0 + 1.0); };
    CHECK(helpers::contains(error([&] { gradient(deeper, {2, 5}); }), "a Value of 11"));
    // At top level other Values are constants.
    const Value w = 5.0;
    CHECK(call(w) == call(Value::constant(5.0)));
    const auto independent = [&](Values x) { return x[0] * call(w); };
    CHECK(gradient(independent, {2}) == Numbers{call(w)});
  }
}

TEST_CASE("nested calls: functions of plain numbers, and Values of their own, are differentiated") {
  const auto f = [](Values x) {
    const double inner = gradient([](Values y) { return y[0] * y[0] * y[1]; }, {3, 4})[0];
    const auto training = [&] {
      Value w = 0.5;
      for (int i = 0; i < 10; ++i) {
        square(w - 3).backward();
        w.set_data(w.data() - 0.5 * w.grad());
        w.zero_grad();
      }
      return w.data();
    };
    return x[0] * inner * training();
  };
  CHECK(gradient(f, {2}) == Numbers{72});
}

TEST_CASE("nested calls: derivatives() of Values inside are right, to the second order") {
  // x d/dx x^3 = 3 x^3
  const auto f = [](auto x) {
    const Value cube = x[0] * x[0] * x[0];
    return x[0] * derivatives(cube, {x[0]})[0];
  };
  const auto on_values = [&](Values x) { return f(x); };
  CHECK(gradient(on_values, {2}) == Numbers{36});
  CHECK(hessian(on_values, Point{2})(0, 0) == 36);
  CHECK(Function::trace(on_values, {1.0}).gradient({}, {2}).inputs == Numbers{36});
  const Value x = 2.0;
  checkpoint(on_values, {x}).backward();
  CHECK(x.grad() == 36);
  // One in another, by a Value between.
  const auto twice = [](Values in) {
    const Value u = in[0] * in[1];
    const Value first = derivatives(u * u * u, {u})[0];
    return derivatives(first * in[0], {in[0]})[0];  // 3 u^2 + 6 u x1 x0 = 9 x0^2 x1^2
  };
  CHECK(gradient(twice, {2, 3}) == Numbers{9 * 2 * 2 * 9, 9 * 4 * 2 * 3});
}

TEST_CASE("nested calls: a custom operation in a trace gets everything by its operands") {
  struct Scaled {
    Value factor;
    double operator()(std::span<const double> in) const { return in[0] * factor.data(); }
    Value operator()(Values in) const { return in[0] * factor; }
  };
  struct Factor {
    Value factor;
    double operator()(std::span<const double>) const { return factor.data(); }
    Value operator()(Values) const { return factor; }
  };
  const auto by = [](const Value& factor) {
    return custom("scaled", Scaled{factor}, Factor{factor});
  };
  const auto by_input = [&](Values x) { return by(x[1])(x[0]); };
  const auto by_result = [&](Values x) { return by(x[1] * x[1])(x[0]); };
  const auto error = [](const auto& f) {
    return helpers::error_of([&] { Function::trace(f, {2, 5}); });
  };
  CHECK(error(by_input) ==
        "custom operation 'scaled': its value uses a Value of 5, which is not among its operands: "
        "its derivative would be 0. Give it as an operand too.");
  CHECK(helpers::contains(error(by_result), "a Value of 25"));
  // Constants are none of that.
  const auto by_constant = [&](Values x) { return by(Value::constant(3.0))(x[0]); };
  CHECK(Function::trace(by_constant, {2}).gradient({}, {2}).inputs == Numbers{3});
}
