// The list of engines in this build.
#pragma once

#include <span>
#include <string_view>

#include "engine.hpp"

namespace bench {

// One function per file in engines/; those of libraries not found when configuring are missing.
Engine plain_engine();
Engine hand_engine();
Engine values_engine();
Engine functional_engine();
Engine functional_array_engine();
Engine nn_engine();
Engine adolc_engine();
Engine sacado_engine();
Engine sacado_forward_engine();
Engine stan_engine();
Engine ceres_engine();

// All engines built in: the plain function first, then the hand-written gradient.
std::span<const Engine> engines();

// The engine of that name, or null.
const Engine* find_engine(std::string_view name);

}  // namespace bench
