// A job made of a function that returns numbers, or writes them into a vector that stays.
#pragma once

#include <concepts>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine.hpp"

namespace bench {

template <class Run> class Call final : public Job {
 public:
  explicit Call(Run run) : run_(std::move(run)) {}

  void repeat(std::size_t times) override {
    for (; times > 0; --times) {
      forget_memory();
      if constexpr (std::invocable<Run&, std::vector<double>&>) {
        run_(result_);
      } else {
        result_ = run_();
      }
    }
  }
  double value() const override { return 0; }
  std::span<const double> gradient() const override { return result_; }
  std::size_t graph_bytes() override {
    if constexpr (requires { run_.peak_bytes(); }) return run_.peak_bytes();
    return 0;
  }

 private:
  Run run_;
  std::vector<double> result_;
};

template <class Run> std::unique_ptr<Job> make_call(Run run) {
  return std::make_unique<Call<Run>>(std::move(run));
}

}  // namespace bench
