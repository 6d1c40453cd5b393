// ADOL-C: traces the function, keeps the intermediate values, and sweeps back over the trace.
#include <adolc/adolc.h>

#include "counted.hpp"
#include "engines.hpp"

// ADOL-C traces erf, but not erfc.
inline adub erfc(const badouble& x) { return 1.0 - erf(x); }

namespace bench {
namespace {

constexpr short kTrace = 1;

template <class F> class Adolc {
 public:
  explicit Adolc(std::span<const double> x) : inputs_(x.size()) {}

  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    const int inputs = static_cast<int>(x.size());
    double value = 0;
    double weight = 1;
    trace_on(kTrace, 1, room_, 4 * room_, room_, room_, 1);
    for (std::size_t i = 0; i < x.size(); ++i) inputs_[i] <<= x[i];
    f(std::span<const adouble>(inputs_)) >>= value;
    trace_off();
    fos_reverse(kTrace, 1, inputs, &weight, gradient.data());
    return value;
  }

  // An operation is a byte, a place four, a constant and an intermediate value eight each.
  std::size_t graph_bytes(const F&) const {
    std::size_t count[STAT_SIZE];
    tapestats(kTrace, count);
    return count[NUM_OPERATIONS] + 4 * count[NUM_LOCATIONS] + 8 * count[NUM_VALUES] +
           8 * count[TAY_STACK_SIZE];
  }

 private:
  std::vector<adouble> inputs_;
  // Entries per buffer, enough to keep the whole trace in memory and out of files.
  unsigned room_ = static_cast<unsigned>(2 * (count_operations(F{}) + inputs_.size()) + 100'000);
};

}  // namespace

Engine adolc_engine() { return {"adolc", "ADOL-C, reverse mode", prepare<Adolc>}; }

}  // namespace bench
