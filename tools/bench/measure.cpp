#include "measure.hpp"

#include <memory>

#include "check.hpp"
#include "counted.hpp"
#include "timing.hpp"

namespace bench {
namespace {

Measurement describe(std::string_view workload) {
  Measurement result;
  for_each_workload([&]<class F>(const F& f) {
    if (F::name != workload) return;
    result.workload = F::name;
    result.title = F::title;
    result.inputs = f.start().size();
    result.operations = count_operations(f);
  });
  return result;
}

}  // namespace

Measurement measure(std::string_view workload, const Options& options) {
  Measurement measurement = describe(workload);
  check_hand_gradient(workload);

  const std::unique_ptr<Job> reference = options.engines[1]->prepare(workload);
  reference->repeat(1);
  std::vector<std::unique_ptr<Job>> jobs;
  std::vector<Job*> timed;
  for (const Engine* engine : options.engines) {
    std::unique_ptr<Job> job = engine->prepare(workload);
    if (!job) continue;
    Result result;
    result.engine = engine;
    result.error = error_of(*job, *reference, engine != options.engines[0]);
    result.agrees = result.error <= kTolerance;
    result.graph_bytes = static_cast<double>(job->graph_bytes());
    measurement.results.push_back(result);
    if (options.only_check || !result.agrees) continue;
    timed.push_back(job.get());
    jobs.push_back(std::move(job));
  }
  if (options.only_check) return measurement;

  const std::vector<double> seconds = interleaved_medians(timed, options.repetitions);
  jobs.clear();
  auto next = seconds.begin();
  for (Result& result : measurement.results) {
    if (!result.agrees) continue;
    result.seconds = *next++;
    if (options.cold) {
      result.cold = measure_cold(options.program, result.engine->name, workload);
    }
  }
  measurement.plain_seconds = measurement.results[0].seconds;
  measurement.hand_seconds = measurement.results[1].seconds;
  return measurement;
}

}  // namespace bench
