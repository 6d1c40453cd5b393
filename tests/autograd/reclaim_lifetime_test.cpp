// Random programs that make, move, copy, keep and drop handles compute the same bits whether the
// places of ended operations are used again at every step, when there is no room, or never.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::NoGradGuard;
using autograd::Value;
using autograd::detail::Reclaiming;

namespace {

Value half(const Value& x) {
  static thread_local const auto rule = autograd::custom(
      "half", [](auto in) { return 0.5 * in[0]; },
      [](auto in) { return std::vector{in[0] * 0.0 + 0.5}; });
  return rule(x);
}

// A program: what it does at each step depends on the seed alone, what it sees is written down.
class Program {
 public:
  explicit Program(std::uint64_t seed) : has_sums_(seed % 2 == 1), random_(seed), pool_(8) {
    for (Value& each : pool_) each = leaf();
  }

  std::vector<std::uint64_t> run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    for (const Value& each : pool_) see(each.data());
    return std::move(seen_);
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  Value& any() { return pool_[below(pool_.size())]; }
  double number() { return static_cast<double>(below(2000)) / 1000 - 1; }
  Value leaf() { return Value(number()); }
  void see(double x) { seen_.push_back(std::bit_cast<std::uint64_t>(x)); }

  Value expression() {
    switch (below(7)) {
      case 0:
        return any() * any() + number();
      case 1:
        return tanh(any() * number() + any());
      case 2:
        return sin(any()) - any() / 3.0;
      case 3:
        return autograd::dot(std::vector<Value>{any(), any(), any()},
                             std::vector<Value>{any(), leaf(), any()}) *
               0.1;
      case 4:
        return autograd::sum({any(), exp(-square(any())), any()}) * 0.3;
      case 5:
        return select(lt(any(), any()), any() * 2.0, cos(any()));
      default:
        return half(any()) + any();
    }
  }

  void step() {
    switch (below(16)) {
      case 0:
        any() = leaf();
        break;
      case 1:
        any() = any();
        break;
      case 2:
        std::swap(any(), any());
        break;
      case 3: {
        Value taken = std::move(any());
        if (kept_.size() < 5) kept_.push_back(std::move(taken));
        any() = leaf();
        break;
      }
      case 4:
        if (!kept_.empty())
          kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(below(kept_.size())));
        break;
      case 5: {
        Value s = any() * 0.5;
        if (!has_sums_) break;
        for (std::size_t k = below(6); k > 0; --k) s += any() * any();
        any() = tanh(s);
        break;
      }
      case 6: {
        const NoGradGuard guard;
        any() = 0.9 * any() + 0.1 * any();
        break;
      }
      case 7:
        any() = any().detach();
        break;
      case 8:
        any().set_label("label " + std::to_string(below(10)));
        break;
      case 9:
        sweep();
        break;
      case 10:
        look();
        break;
      case 11:
        differentiate();
        break;
      default:
        any() = tanh(expression());
    }
  }

  void sweep() {
    const Value& y = any();
    if (y.is_leaf()) return;
    y.backward();
    for (const std::vector<Value>* values : {&pool_, &kept_}) {
      for (const Value& each : *values) {
        see(each.grad());
        see(each.has_grad() ? 1 : 0);
      }
    }
    if (below(2) == 0)
      for (const Value& each : pool_) each.zero_grad();
  }

  void look() {
    const Value& y = any();
    if (has_sums_) return;
    for (const Value& each : y.inputs()) see(each.data());
    for (const double each : y.local_derivatives()) see(each);
    for (const Value& each : y.inputs())
      see(each.is_leaf() ? 1 : static_cast<double>(each.op().size()));
    see(static_cast<double>(y.label().size()));
    if (below(8) == 0) any() = y.inputs().empty() ? leaf() : y.inputs()[0];
  }

  void differentiate() {
    const Value y = any(), x = any();
    if (!has_sums_) {
      see(autograd::derivatives(y, std::vector<Value>{x})[0].data());
    } else {
      const std::vector<double> at{number(), number(), number(), number(), number()};
      const auto f = [&](std::span<const Value> in) {
        Value s = in[0] * y;
        for (std::size_t k = 1; k < in.size(); ++k) s = sin(s * in[k]) + in[k - 1];
        return s;
      };
      for (const double each : autograd::gradient(f, at)) see(each);
    }
  }

  // Whether sums grow in place. One that was growing when recording went on elsewhere becomes a sum
  // of two, which can be seen in the graph.
  bool has_sums_;
  std::mt19937_64 random_;
  std::vector<Value> pool_, kept_;
  std::vector<std::uint64_t> seen_;
};

std::vector<std::uint64_t> seen(std::uint64_t seed, int steps, Reclaiming reclaiming) {
  std::vector<std::uint64_t> result;
  helpers::on_a_fresh_graph([&] {
    autograd::detail::tape.reclaiming = reclaiming;
    result = Program(seed).run(steps);
    CHECK(autograd::graph_statistics().operations == 0);
  });
  return result;
}

}  // namespace

TEST_CASE("reclaim: random programs compute the same bits, reclaimed at every step or never") {
  for (std::uint64_t seed = 0; seed < helpers::cases(500); ++seed) {
    CAPTURE(seed);
    const auto never = seen(seed, 300, Reclaiming::kNever);
    REQUIRE(seen(seed, 300, Reclaiming::kAlways) == never);
  }
}

TEST_CASE("reclaim: long random programs compute the same bits, reclaimed when full or never") {
  for (std::uint64_t seed = 0; seed < helpers::cases(20); ++seed) {
    CAPTURE(seed);
    const auto never = seen(seed, 50'000, Reclaiming::kNever);
    REQUIRE(seen(seed, 50'000, Reclaiming::kWhenFull) == never);
  }
}

TEST_CASE("reclaim: a function that ends an older result while its gradient is asked for") {
  helpers::on_a_fresh_graph([] {
    const Value w = 2;
    Value older = w * w;
    const std::vector<double> x{3, 0, 0, 0, 0};
    const auto f = [&](std::span<const Value> in) {
      older = Value();
      return in[0] * in[0];
    };
    CHECK(autograd::gradient(f, x)[0] == 6);
  });
}

namespace {

// A graph between whose operations others have ended.
Value with_holes(const Value& a, const Value& b) {
  Value y = a * b;
  std::vector<Value> ended;
  for (int i = 0; i < 20; ++i) {
    const Value between = sin(y) + i;
    y = tanh(y * 0.5 + a / (2.0 + i));
    ended.push_back(between);
    if (i % 5 == 4) {
      y.set_label("y" + std::to_string(i));
      ended.clear();
    }
  }
  return y;
}

// What is known of such a graph, and of one with an infinity in it.
std::string description(Reclaiming reclaiming) {
  std::string text;
  helpers::on_a_fresh_graph([&] {
    autograd::detail::tape.reclaiming = reclaiming;
    const Value a(0.5, "a"), b(-0.25, "b");
    const Value y = with_holes(a, b);
    y.backward();
    text = autograd::to_dot(y);
    for (const Value& each : topological_order(y)) text += " " + std::to_string(each.data());
    const Value infinite = y / (y - y.data()) + with_holes(b, a);
    text += autograd::find_nonfinite(infinite)->to_string();
    const std::vector<Value> slopes = derivatives(y, std::vector<Value>{a, b});
    text += autograd::to_dot(slopes[0] * slopes[1]);
    const std::vector<Value> parameters{a}, inputs{b};
    const auto function = autograd::Function::trace(parameters, inputs, std::vector<Value>{y});
    text += function.stages();
    for (const Value& each : {a, b}) text += " " + std::to_string(each.grad());
  });
  return text;
}

}  // namespace

TEST_CASE("reclaim: a graph in many stretches is drawn, traced and differentiated as any other") {
  const std::string never = description(Reclaiming::kNever);
  CHECK(description(Reclaiming::kAlways) == never);
  CHECK(description(Reclaiming::kWhenFull) == never);
}
