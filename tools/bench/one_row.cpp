#include "one_row.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <autograd/autograd.hpp>
#include "call.hpp"
#include "check.hpp"
#include "compiled.hpp"
#include "gmm.hpp"
#include "hand_gradients.hpp"
#include "timing.hpp"
#ifdef BENCH_WITH_CPPAD
#include "cppad.hpp"
#endif

namespace bench {
namespace {

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using Numbers = std::vector<double>;

constexpr int kTraces = 5;  // the first one in a process is slower: its memory is cold

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class F> ReplayOf measure_row(const F& f, const Numbers& x, const std::string& size,
                                        const Options& options) {
  ReplayOf result{std::string(F::name) + size, std::string(F::title), 1, {}};
  Numbers expected(x.size());
  hand_gradient(f, x, expected);

  const auto on_values = [&f](std::span<const Value> in) {
    return f.template operator()<Value>(in);
  };
  Numbers trace_seconds, first_seconds, first;
  for (int i = 0; i < kTraces; ++i) {
    auto begin = std::chrono::steady_clock::now();
    const Function traced = Function::trace(on_values, x);
    trace_seconds.push_back(seconds_since(begin));
    begin = std::chrono::steady_clock::now();
    first = traced.gradient({}, x).inputs;
    first_seconds.push_back(seconds_since(begin));
  }
  const Function function = Function::trace(on_values, x);

  std::vector<std::pair<std::string, std::unique_ptr<Job>>> jobs;
  jobs.emplace_back("plain function", make_call([f, x] {
                      forget_memory();
                      return Numbers{f.template operator()<double>(std::span<const double>(x))};
                    }));
  jobs.emplace_back("hand-written gradient", make_call([f, x](Numbers& gradient) {
                      forget_memory();
                      gradient.resize(x.size());
                      hand_gradient(f, x, gradient);
                    }));
  jobs.emplace_back("value_and_gradient", make_call([f, x] {
                      return autograd::value_and_gradient(f, std::span<const double>(x)).gradient;
                    }));
  jobs.emplace_back("replay", make_call([function, x](Numbers& gradient) {
                      gradient.resize(x.size());
                      double total;
                      Request request;
                      request.totals = std::span(&total, 1);
                      request.input_gradients = gradient;
                      function.run({}, Rows(x, x.size()), request);
                    }));
  jobs.emplace_back("Evaluator", make_call([evaluator = autograd::Evaluator(function),
                                            x](Numbers& gradient) mutable {
                      gradient.resize(x.size());
                      evaluator.gradient({}, x, {}, gradient);
                    }));
  const std::optional<CompiledFunction> compiled = CompiledFunction::compile(function);
  if (compiled) {
    jobs.emplace_back("to_cpp", make_call([compiled, x](Numbers& gradient) {
                        gradient.resize(x.size());
                        compiled->gradient()(nullptr, x.data(), nullptr, gradient.data());
                      }));
  }
#ifdef BENCH_WITH_CPPAD
  if constexpr (!std::is_same_v<F, Gmm>) {  // which calls a function that CppAD does not have
    jobs.emplace_back("CppAD", make_call([recorded = std::make_shared<CppAdFunction>(f, x), x] {
                        return recorded->gradient(x);
                      }));
  }
#endif
  std::vector<Job*> timed;
  for (auto& [name, job] : jobs) {
    job->repeat(1);
    Replayed each{name, 0, true, 0};
    if (name != "plain function") {
      each.error = relative_error(job->gradient(), expected);
      // The error function of CppAD, as r-cran-tmb has it, is right to three digits.
      each.agrees = each.error <= (name == "CppAD" ? 1e-3 : kTolerance);
    }
    timed.push_back(job.get());
    result.results.push_back(each);
  }
  if (options.only_check) return result;
  const Numbers seconds = interleaved_medians(timed, options.repetitions);
  for (std::size_t i = 0; i < seconds.size(); ++i) result.results[i].seconds = seconds[i];
  result.results.push_back({"trace", 0, true, median(trace_seconds)});
  result.results.push_back(
      {"first run", relative_error(first, expected), true, median(first_seconds)});
  return result;
}

Numbers first(const Numbers& numbers, std::size_t count) {
  return {numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

std::vector<ReplayOf> measure_one_row(const Options& options) {
  std::vector<ReplayOf> result;
  result.push_back(measure_row(Reciprocal{}, Reciprocal{}.start(), "", options));
  result.push_back(measure_row(Xor{}, Xor{}.start(), "", options));
  result.push_back(measure_row(Mlp{}, Mlp{}.start(), "", options));
  const Numbers valley = Rosenbrock{}.start(), options_of = BlackScholes{}.start();
  result.push_back(measure_row(Rosenbrock{}, first(valley, 1'000), ", 1,000", options));
  result.push_back(measure_row(Rosenbrock{}, valley, ", 100,000", options));
  result.push_back(measure_row(BlackScholes{}, first(options_of, 105), ", 100", options));
  result.push_back(measure_row(BlackScholes{}, options_of, ", 10,000", options));
  result.push_back(measure_row(Recurrence{20'000}, Recurrence{}.start(), ", 20,000", options));
  result.push_back(measure_row(Gmm{}, Gmm{}.start(), "", options));
  return result;
}

}  // namespace bench
