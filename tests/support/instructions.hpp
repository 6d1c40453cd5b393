// The sets of instructions that this processor has, to run a Function with each.
#pragma once

#include <string>
#include <vector>

#include <autograd/function.hpp>
#include <autograd/kernels/kernel.hpp>

namespace instructions {

struct Set {
  std::string name;
  autograd::Instructions value;
};

inline std::vector<Set> usable() {
  using autograd::Instructions;
  std::vector<Set> result;
  for (const autograd::detail::Kernels* kernels : autograd::detail::usable_kernels()) {
    result.push_back({kernels->name, kernels->lanes == 8   ? Instructions::kAvx512
                                     : kernels->lanes == 4 ? Instructions::kAvx2
                                                           : Instructions::kSse2});
  }
  return result;
}

}  // namespace instructions
