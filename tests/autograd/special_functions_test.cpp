// Special functions against numbers of 25 digits, which tests/golden/special_functions.py wrote:
// the value, and the first three derivatives as Values, each differentiated from the one before.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::Value;
using numeric::text;
using Exact = long double;
using Values = std::vector<Value>;

// How far the value and the derivatives may be off, in units in the last place of the exact number,
// or in what a change of an operand by one unit in its last place makes of it, if that is more.
struct Bounds {
  double value, first, second, third;
};

struct Function {
  Value (*f)(const Values& x);
  Bounds bounds;
};

const std::map<std::string, Function> kFunctions{
    {"sinc", {[](const Values& x) { return sinc(x[0]); }, {2, 1, 1, 1}}},
    {"expm1_over_x", {[](const Values& x) { return expm1_over_x(x[0]); }, {2, 1, 1, 1}}},
    {"log1p_over_x", {[](const Values& x) { return log1p_over_x(x[0]); }, {2, 1, 1, 1}}},
    {"log1mexp", {[](const Values& x) { return log1mexp(x[0]); }, {2, 2, 3, 4}}},
    {"log_cosh", {[](const Values& x) { return log_cosh(x[0]); }, {3, 2, 3, 4}}},
    {"log_sigmoid", {[](const Values& x) { return log_sigmoid(x[0]); }, {2, 2, 3, 4}}},
    {"logit", {[](const Values& x) { return logit(x[0]); }, {2, 3, 3, 4}}},
    {"normal_cdf", {[](const Values& x) { return normal_cdf(x[0]); }, {4, 2, 2, 3}}},
    {"log_normal_cdf", {[](const Values& x) { return log_normal_cdf(x[0]); }, {4, 1, 1, 1}}},
    {"erfinv", {[](const Values& x) { return erfinv(x[0]); }, {2, 2, 4, 5}}},
    {"lgamma", {[](const Values& x) { return lgamma(x[0]); }, {4, 1, 1, 1}}},
    {"tgamma", {[](const Values& x) { return tgamma(x[0]); }, {5, 5, 5, 5}}},
    {"digamma", {[](const Values& x) { return digamma(x[0]); }, {1, 1, 1, 1}}},
    {"polygamma_1", {[](const Values& x) { return polygamma(1, x[0]); }, {1, 1, 1, 1}}},
    {"polygamma_2", {[](const Values& x) { return polygamma(2, x[0]); }, {1, 1, 1, 1}}},
    {"polygamma_3", {[](const Values& x) { return polygamma(3, x[0]); }, {1, 1, 1, 1}}},
    {"polygamma_10", {[](const Values& x) { return polygamma(10, x[0]); }, {1, 1, 1, 1}}},
    {"logaddexp", {[](const Values& x) { return logaddexp(x[0], x[1]); }, {3, 4, 0, 0}}},
    {"logdiffexp", {[](const Values& x) { return logdiffexp(x[0], x[1]); }, {3, 4, 0, 0}}},
    {"xlogy", {[](const Values& x) { return xlogy(x[0], x[1]); }, {2, 2, 0, 0}}},
    {"xlog1py", {[](const Values& x) { return xlog1py(x[0], x[1]); }, {2, 2, 0, 0}}},
};

// A line of the file.
struct Row {
  std::string name;
  std::vector<double> at;
  std::vector<Exact> exact;  // of one operand: derivatives 0 to 4; of two: the value, dx, dy
};

std::vector<Row> rows() {
  std::istringstream lines(documents::text_of("tests/golden/special_functions.txt"));
  std::vector<Row> result;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Row row;
    words >> row.name;
    for (std::string word; words >> word;) {
      if (word.find("0x") != word.npos) {
        row.at.push_back(std::strtod(word.c_str(), nullptr));
      } else {
        row.exact.push_back(std::strtold(word.c_str(), nullptr));
      }
    }
    result.push_back(row);
  }
  return result;
}

// The third derivative is a difference of terms of the size of the second.
bool is_sum_of_sigmoids(const Row& row) {
  return row.name == "log_sigmoid" || row.name == "log_cosh";
}

double error(double x, Exact exact, Exact change) {
  constexpr Exact kUnit = std::numeric_limits<double>::epsilon();
  const Exact size =
      std::max({std::abs(exact), std::abs(change), Exact(std::numeric_limits<double>::min())});
  return static_cast<double>(std::abs(x - exact) / (kUnit * size));
}

void check(const Row& row, std::size_t kind, double bound, double given, Exact exact,
           Exact change) {
  const double off = error(given, exact, change);
  if (!(off <= bound))
    FAIL_CHECK(row.name, numeric::point(row.at), ", number ", kind, ", is ", text(given),
               ", expected ", text(static_cast<double>(exact)), ": off by ", off, " units");
}

}  // namespace

TEST_CASE("special functions: values and three derivatives have the digits that the table says") {
  std::map<std::string, int> seen;
  for (const Row& row : rows()) {
    const Function& function = kFunctions.at(row.name);
    const Bounds& bounds = function.bounds;
    ++seen[row.name];
    const Values x(row.at.begin(), row.at.end());
    Value y = function.f(x);
    if (x.size() == 2) {
      const Exact change =
          std::max(std::abs(row.exact[1] * row.at[0]), std::abs(row.exact[2] * row.at[1]));
      check(row, 0, bounds.value, y.data(), row.exact[0], change);
      const Values slopes = derivatives(y, x);
      // The slopes of sums and differences of exponentials depend on the operands' difference.
      const Exact rounding = std::max(std::abs(row.at[0]), std::abs(row.at[1]));
      const bool is_product = row.name[0] == 'x';
      for (std::size_t i = 0; i < 2; ++i) {
        const Exact exact = row.exact[i + 1];
        check(row, i + 1, bounds.first, slopes[i].data(), exact,
              is_product ? exact : exact * std::max<Exact>(1, rounding));
      }
      continue;
    }
    const std::array<double, 4> most{bounds.value, bounds.first, bounds.second, bounds.third};
    for (std::size_t n = 0; n < 4; ++n) {
      Exact change = std::abs(row.exact[n + 1] * row.at[0]);
      if (n == 3 && is_sum_of_sigmoids(row)) change = std::max(change, std::abs(row.exact[2]));
      check(row, n, most[n], y.data(), row.exact[n], change);
      if (n < 3) y = derivatives(y, {x[0]})[0];
    }
  }
  for (const auto& each : kFunctions) CHECK_MESSAGE(seen[each.first] > 15, each.first);
}

TEST_CASE("special functions: far in the tail of the normal distribution") {
  const Value x = -40;
  const Value y = log_normal_cdf(x);
  CHECK(y.data() == doctest::Approx(-804.6084420137538).epsilon(1e-15));
  y.backward();
  CHECK(x.grad() == doctest::Approx(40.02496884720726).epsilon(1e-15));
  // The second derivative, which -g (x + g) would lose to cancellation.
  for (const double at : {-1e6, -1e9, -1e100}) {
    const Value far = at;
    const Value slope = derivatives(log_normal_cdf(far), {far})[0];
    CHECK(derivatives(slope, {far})[0].data() == doctest::Approx(-1).epsilon(1e-11));
  }
}

TEST_CASE("special functions: squared_norm has the Hessian 2 I at 0, where norm has none") {
  const Values x{0.0, 0.0, 0.0};
  const Values slopes = derivatives(squared_norm(x), x);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(slopes[i].data() == 0);
    const Values row = derivatives(slopes[i], x);
    for (std::size_t k = 0; k < 3; ++k) CHECK(row[k].data() == (i == k ? 2 : 0));
  }
  CHECK(autograd::squared_norm(std::vector{3.0, 4.0}) == 25);
  CHECK(autograd::squared_norm({3.0, 4.0}) == 25);
  CHECK(autograd::squared_norm(std::vector<double>{}) == 0);
}
