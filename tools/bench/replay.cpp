#include "replay.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>

#include <autograd/autograd.hpp>
#include "call.hpp"
#include "check.hpp"
#include "hand_gradients.hpp"
#include "timing.hpp"

namespace bench {
namespace {

using autograd::Function;
using autograd::Instructions;
using autograd::Reduce;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using autograd::ValueAndGradient;
using Numbers = std::vector<double>;

struct Task {
  std::string name;
  std::unique_ptr<Job> job;
  bool has_gradient = true;
};

ReplayOf measured(ReplayOf of, std::vector<Task> tasks, const Numbers& expected,
                  const Options& options) {
  std::vector<Job*> timed;
  for (Task& task : tasks) {
    task.job->repeat(1);
    const bool has_gradient = task.has_gradient && task.job->gradient().size() == expected.size();
    Replayed result{task.name, 0, has_gradient || !task.has_gradient, 0};
    if (has_gradient) {
      result.error = relative_error(task.job->gradient(), expected);
      result.agrees = result.error <= kTolerance;
    }
    if (result.agrees) timed.push_back(task.job.get());
    of.results.push_back(result);
  }
  if (options.only_check) return of;
  const Numbers seconds = interleaved_medians(timed, options.repetitions);
  auto next = seconds.begin();
  for (Replayed& result : of.results)
    if (result.agrees) result.seconds = *next++;
  return of;
}

// Replays in every way there is: run(request, result) fills in what is to be computed, and writes
// the gradient to result.
template <class Run> void add_replays(std::vector<Task>& tasks, const Run& run) {
  const auto add = [&](const char* name, Instructions instructions, std::size_t threads) {
    Request request;
    request.instructions = instructions;
    request.threads = threads;
    const auto call = [run, request](Numbers& result) { run(request, result); };
    try {
      Numbers result;
      call(result);
    } catch (const autograd::Error&) {
      return;  // not with this processor
    }
    tasks.push_back({name, make_call(call)});
  };
  add("replay", Instructions::kBest, 1);
  add("replay, 2 threads", Instructions::kBest, 2);
  add("replay, AVX2", Instructions::kAvx2, 1);
  add("replay, SSE2", Instructions::kSse2, 1);
}

[[gnu::noinline]] double plain_row(std::span<const double> x) {
  return Reciprocal{}.operator()<double>(x);
}

// Trace and compile, without a run for many rows.
Numbers traced(const Function& f, std::span<const double> parameters, std::span<const double> row) {
  return f.value_and_gradient(parameters, Rows(row, row.size())).gradient;
}

// ---- W1: 1,000 rows ----

ReplayOf measure_reciprocal(const Options& options) {
  constexpr std::size_t rows = 1000;
  const Reciprocal f;
  const Numbers by_rows = uniform(3 * rows, 0.5, 1.5, 7);
  Numbers by_columns(3 * rows), expected(3 * rows), expected_by_columns(3 * rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto at = [&](Numbers& all) { return std::span(all).subspan(3 * i, 3); };
    hand_gradient(f, std::span(by_rows).subspan(3 * i, 3), at(expected));
    for (std::size_t k = 0; k < 3; ++k) by_columns[k * rows + i] = by_rows[3 * i + k];
  }
  const Function function =
      Function::trace([f](std::span<const Value> x) { return f(x); }, f.start());
  std::vector<Task> tasks;
  tasks.push_back({"plain function", make_call([by_rows] {
                     double sum = 0;
                     for (std::size_t i = 0; i < rows; ++i)
                       sum += plain_row(std::span(by_rows).subspan(3 * i, 3));
                     return Numbers{sum};
                   }),
                   false});
  tasks.push_back({"hand-written gradient", make_call([f, by_rows](Numbers& result) {
                     result.resize(3 * rows);
                     for (std::size_t i = 0; i < rows; ++i) {
                       hand_gradient(f, std::span(by_rows).subspan(3 * i, 3),
                                     std::span(result).subspan(3 * i, 3));
                     }
                   })});
  tasks.push_back(
      {"Values", make_call([f, by_rows] {
         Numbers result;
         for (std::size_t i = 0; i < rows; ++i) {
           const std::array<Value, 3> x{by_rows[3 * i], by_rows[3 * i + 1], by_rows[3 * i + 2]};
           f(std::span<const Value>(x)).backward();
           for (const Value& each : x) result.push_back(each.grad());
         }
         return result;
       })});
  add_replays(tasks, [function, by_rows](Request request, Numbers& result) {
    result.resize(3 * rows);
    request.input_gradients = result;
    function.run({}, Rows(by_rows, 3), request);
  });
  tasks.push_back({"replay, rows by columns", make_call([function, by_columns](Numbers& result) {
                     result.resize(3 * rows);
                     Request request;
                     request.input_gradients = result;
                     function.run({}, Rows::by_columns(by_columns, rows), request);
                   }),
                   false});
  return measured({"W1", "1 / (w0 x0 + w1), 3 gradients a row", rows, {}}, std::move(tasks),
                  expected, options);
}

// ---- W3: a network ----

struct NetworkRows {
  std::size_t count;
  Numbers rows;  // inputs, and a 1 for the right class
};

NetworkRows network_rows(std::size_t count) {
  const Mlp f;
  NetworkRows result{count, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t r = i % Mlp::row_count;
    const auto row = f.row(r);
    result.rows.insert(result.rows.end(), row.begin(), row.end());
    for (std::size_t k = 0; k < Mlp::classes; ++k)
      result.rows.push_back(k == Mlp::label(r) ? 1.0 : 0.0);
  }
  return result;
}

Value network_loss(std::span<const Value> p, std::span<const Value> row) {
  const std::vector<Value> z = Mlp::scores<Value, Value>(p, row.first(Mlp::inputs));
  Value total = 0.0;
  for (const Value& score : z) total += exp(score);
  return log(total) - dot(z, row.subspan(Mlp::inputs));
}

ReplayOf measure_network(std::size_t count, const Options& options) {
  const Mlp f;
  const Numbers p = f.start();
  const NetworkRows data = network_rows(count);
  constexpr std::size_t columns = Mlp::inputs + Mlp::classes;
  const Numbers example(data.rows.begin(), data.rows.begin() + columns);
  const Function function = Function::trace(network_loss, p, example);
  std::vector<Task> tasks;
  Numbers expected(p.size());
  // Batches of a multiple of the workload's 32 rows have the same mean.
  const std::size_t times = count / Mlp::row_count;
  if (times > 0) {
    hand_gradient(f, p, expected);
    tasks.push_back({"plain function", make_call([f, p, times] {
                       double sum = 0;
                       for (std::size_t i = 0; i < times; ++i) {
                         forget_memory();
                         sum += f(std::span<const double>(p));
                       }
                       return Numbers{sum};
                     }),
                     false});
    tasks.push_back({"hand-written gradient", make_call([f, p, times](Numbers& result) {
                       result.resize(p.size());
                       for (std::size_t i = 0; i < times; ++i) {
                         forget_memory();
                         hand_gradient(f, p, result);
                       }
                     })});
  } else {
    expected = function.value_and_gradient(p, Rows(data.rows, columns)).gradient;
  }
  if (times == 1) {
    tasks.push_back({"Values", make_call([f, leaves = std::vector<Value>(p.begin(), p.end())] {
                       for (const Value& each : leaves) each.zero_grad();
                       f(std::span<const Value>(leaves)).backward();
                       Numbers result;
                       for (const Value& each : leaves) result.push_back(each.grad());
                       return result;
                     })});
  }
  add_replays(tasks, [function, p, rows = data.rows](Request request, Numbers& result) {
    result.resize(p.size());
    request.gradient = result;
    function.run(p, Rows(rows, columns), request);
  });
  if (times == 1) {
    tasks.push_back({"trace and compile", make_call([p, example] {
                       return traced(Function::trace(network_loss, p, example), p, example);
                     }),
                     false});
  }
  return measured({"W3", "MLP 64-64-32-10, 6,570 gradients", count, {}}, std::move(tasks), expected,
                  options);
}

// ---- W6: strikes as rows ----

ReplayOf measure_options(const Options& options) {
  const BlackScholes f;
  const Numbers all = f.start();
  const Numbers common(all.begin(), all.begin() + BlackScholes::common);
  const Numbers strikes(all.begin() + BlackScholes::common, all.end());
  Numbers expected(all.size());
  hand_gradient(f, all, expected);
  const auto call = [](std::span<const Value> p, std::span<const Value> strike) {
    return BlackScholes::call<Value>(p[0], p[1], p[2], p[3], p[4], strike[0]);
  };
  const Numbers example{strikes[0]};
  const Function function = Function::trace(call, common, example);
  std::vector<Task> tasks;
  tasks.push_back({"plain function",
                   make_call([f, all] { return Numbers{f(std::span<const double>(all))}; }),
                   false});
  tasks.push_back({"hand-written gradient", make_call([f, all](Numbers& result) {
                     result.resize(all.size());
                     hand_gradient(f, all, result);
                   })});
  tasks.push_back({"Values", make_call([f, leaves = std::vector<Value>(all.begin(), all.end())] {
                     for (const Value& each : leaves) each.zero_grad();
                     f(std::span<const Value>(leaves)).backward();
                     Numbers result;
                     for (const Value& each : leaves) result.push_back(each.grad());
                     return result;
                   })});
  add_replays(tasks, [function, common, strikes](Request request, Numbers& result) {
    result.resize(common.size() + strikes.size());
    request.gradient = std::span(result).first(common.size());
    request.input_gradients = std::span(result).subspan(common.size());
    request.reduce = Reduce::kSum;
    function.run(common, Rows(strikes, 1), request);
  });
  tasks.push_back({"trace and compile", make_call([call, common, example] {
                     return traced(Function::trace(call, common, example), common, example);
                   }),
                   false});
  return measured({"W6", "Black-Scholes calls, 10,005 gradients", strikes.size(), {}},
                  std::move(tasks), expected, options);
}

}  // namespace

std::vector<ReplayOf> measure_replay(const Options& options) {
  std::vector<ReplayOf> result;
  result.push_back(measure_reciprocal(options));
  for (const std::size_t rows : {std::size_t{1}, Mlp::row_count, 16 * Mlp::row_count})
    result.push_back(measure_network(rows, options));
  result.push_back(measure_options(options));
  return result;
}

}  // namespace bench
