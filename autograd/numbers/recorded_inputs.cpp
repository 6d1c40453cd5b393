#include "autograd/numbers/recorded_inputs.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include <autograd/numbers/sweep_of_rows.hpp>
#include <autograd/system/growing_array.hpp>

namespace autograd::detail {

namespace {

// Adjoints beside those of the tape, so that no grad() changes. What is left in them from earlier
// sweeps is not for use: a sweep sets what it reads.
class OwnAdjoints {
 public:
  OwnAdjoints() = default;
  ~OwnAdjoints() { memory_.free(); }
  OwnAdjoints(const OwnAdjoints&) = delete;
  OwnAdjoints& operator=(const OwnAdjoints&) = delete;

  // Room for all leaves and operations there are now, by their ids.
  double* by_id() {
    // kZero and kNumber have places of their own even if there are no leaves.
    const auto leaves = static_cast<std::size_t>(std::max<Id>(tape.leaves.capacity, 2));
    const std::size_t count = leaves + static_cast<std::size_t>(tape.node_extent());
    if (count > capacity_) {
      const std::size_t most = 2 * static_cast<std::size_t>(std::numeric_limits<Id>::max());
      const std::size_t wanted = std::max(count, std::min(2 * capacity_, most));
      first_ = static_cast<double*>(memory_.grow(wanted * sizeof(double), most * sizeof(double)));
      // Small memory comes with anything in it, denormal numbers too, which take their time.
      if (wanted <= kSmall) std::fill(first_ + capacity_, first_ + wanted, 0.0);
      capacity_ = wanted;
    }
    return first_ + leaves;
  }

 private:
  static constexpr std::size_t kSmall = std::size_t{1} << 17;  // a megabyte

  GrowingArray memory_;
  double* first_ = nullptr;
  std::size_t capacity_ = 0;
};
thread_local OwnAdjoints own_adjoints;

// With fewer rows the memory of a SweepOfRows costs more than it saves.
constexpr std::size_t kFewRows = 16;

}  // namespace

std::vector<double> RecordedInputs::gradient_of(const Value& y) const {
  call_.require_no_outer(std::span(&y, 1));
  call_.settle_ties();
  double* const adjoint = own_adjoints.by_id();
  for (const Value& x : values_) adjoint[x.id()] = 0.0;
  if (y.id() < 0) {
    adjoint[y.id()] = 1.0;
  } else {
    tape.backward_to(call_.first(), y.id(), adjoint);
  }
  std::vector<double> result = room_for<double>(values_.size());
  for (const Value& x : values_) result.push_back(adjoint[x.id()]);
  return result;
}

std::vector<double> RecordedInputs::gradients_of(std::span<const Value> outputs) const {
  const std::size_t columns = values_.size();
  std::vector<double> result = room_for<double>(outputs.size() * columns);
  std::size_t done = 0;
  if (columns > 0 && outputs.size() >= kFewRows && SweepOfRows::can_be_used(call_.first())) {
    call_.require_no_outer(outputs);
    call_.settle_ties();
    SweepOfRows sweep(call_.first(), values_);
    while (done < outputs.size()) {
      const auto roots = outputs.subspan(done, std::min(kSweptRows, outputs.size() - done));
      sweep.run(roots);
      for (std::size_t row = 0; row < roots.size(); ++row)
        for (const Value& x : values_) result.push_back(sweep.adjoint(x.id(), row));
      done += roots.size();
    }
  }
  for (; done < outputs.size(); ++done) {
    const std::vector<double> row = gradient_of(outputs[done]);
    result.insert(result.end(), row.begin(), row.end());
  }
  return result;
}

std::vector<double> RecordedInputs::tangents_of(std::span<const Value> outputs,
                                                std::span<const double> direction) const {
  call_.require_no_outer(outputs);
  call_.settle_ties();
  const Time first = call_.first(), end = tape.now();
  std::vector<double> tangents = zeros<double>(static_cast<std::size_t>(end - first));
  std::vector<double> result = room_for<double>(outputs.size());
  const MarkedInputs inputs(call_);
  for (std::size_t i = 0; i < values_.size(); ++i) tape.adjoint[values_[i].id()] = direction[i];
  const auto tangent_of = [&](Id id) {
    if (const Time at = tape.time_of(id); at >= first && id >= 0)
      return tangents[static_cast<std::size_t>(at - first)];
    return inputs.has(id) ? tape.adjoint[id] : 0.0;
  };
  for (Time t = first; t < end; ++t) {
    double sum = 0;
    for (const Edge& edge : tape.edges_of(tape.at_time(t))) {
      const double inner = tangent_of(edge.id);
      if (inner != 0 && edge.partial != 0) sum += edge.partial * inner;
    }
    tangents[static_cast<std::size_t>(t - first)] = sum;
  }
  for (const Value& y : outputs) result.push_back(tangent_of(y.id()));
  return result;
}

}  // namespace autograd::detail
