// Loops with much in a row as C++: units that are alike become loops over arrays, and give what the
// graph gives, whether all of them are alike or only nearly.

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/compiled_functions.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/one_row.hpp>

namespace {

using autograd::Function;
using compiled_functions::Case;
using compiled_functions::check;
using compiled_functions::Numbers;
using compiled_functions::Value;
using compiled_functions::Values;
using one_row::uniform;

using Layer = std::vector<Value>;

// A layer's units have their weights side by side, and the bias behind them.
Layer dense(Values weights, std::size_t& next, const Layer& x, std::size_t units) {
  Layer result;
  for (std::size_t j = 0; j < units; ++j) {
    Value sum = weights[next + x.size()];
    for (std::size_t i = 0; i < x.size(); ++i) sum += weights[next + i] * x[i];
    next += x.size() + 1;
    result.push_back(sum);
  }
  return result;
}

std::size_t weights_of(std::size_t inputs, std::size_t hidden, std::size_t outputs) {
  return (inputs + 1) * hidden + (hidden + 1) * hidden + (hidden + 1) * outputs;
}

// Softmax cross-entropy of a network, its rows in the loop. `is_by_parameters`: of its weights.
auto network(std::size_t inputs, std::size_t hidden, std::size_t outputs, std::size_t rows,
             bool is_by_parameters) {
  return [=](Values p, Values x) {
    const Values weights = is_by_parameters ? p : x;
    const Numbers data = uniform(rows * inputs, -1, 1, 5);
    Value loss = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
      Layer a;
      for (std::size_t i = 0; i < inputs; ++i) a.emplace_back(data[r * inputs + i]);
      std::size_t next = 0;
      a = dense(weights, next, a, hidden);
      for (Value& each : a) each = tanh(each);
      a = dense(weights, next, a, hidden);
      for (Value& each : a) each = relu(each);
      a = dense(weights, next, a, outputs);
      Value total = 0.0;
      for (const Value& each : a) total += exp(each);
      loss += log(total) - a[7 * r % outputs];
    }
    return loss / static_cast<double>(rows);
  };
}

// Rows of an expression whose parts are alike but for what `difference` says.
auto nearly_alike(int difference) {
  return [difference](Values p, Values x) {
    constexpr std::size_t n = 12, m = 10, rows = 8;
    Value sum = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
      const Values in = x.subspan(r * n, n);
      Layer a, b;
      for (std::size_t j = 0; j < m; ++j) {
        const bool is_odd = j == 4;
        Value s = p[n * m + j];
        for (std::size_t i = 0; i < n; ++i) {
          std::size_t w = j * n + i, from = i;
          if (difference == 1) from = n - 1 - i;            // backward
          if (difference == 2 && is_odd) from = n - 1 - i;  // one of them
          if (difference == 3 && i == 5) w = 0;             // one weight for all
          if (difference == 4 && is_odd && i == 5) w = 0;
          if (difference == 5) w = i * m + j;  // weights column by column
          if (difference == 6 && is_odd) w = (7 * i + 3) % (n * m);
          s += p[w] * in[from];
          if (difference == 7 && i == 6) s += in[0];
        }
        if (difference == 8)
          s = j % 2 == 0 ? tanh(s) : sin(s);
        else if (difference == 9 && is_odd)
          s = sin(s);
        else if (difference == 10)
          s = tanh(s) * (0.5 + static_cast<double>(j));
        else if (difference == 11 && j > 0)
          s = tanh(s + a.back());  // each needs the one before
        else
          s = tanh(s);
        a.push_back(s);
      }
      for (std::size_t j = 0; j < m; ++j) {
        Value s = difference == 12 ? a[j] * a[m - 1 - j] : a[j] * a[(j + 1) % m];
        for (std::size_t i = 0; i < m; ++i)
          if (difference != 13 || i != j)
            s += a[i] * p[i * m + j] * (difference == 14 ? p[0] : p[i]);
        b.push_back(difference == 15 ? s * s : sqrt(1.0 + s * s));
      }
      Value term = difference == 16 ? max(b[0], b[1]) : b[0];
      for (std::size_t j = 1; j < m; ++j) term = difference == 17 ? term - b[j] : term + b[j];
      sum += difference == 18 ? logsumexp(Values(b)) : log(term * term + 1.0) * in[3];
    }
    return difference == 19 ? sqrt(sum * sum + 1.0) * p[1] : sum * 0.5;
  };
}

// Rows in which each unit is taken by another one, or by two, or lies elsewhere.
auto taken(const std::string& how) {
  return [how](Values p, Values x) {
    constexpr std::size_t n = 40, rows = 8;
    Value sum = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
      const Values in = x.subspan(r * n, n);
      Layer a, b;
      for (std::size_t j = 0; j < n; ++j) a.push_back(sin(in[j] * p[j] + p[n + j]));
      for (std::size_t j = 0; j < n; ++j) {
        if (how == "turned round") b.push_back(log(2.0 + a[n - 1 - j]));
        if (how == "by two") b.push_back(cos(a[j]) * p[j]);
        if (how == "uniform") b.push_back(exp(p[j]) * a[j]);
        if (how == "uneven") b.push_back(a[j] * p[j < 20 ? 3 * j : 2 * j]);
        if (how == "sum and term") b.push_back(tanh(square(in[j] + p[j])));
        if (how == "lines") b.push_back(exp(in[j % 10] * p[j % 10 + (j / 10) * (j / 10) * 5]));
      }
      Value s = 1.0, t = 0.0;
      for (std::size_t j = 0; j < n; ++j) s += how == "sum and term" ? b[j] : b[j] * in[j];
      for (std::size_t j = 0; j < n && how == "by two"; ++j) t += sqrt(2.0 + a[j]) * in[j];
      for (std::size_t k = 0; k < 10 && how == "uneven"; ++k) {  // partly the same for all
        Value u = 0.0;
        for (std::size_t i = 0; i < n; ++i) u += a[i] * p[i < 20 ? k + i : i];
        t += u * u;
      }
      sum += how == "sum and term" ? sin(s) : log(1.0 + s * s) + t;
    }
    return sum;
  };
}

bool is_loop(const Case& c) {
  return one_row::loops_in(Function::trace(c.f, c.p, c.x)).find("loop of") != std::string::npos;
}

}  // namespace

TEST_CASE("to_cpp of units that are alike: networks") {
  const Numbers weights = uniform(weights_of(13, 17, 9), -0.5, 0.5, 3),
                moved = uniform(weights_of(13, 17, 9), -0.5, 0.5, 4);
  const std::vector<Case> cases{
      {"by_inputs", network(13, 17, 9, 11, false), {}, weights, {}, moved},
      {"by_parameters", network(13, 17, 9, 11, true), weights, {}, moved, {}}};
  for (const Case& each : cases) CHECK(is_loop(each));
  check(cases, 1e-14);
}

TEST_CASE("to_cpp of units that are alike: a layer costs text, units do not") {
  const auto text_of = [](std::size_t hidden) {
    return Function::trace(network(10, hidden, 9, 6, false), {},
                           uniform(weights_of(10, hidden, 9), -0.5, 0.5, 3))
        .to_cpp("f");
  };
  const std::string text = text_of(40);
  CHECK(helpers::contains(text, "for (int j = 0; j < 40; ++j)"));
  CHECK(helpers::contains(text, "std::tanh("));
  CHECK(text.find("std::tanh(", text.find("std::tanh(") + 1) == text.rfind("std::tanh("));
  CHECK(text.size() < 25'000);
  CHECK(text_of(80).size() < text.size() + 200);
}

TEST_CASE("to_cpp of units that are nearly alike") {
  std::vector<Case> cases;
  for (int difference = 0; difference < 20; difference += helpers::scaled(1, 4)) {
    cases.push_back({"f" + std::to_string(difference), nearly_alike(difference),
                     uniform(130, -0.5, 0.5, 1), uniform(96, -1, 1, 2), uniform(130, -0.5, 0.5, 3),
                     uniform(96, -1, 1, 4)});
    CHECK_MESSAGE(is_loop(cases.back()), difference);
    CHECK(helpers::contains(
        Function::trace(cases.back().f, cases.back().p, cases.back().x).to_cpp("f"), "for (int j"));
  }
  check(cases, 1e-13, "-O0");
}

TEST_CASE("to_cpp of units that are alike: where results go") {
  std::vector<Case> cases;
  for (const char* how : {"turned round", "by two", "uniform", "uneven", "sum and term", "lines"}) {
    cases.push_back({"f" + std::to_string(cases.size()), taken(how), uniform(120, 0.2, 1, 1),
                     uniform(320, -1, 1, 2), uniform(120, 0.2, 1, 3), uniform(320, -1, 1, 4)});
    CHECK_MESSAGE(is_loop(cases.back()), how);
  }
  check(cases, 1e-13, "-O0");
  // What is the same in all rows is in front of them.
  const std::string text = Function::trace(cases[2].f, cases[2].p, cases[2].x).to_cpp("f");
  CHECK(text.find("std::exp(") < text.find("for (int r"));
}

TEST_CASE("to_cpp of units that are alike: NaN, infinities and zeros") {
  std::vector<Case> cases;
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double special : {0.0, infinity, std::nan("")}) {
    Numbers x = uniform(96, -1, 1, 4), p = uniform(130, -0.5, 0.5, 3);
    x[3] = x[14] = special;
    cases.push_back({"x" + std::to_string(cases.size()), nearly_alike(0),
                     uniform(130, -0.5, 0.5, 1), uniform(96, -1, 1, 2), p, x});
    p[50] = p[125] = special;
    cases.push_back({"p" + std::to_string(cases.size()), nearly_alike(15),
                     uniform(130, -0.5, 0.5, 1), uniform(96, -1, 1, 2), p, uniform(96, -1, 1, 4)});
  }
  check(cases, 1e-13, "-O0");
}
