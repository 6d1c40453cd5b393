#include "elementary.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

#include <autograd/autograd.hpp>
#include "call.hpp"
#include "timing.hpp"

#if defined(BENCH_WITH_SLEEF) && defined(__AVX512F__)
#include <immintrin.h>

#include <sleef.h>
#endif

namespace bench {
namespace {

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using Numbers = std::vector<double>;

constexpr std::size_t kCount = 4096;

double error_in_ulp(const Numbers& given, const Numbers& expected) {
  double worst = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const double size = std::abs(expected[i]);
    const double ulp = std::nextafter(size, INFINITY) - size;
    worst = std::max(worst, std::abs(given[i] - expected[i]) / ulp);
  }
  return worst;
}

// y <- f(x) for kCount numbers.
using Sleef = void (*)(const double* x, double* y);

#if defined(BENCH_WITH_SLEEF) && defined(__AVX512F__)
template <auto f> void by_sleef(const double* x, double* y) {
  for (std::size_t i = 0; i < kCount; i += 8) _mm512_storeu_pd(y + i, f(_mm512_loadu_pd(x + i)));
}

Sleef sleef(std::string_view name) {
  if (name == "exp") return by_sleef<Sleef_expd8_u10avx512f>;
  if (name == "log") return by_sleef<Sleef_logd8_u10avx512f>;
  if (name == "log1p") return by_sleef<Sleef_log1pd8_u10avx512f>;
  if (name == "sin") return by_sleef<Sleef_sind8_u10avx512f>;
  if (name == "tanh") return by_sleef<Sleef_tanhd8_u10avx512f>;
  if (name == "erf") return by_sleef<Sleef_erfd8_u10avx512f>;
  if (name == "erfc") return by_sleef<Sleef_erfcd8_u15avx512f>;
  return nullptr;
}
#else
Sleef sleef(std::string_view) { return nullptr; }
#endif

struct Task {
  const char* name;
  double low, high;
  double (*one)(double);
  Value (*of_value)(const Value&);
};

const std::vector<Task>& tasks() {
  static const std::vector<Task> all{
      {"exp", -20, 20, std::exp, [](const Value& x) { return exp(x); }},
      {"log", 0.01, 200, std::log, [](const Value& x) { return log(x); }},
      {"log1p", -0.9, 5, std::log1p, [](const Value& x) { return log1p(x); }},
      {"sin", -3, 5, std::sin, [](const Value& x) { return sin(x); }},
      {"tanh", -3, 5, std::tanh, [](const Value& x) { return tanh(x); }},
      {"erf", -3, 5, std::erf, [](const Value& x) { return erf(x); }},
      {"erfc", -3, 5, std::erfc, [](const Value& x) { return erfc(x); }},
  };
  return all;
}

}  // namespace

std::vector<Elementary> measure_elementary(const Options& options) {
  std::vector<Elementary> result;
  for (const Task& task : tasks()) {
    const Numbers x = uniform(kCount, task.low, task.high, 9);
    Numbers expected;
    for (const double each : x) expected.push_back(task.one(each));
    const Function f = Function::trace(
        [&](std::span<const Value> in) { return task.of_value(in[0]); }, Numbers{x[0]});

    std::vector<std::unique_ptr<Job>> jobs;
    jobs.push_back(make_call([&](Numbers& y) {
      y.resize(kCount);
      for (std::size_t i = 0; i < kCount; ++i) y[i] = task.one(x[i]);
    }));
    jobs.push_back(make_call([&](Numbers& y) {
      y.resize(kCount);
      Request request;
      request.values = y;
      f.run({}, Rows(x, 1), request);
    }));
    const Sleef by_sleef = sleef(task.name);
    if (by_sleef != nullptr) {
      jobs.push_back(make_call([&](Numbers& y) {
        y.resize(kCount);
        by_sleef(x.data(), y.data());
      }));
    }
    std::vector<Job*> timed;
    for (const auto& job : jobs) {
      job->repeat(1);
      timed.push_back(job.get());
    }
    const auto way = [&](std::size_t i, double seconds) {
      const auto y = jobs[i]->gradient();
      return Way{seconds / kCount, error_in_ulp(Numbers(y.begin(), y.end()), expected)};
    };
    Numbers seconds(jobs.size());
    if (!options.only_check) seconds = interleaved_medians(timed, options.repetitions);
    Elementary each{task.name, task.low, task.high, seconds[0] / kCount, way(1, seconds[1]), {}};
    if (by_sleef != nullptr) each.sleef = way(2, seconds[2]);
    result.push_back(each);
  }
  return result;
}

}  // namespace bench
