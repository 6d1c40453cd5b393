// autograd bench: how fast this machine differentiates, in ten seconds.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <autograd/autograd.hpp>
#include <autograd/text.hpp>
#include <tools/bench/workloads.hpp>
#include "commands.hpp"

namespace cli {

namespace {

using autograd::Value;
using Clock = std::chrono::steady_clock;

// The median of the times of f(), of as many calls as there is time for, and at least three.
template <class F> double seconds_of(F f) {
  constexpr double kBudget = 0.45;
  std::vector<double> times;
  const auto begin = Clock::now();
  const auto seconds_since = [](Clock::time_point from) {
    return std::chrono::duration<double>(Clock::now() - from).count();
  };
  // Calls that are shorter than the clock can tell are timed together.
  std::size_t calls = 1;
  while (times.size() < 3 || (seconds_since(begin) < kBudget && times.size() < 1001)) {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < calls; ++i) f();
    const double time = seconds_since(start);
    if (time < 1e-4) {
      calls *= 4;
      continue;
    }
    times.push_back(time / static_cast<double>(calls));
  }
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  return times[times.size() / 2];
}

struct BenchRow {
  std::string name, title;
  double plain, values, generic;  // seconds
};

template <class Workload> BenchRow time_of(const Workload& workload) {
  const std::vector<double> start = workload.start();
  double kept = 0;  // so that nothing is left out
  BenchRow row{std::string(Workload::name), std::string(Workload::title), 0, 0, 0};
  row.plain = seconds_of([&] { kept += workload(std::span<const double>(start)); });
  const auto recorded = [&](std::span<const Value> x) { return workload(x); };
  row.values = seconds_of([&] { kept += autograd::value_and_gradient(recorded, start).value; });
  const auto generic = [&]<class T>(std::span<const T> x) { return T(workload(x)); };
  row.generic = seconds_of([&] { kept += autograd::value_and_gradient(generic, start).value; });
  if (kept == 0.5) row.title += ' ';
  return row;
}

std::string time_text(double seconds) {
  if (seconds < 1e-6) return autograd::text::rounded(seconds * 1e9, 3) + " ns";
  if (seconds < 1e-3) return autograd::text::rounded(seconds * 1e6, 3) + " us";
  return autograd::text::rounded(seconds * 1e3, 3) + " ms";
}

// All of them, or those that are named.
std::vector<BenchRow> bench_rows(const std::vector<std::string>& only) {
  std::vector<BenchRow> result;
  std::size_t known = 0;
  const auto add = [&]<class Workload>(std::type_identity<Workload>) {
    const bool is_named = std::ranges::find(only, Workload::name) != only.end();
    known += is_named ? 1 : 0;
    if (is_named || only.empty()) result.push_back(time_of(Workload()));
  };
  add(std::type_identity<bench::Reciprocal>());
  add(std::type_identity<bench::Xor>());
  add(std::type_identity<bench::Mlp>());
  add(std::type_identity<bench::Recurrence>());
  add(std::type_identity<bench::Rosenbrock>());
  add(std::type_identity<bench::BlackScholes>());
  if (known < only.size()) throw Failure("expected --only of W1, W2, W3, W4, W5, W6");
  return result;
}

void run_bench(const std::vector<std::string>& only, bool is_json, Session& session) {
  const std::vector<BenchRow> rows = bench_rows(only);
  if (is_json) {
    Json json = Json::array();
    for (const BenchRow& each : rows)
      json.push_back({{"name", each.name},
                      {"function", each.title},
                      {"plain_seconds", each.plain},
                      {"values_seconds", each.values},
                      {"generic_seconds", each.generic}});
    return session.out.json(json);
  }
  std::vector<autograd::text::TableRow> table{
      {"", "function", "without gradient", "with Values", "generic", "times as long"}};
  for (const BenchRow& each : rows)
    table.push_back({each.name, each.title, time_text(each.plain), time_text(each.values),
                     time_text(each.generic),
                     autograd::text::rounded(each.generic / each.plain, 3)});
  session.out.table(autograd::text::table(table, "llr"));
  session.out.line(
      "\nOne value and gradient each, the median of some calls. \"with Values\" records the "
      "graph;\n"
      "\"generic\" is gradient() of a callable for any number type, and the last column is that "
      "by\n"
      "the time without gradient.");
}

}  // namespace

void add_bench(CLI::App& app, Session& session) {
  struct Arguments {
    std::vector<std::string> only;
    bool is_json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command =
      app.add_subcommand("bench", "How fast this machine differentiates, in ten seconds");
  add_names(*command, "--only", arguments->only, "Some of the six: W1,W2,W3,W4,W5,W6");
  add_json_flag(*command, arguments->is_json);
  add_examples(*command, "  autograd bench --only W1,W2");
  command->callback(
      [arguments, &session] { run_bench(names_in(arguments->only), arguments->is_json, session); });
}

}  // namespace cli
