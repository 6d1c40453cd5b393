// A function recorded once, and run again and again for one row, as an optimiser does.
#pragma once

#include <vector>

#include "replay.hpp"

namespace bench {

// The results are the plain function, the hand-written gradient, value_and_gradient() of the same
// callable, the replay, the same by an Evaluator, the compiled text of Function::to_cpp() (0 seconds where there is none), and
// how long tracing and the first run take.
std::vector<ReplayOf> measure_one_row(const Options& options);

}  // namespace bench
