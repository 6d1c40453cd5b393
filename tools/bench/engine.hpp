// What the harness knows of an engine: it can prepare a workload, and run it.
//
// To add an engine, write a class template `Runner<F>` with a constructor that takes the inputs,
// and `double run(const F&, std::span<const double> x, std::span<double> gradient)`, which computes
// a value and its gradient once; if the engine can tell, also `std::size_t graph_bytes(const F&)`,
// asked after a run. Give it to `prepare`, and name the engine in engines.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "workloads.hpp"

namespace bench {

// A workload set up for an engine. What is allocated once is allocated before the first run.
class Job {
 public:
  virtual ~Job() = default;

  // Computes the value and the gradient `times` times.
  virtual void repeat(std::size_t times) = 0;

  // Results of the last run. The plain function leaves the gradient at zero.
  virtual double value() const = 0;
  virtual std::span<const double> gradient() const = 0;

  // Bytes of the graph or tape of one run, as the engine reports them; 0 if it does not. Only after
  // a run.
  virtual std::size_t graph_bytes() = 0;
};

struct Engine {
  std::string_view name;
  std::string_view description;
  // A job for the workload of that name, or null if the engine does not do it.
  std::unique_ptr<Job> (*prepare)(std::string_view workload);
};

// Makes the compiler believe that all memory was read and changed, so that repeated work on the
// same inputs is really repeated.
inline void forget_memory() { asm volatile("" : : : "memory"); }

template <class Runner, class F> class JobOf final : public Job {
 public:
  explicit JobOf(F f) : f_(std::move(f)), x_(f_.start()), gradient_(x_.size()), runner_(x_) {}

  void repeat(std::size_t times) override {
    for (; times > 0; --times) {
      forget_memory();
      value_ = runner_.run(f_, x_, gradient_);
    }
  }

  double value() const override { return value_; }
  std::span<const double> gradient() const override { return gradient_; }

  std::size_t graph_bytes() override {
    if constexpr (requires { runner_.graph_bytes(f_); }) return runner_.graph_bytes(f_);
    return 0;
  }

 private:
  F f_;
  std::vector<double> x_;
  std::vector<double> gradient_;
  double value_ = 0;
  Runner runner_;
};

// Prepares a workload for an engine that does all of them.
template <template <class> class Runner> std::unique_ptr<Job> prepare(std::string_view workload) {
  std::unique_ptr<Job> job;
  for_each_workload([&]<class F>(F f) {
    if (F::name == workload) job = std::make_unique<JobOf<Runner<F>, F>>(std::move(f));
  });
  return job;
}

// The same for an engine that does only those with few inputs.
template <template <class> class Runner>
std::unique_ptr<Job> prepare_small(std::string_view workload) {
  std::unique_ptr<Job> job;
  for_each_small_workload([&]<class F>(F f) {
    if (F::name == workload) job = std::make_unique<JobOf<Runner<F>, F>>(std::move(f));
  });
  return job;
}

}  // namespace bench
