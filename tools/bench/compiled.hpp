// A recorded function as C++, compiled while the benchmark runs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <autograd/autograd.hpp>

namespace bench {

class CompiledFunction {
 public:
  using Gradient = double (*)(const double* p, const double* x, double* dp, double* dx);

  // With `c++ -O3 -march=native`. Nothing where that fails, or the text is longer than a megabyte.
  static std::optional<CompiledFunction> compile(const autograd::Function& f);

  Gradient gradient() const { return gradient_; }

 private:
  explicit CompiledFunction(Gradient function) : gradient_(function) {}

  Gradient gradient_;
};

}  // namespace bench
