#include "phases.hpp"

#include <memory>
#include <span>
#include <vector>

#include <autograd/autograd.hpp>
#include "call.hpp"
#include "counted.hpp"
#include "timing.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

using autograd::Value;
using Numbers = std::vector<double>;

template <class F> Phases phases_of(const F& f, const Options& options) {
  const Numbers x = f.start();
  const std::vector<Value> leaves = autograd::leaves(x);
  const std::span<const Value> inputs(leaves);
  const auto plain = make_call([&] { return Numbers{f(std::span<const double>(x))}; });
  const auto recorded = make_call([&] { return Numbers{f(inputs).data()}; });
  const auto swept = make_call([&] {
    const Value y = f(inputs);
    y.backward();
    return Numbers{y.data()};
  });
  Job* const jobs[] = {plain.get(), recorded.get(), swept.get()};
  for (Job* const job : jobs) job->repeat(1);
  const Numbers seconds = interleaved_medians(jobs, options.repetitions);
  return {F::name, count_operations(f), seconds[0], seconds[1], seconds[2] - seconds[1]};
}

}  // namespace

std::vector<Phases> measure_phases(const Options& options) {
  return {phases_of(Reciprocal{}, options), phases_of(Xor{}, options),
          phases_of(Mlp{}, options),        phases_of(Recurrence{}, options),
          phases_of(Rosenbrock{}, options), phases_of(BlackScholes{}, options)};
}

}  // namespace bench
