// Exceptions pass through small functions that hold Values: none may leave anything in the graph.
//
// Compilers remove stores that they take for dead, and differ in that by level: so this program is
// built at several of them, as users build their own functions. It prints what leaks.

#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <autograd/custom.hpp>
#include <autograd/derivatives.hpp>
#include <autograd/gradient.hpp>
#include <autograd/ranges.hpp>
#include <autograd/statistics.hpp>

using autograd::NoGradGuard;
using autograd::Value;

namespace {

struct Thrown {};

// Known only when the program runs, to compilers too.
volatile bool always = true;

void may_throw() {
  if (always) throw Thrown();
}
[[gnu::noinline]] void throws_far_away() { may_throw(); }
template <class T> T throwing(const T& x) {
  may_throw();
  return x;
}

struct Holder {
  Value first, second;
  explicit Holder(const Value& x) : first(x), second(throwing(x)) {}
};

struct Pair {
  Value a, b;
};

using Function = Value (*)(const Value&, const Value&);

// x is a leaf, y the result of an operation.
const std::vector<std::pair<const char*, Function>> kFunctions{
    {"copy of a leaf",
     [](const Value& x, const Value&) {
       Value s = x;
       may_throw();
       return s;
     }},
    {"copy of an operation",
     [](const Value&, const Value& y) {
       Value s = y;
       may_throw();
       return s;
     }},
    {"two copies",
     [](const Value& x, const Value& y) {
       Value s = x, t = y;
       may_throw();
       return s + t;
     }},
    {"two copies of one",
     [](const Value&, const Value& y) {
       Value s = y, t = y;
       may_throw();
       return s + t;
     }},
    {"copy of a copy",
     [](const Value& x, const Value&) {
       Value s = x, t = s, u = t;
       throws_far_away();
       return u;
     }},
    {"new leaf",
     [](const Value&, const Value&) {
       Value s = 1.5;
       may_throw();
       return s;
     }},
    {"new leaf and a copy of it",
     [](const Value&, const Value&) {
       Value s = 1.5, t = s;
       may_throw();
       return s + t;
     }},
    {"new operation",
     [](const Value& x, const Value& y) {
       Value s = x * y;
       may_throw();
       return s;
     }},
    {"new operation and a copy of it",
     [](const Value& x, const Value& y) {
       Value s = x * y, t = s;
       may_throw();
       return t;
     }},
    {"moved",
     [](const Value& x, const Value&) {
       Value s = x, t = std::move(s);
       may_throw();
       return t;
     }},
    {"moved only if",
     [](const Value& x, const Value& y) {
       Value s = x, t = y;
       if (always) t = std::move(s);
       may_throw();
       return t;
     }},
    {"assigned",
     [](const Value& x, const Value& y) {
       Value s = x;
       s = y;
       may_throw();
       return s;
     }},
    {"assigned far away",
     [](const Value& x, const Value& y) {
       Value s = x;
       s = y;
       throws_far_away();
       s = x;
       return s;
     }},
    {"swapped",
     [](const Value& x, const Value& y) {
       Value s = x, t = y;
       std::swap(s, t);
       may_throw();
       return s - t;
     }},
    {"operand", [](const Value& x, const Value& y) { return x * throwing(y); }},
    {"operand of a chain",
     [](const Value& x, const Value& y) { return x * y + sin(x) / throwing(y); }},
    {"argument of a function", [](const Value& x, const Value& y) { return exp(x * throwing(y)); }},
    {"sum that grows",
     [](const Value& x, const Value& y) {
       Value s = x * y;
       s += x * y;
       s += x * throwing(y);
       return s;
     }},
    {"sum of copies",
     [](const Value& x, const Value& y) {
       Value s = x;
       for (int i = 0; i < 3; ++i) {
         s += y;
         if (i == 1) may_throw();
       }
       return s;
     }},
    {"loop",
     [](const Value& x, const Value& y) {
       Value s = x;
       for (int i = 0; i < 3; ++i) {
         const Value before = s;
         s = s * y;
         if (i == 1) may_throw();
         s = s + before;
       }
       return s;
     }},
    {"by value",
     [](const Value& x, const Value& y) {
       const auto f = [](Value a, Value b) {
         may_throw();
         return a + b;
       };
       return f(x, y);
     }},
    {"catch and throw again",
     [](const Value& x, const Value& y) {
       Value s = x;
       try {
         Value t = y;
         may_throw();
         s = t;
       } catch (const Thrown&) {
         Value u = s;
         throw;
       }
       return s;
     }},
    {"caught, and thrown once more",
     [](const Value& x, const Value& y) {
       Value s = x;
       try {
         const Value t = y * s;
         may_throw();
       } catch (const Thrown&) {
         s = y;
       }
       may_throw();
       return s;
     }},
    {"member", [](const Value& x, const Value&) { return Holder(x).second; }},
    {"aggregate",
     [](const Value& x, const Value& y) {
       const Pair pair{x, throwing(y)};
       return pair.a + pair.b;
     }},
    {"std::array",
     [](const Value& x, const Value& y) {
       const std::array<Value, 3> many{x, y, throwing(x)};
       return many[0];
     }},
    {"std::vector",
     [](const Value& x, const Value& y) {
       std::vector<Value> many{x, y};
       for (int i = 0; i < 20; ++i) many.push_back(many[0] * many[1]);
       may_throw();
       return many[5];
     }},
    {"std::vector by list",
     [](const Value& x, const Value& y) {
       const std::vector<Value> many{x, y, throwing(x)};
       return many[0];
     }},
    {"std::optional",
     [](const Value& x, const Value&) {
       std::optional<Value> s = x;
       may_throw();
       return *s;
     }},
    {"std::map",
     [](const Value& x, const Value& y) {
       std::map<std::string, Value> named{{"x", x}, {"y", y}};
       named["z"] = x * y;
       may_throw();
       return named["z"];
     }},
    {"std::unique_ptr",
     [](const Value& x, const Value&) {
       const auto s = std::make_unique<Value>(x);
       may_throw();
       return *s;
     }},
    {"std::shared_ptr",
     [](const Value& x, const Value&) {
       const auto s = std::make_shared<Value>(x);
       may_throw();
       return *s;
     }},
    {"std::function",
     [](const Value& x, const Value& y) {
       // No copy of a Value throws.  NOLINTNEXTLINE(bugprone-exception-escape)
       const std::function<Value()> f = [x, y] { return x * throwing(y); };
       return f();
     }},
    {"labelled",
     [](const Value& x, const Value& y) {
       Value s = x * y, t(2, "t");
       s.set_label("s");
       may_throw();
       return s + t;
     }},
    {"found through the graph",
     [](const Value&, const Value& y) {
       const std::vector<Value> found = y.inputs();
       const Value s = found[0];
       may_throw();
       return s;
     }},
    {"under a guard",
     [](const Value& x, const Value& y) {
       const NoGradGuard guard;
       Value s = x;
       s = s * y;
       may_throw();
       return s;
     }},
    {"select", [](const Value& x, const Value& y) { return select(x > 0.0, x * y, throwing(y)); }},
    {"sum of a range",
     [](const Value& x, const Value& y) {
       return autograd::sum({x, y, throwing(x)});
     }},
    {"gradient of Values",
     [](const Value&, const Value&) {
       const auto f = [](std::span<const Value> z) { return z[0] * throwing(z[1]); };
       return Value(autograd::gradient(f, {1.0, 2.0})[0]);
     }},
    {"checkpoint",
     [](const Value& x, const Value& y) {
       return autograd::checkpoint([](auto z) { return z[0] * throwing(z[1]); }, {x, y});
     }},
    {"custom operation",
     [](const Value& x, const Value& y) {
       const auto f = autograd::custom(
           "f", [](std::span<const double> z) { return may_throw(), z[0] * z[1]; },
           [](std::span<const double> z) {
             return std::vector<double>{z[1], z[0]};
           });
       return f(x, y);
     }},
};

bool leaks(Function f) {
  constexpr int kThrows = 300;  // more than the dead leaves that wait to be collected
  const auto before = autograd::graph_statistics();
  bool is_lost = false;
  for (int i = 0; i < kThrows; ++i) {
    try {
      const Value x = 2;
      const Value y = x * 3.0;
      static_cast<void>(f(x, y));
      is_lost = true;  // it did not throw
    } catch (const Thrown&) {
    }
  }
  const auto after = autograd::graph_statistics();
  return is_lost || after.operations != before.operations || after.leaves != before.leaves;
}

}  // namespace

int main() {
  int failures = 0;
  for (const auto& [name, f] : kFunctions) {
    if (!leaks(f)) continue;
    std::printf("leaks: %s\n", name);
    ++failures;
  }
  std::printf("%zu functions, %d failures\n", kFunctions.size(), failures);
  return failures == 0 ? 0 : 1;
}
