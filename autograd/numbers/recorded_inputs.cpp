#include "autograd/numbers/recorded_inputs.hpp"

#include <cstddef>

namespace autograd::detail {

namespace {

// Tells the inputs from other leaves, by a mark on their nodes.
class Marked {
 public:
  explicit Marked(std::span<const Value> inputs) : inputs_(inputs) {
    for (const Value& x : inputs_) tape.tag[x.id()].code |= kReferenced;
  }
  ~Marked() {
    for (const Value& x : inputs_) tape.tag[x.id()].code &= static_cast<Code>(~kReferenced);
  }
  Marked(const Marked&) = delete;
  Marked& operator=(const Marked&) = delete;

  bool operator()(Id leaf) const {
    return leaf < kZero && (tape.tag[leaf].code & kReferenced) != 0;
  }

 private:
  std::span<const Value> inputs_;
};

std::size_t place(Id id, Id first) { return static_cast<std::size_t>(id - first); }

}  // namespace

// The backward pass of Tape, down to the first operation of f, on an array of its own.
std::vector<double> RecordedInputs::gradient_of(const Value& y) const {
  std::vector<double> result(values_.size(), 0.0);
  const Id root = y.id();
  std::vector<double> derivative(root >= first_ ? place(root, first_) + 1 : 0, 0.0);
  const Marked is_input(values_);
  for (const Value& x : values_) tape.adjoint[x.id()] = 0.0;
  if (is_input(root)) tape.adjoint[root] = 1.0;
  if (!derivative.empty()) derivative.back() = 1.0;

  for (Id i = root; i >= first_; --i) {
    const double g = derivative[place(i, first_)];
    if (g == 0) continue;
    const std::span<const Edge> edges = tape.edges_of(i);
    for (std::size_t k = edges.size(); k-- > 0;) {
      const Edge& edge = edges[k];
      if (edge.id >= first_) {
        derivative[place(edge.id, first_)] += g * edge.partial;
      } else if (is_input(edge.id)) {
        tape.adjoint[edge.id] += g * edge.partial;
      }
    }
  }
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = tape.adjoint[values_[i].id()];
  return result;
}

std::vector<double> RecordedInputs::slopes_of(std::span<const Value> outputs,
                                              std::span<const double> direction) const {
  std::vector<double> slopes(place(tape.size, first_), 0.0), result;
  const Marked is_input(values_);
  for (std::size_t i = 0; i < values_.size(); ++i) tape.adjoint[values_[i].id()] = direction[i];
  const auto slope_of = [&](Id id) {
    if (id >= first_) return slopes[place(id, first_)];
    return is_input(id) ? tape.adjoint[id] : 0.0;
  };
  for (Id i = first_; i < tape.size; ++i) {
    double sum = 0;
    for (const Edge& edge : tape.edges_of(i)) {
      const double inner = slope_of(edge.id);
      if (inner != 0 && edge.partial != 0) sum += edge.partial * inner;
    }
    slopes[place(i, first_)] = sum;
  }
  result.reserve(outputs.size());
  for (const Value& y : outputs) result.push_back(slope_of(y.id()));
  return result;
}

}  // namespace autograd::detail
