#include "engines.hpp"

#include <vector>

namespace bench {

std::span<const Engine> engines() {
  static const std::vector<Engine> list = [] {
    std::vector<Engine> all;
    all.push_back(plain_engine());
    all.push_back(hand_engine());
    all.push_back(values_engine());
    all.push_back(functional_engine());
    all.push_back(functional_array_engine());
    all.push_back(nn_engine());
#ifdef BENCH_WITH_ADOLC
    all.push_back(adolc_engine());
#endif
#ifdef BENCH_WITH_SACADO
    all.push_back(sacado_engine());
    all.push_back(sacado_forward_engine());
#endif
#ifdef BENCH_WITH_STAN
    all.push_back(stan_engine());
#endif
#ifdef BENCH_WITH_CERES
    all.push_back(ceres_engine());
#endif
    return all;
  }();
  return list;
}

const Engine* find_engine(std::string_view name) {
  for (const Engine& engine : engines()) {
    if (engine.name == name) return &engine;
  }
  return nullptr;
}

}  // namespace bench
