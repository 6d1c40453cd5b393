#include "autograd/replay/chained_function.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <autograd/replay/cut.hpp>
#include <autograd/replay/executor.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorder.hpp>
#include <autograd/replay/scratch.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kNumbersOfAChunk = 8192;  // of a chunk of steps, and of their derivatives
// Operations of the derivatives of a step for each of its own: above, a batch takes longer.
constexpr std::size_t kMostDearer = 16;

thread_local Scratch scratch_of_chains;

}  // namespace

std::unique_ptr<const ChainedFunction> ChainedFunction::of(const Trace& function,
                                                           const Chain& chain, const Variables& at,
                                                           std::size_t inputs) {
  std::unique_ptr<ChainedFunction> result(new ChainedFunction);
  result->parameters_ = at.parameters.size();
  result->inputs_ = inputs;
  result->steps_ = chain.steps;
  result->carried_ = chain.carried;
  if (!result->add_step(function, chain, at)) return nullptr;
  result->add_before(function, chain, at);
  result->add_after(function, chain, at);
  return result;
}

void ChainedFunction::add_before(const Trace& function, const Chain& chain, const Variables& at) {
  std::vector<Node> computed(chain.begin);
  for (const Node x : chain.shared) {
    const bool is_leaf = function.is_leaf(x);
    shared_.push_back(is_leaf ? variable_of(function, x, at.parameters.size()) : kNone);
    if (!is_leaf) computed.push_back(x);
  }
  Cut cut(function, computed, {});
  std::vector<double> leaves;
  for (const Node leaf : cut.leaves) {
    before_.leaves.push_back(variable_of(function, leaf, at.parameters.size()));
    leaves.push_back(at[before_.leaves.back()]);
  }
  before_.value = std::make_unique<const ScalarProgram>(simplify(cut.trace), 0, leaves.size());
  const std::size_t weights = computed.size();
  const Trace gradient = differentiated(weighted(cut.trace), {}, std::vector<double>(weights, 1),
                                        leaves, leaves.size());
  before_.gradient = std::make_unique<const ScalarProgram>(
      simplify(remove_dead(gradient, std::span(gradient.outputs).subspan(1 + weights))), weights,
      leaves.size());
  before_.trace = std::move(cut.trace);
}

void ChainedFunction::add_after(const Trace& function, const Chain& chain, const Variables& at) {
  Cut cut(function, function.outputs, chain.end);
  std::vector<double> leaves;
  for (const Node leaf : cut.leaves) {
    after_.leaves.push_back(variable_of(function, leaf, at.parameters.size()));
    leaves.push_back(at[after_.leaves.back()]);
  }
  after_.value =
      std::make_unique<const ScalarProgram>(simplify(cut.trace), carried_, leaves.size());
  after_.gradient = std::make_unique<const ScalarProgram>(
      simplify(
          differentiated(cut.trace, {}, std::vector<double>(carried_, 1), leaves, leaves.size())),
      carried_, leaves.size());
  after_.trace = std::move(cut.trace);
}

bool ChainedFunction::add_step(const Trace& function, const Chain& chain, const Variables& at) {
  const std::size_t variables = carried_ + chain.leaf_columns + chain.shared.size();
  // Where numbers are recorded is of no matter to a trace of values.
  std::vector<double> shared(chain.shared.size(), 1), inputs(carried_ + chain.width(), 1);
  std::vector<std::uint32_t> places;
  for (std::size_t k = 0; k < chain.width(); ++k) {
    const auto nodes = std::span(chain.columns).subspan(k * steps_, steps_);
    if (k >= chain.leaf_columns) {
      for (const Node x : nodes) numbers_.push_back(function.number(x));
      continue;
    }
    places.clear();
    for (const Node x : nodes) places.push_back(variable_of(function, x, at.parameters.size()));
    columns_.push_back(Column::of(places));
  }
  body_ = chain.body;
  const Trace body = simplify(body_);
  step_ = std::make_unique<const ScalarProgram>(body, shared.size(), inputs.size());
  const Trace jacobian =
      simplify(jacobian_of(chain.body, shared, inputs, carried_ + chain.leaf_columns));
  if (jacobian.size() > kMostDearer * (body.size() + 4)) return false;
  std::vector<Node> wanted;
  for (std::size_t i = 0; i < jacobian.outputs.size(); ++i) {
    const Node entry = jacobian.outputs[i];
    if (jacobian.is_number(entry, 0)) continue;
    const bool is_number = jacobian.is_number(entry);
    entries_.push_back({static_cast<std::uint32_t>(i / variables),
                        static_cast<std::uint32_t>(i % variables),
                        is_number ? kNone : static_cast<std::uint32_t>(wanted.size()),
                        is_number ? jacobian.number(entry) : 0});
    if (!is_number) wanted.push_back(entry);
    if (entries_.back().variable < carried_) in_order_.push_back(entries_.back());
  }
  if (!wanted.empty()) {
    jacobian_ =
        std::make_unique<const Recorded>(remove_dead(jacobian, wanted), shared.size(),
                                         inputs.size(), wanted.size(), std::vector<Guard>(), 0);
  }
  const std::size_t fitting = kNumbersOfAChunk / (width() + wanted.size() + carried_) / 64 * 64;
  chunk_ = std::min(steps_, std::max<std::size_t>(fitting, 64));
  return true;
}

std::string ChainedFunction::to_string() const {
  const auto of = [](std::size_t count, const char* what) { return std::to_string(count) + what; };
  return "chain of " + of(steps_, " steps: ") + of(carried_, " carried, ") +
         of(columns_.size(), " columns of leaves, ") +
         of(numbers_.size() / steps_, " of numbers, ") + of(shared_.size(), " for all steps\n") +
         "before it " + of(before_.trace.size(), " nodes, after it ") +
         of(after_.trace.size(), "\n");
}

void ChainedFunction::Part::load(const ScalarProgram& program, std::size_t parameters,
                                 double* numbers, const Variables& at) const {
  program.set_constants(numbers);
  for (std::size_t i = 0; i < leaves.size(); ++i) numbers[parameters + i] = at[leaves[i]];
}

// Memory of a run.
struct ChainedFunction::Memory {
  double* numbers;             // of the program that runs
  double *shared, *by_shared;  // what all steps share, and its derivatives
  double *carried, *by_carried;
  // For each chunk of steps its columns one behind the other: first what the steps took. Without
  // derivatives there is but one chunk, which is used again.
  double* kept;
  double *entries, *weights;  // of a chunk: of the Jacobians, and of what its steps left
};

std::optional<double> ChainedFunction::run(const Variables& at, std::span<double> outputs,
                                           const Gradients& gradients, const Kernels& kernels,
                                           std::size_t threads) const {
  std::ranges::fill(gradients.parameters, 0.0);
  std::ranges::fill(gradients.inputs, 0.0);
  const bool is_wanted = gradients.are_wanted();
  const ScalarProgram& after = is_wanted ? *after_.gradient : *after_.value;
  const std::size_t most =
      std::max({before_.value->size(), before_.gradient->size(), after.size(), step_->size()});
  const std::size_t kept = width() * chunk_ * (is_wanted ? chunks() : 1);
  const std::size_t entries = jacobian_ == nullptr ? 0 : jacobian_->outputs * chunk_;
  const std::size_t carried = 2 * carried_, shared = 2 * shared_.size();
  ScratchUse scratch(scratch_of_chains,
                     most + shared + carried + kept + entries + carried_ * chunk_, 6);
  Memory memory{};
  memory.numbers = scratch.take(most);
  memory.shared = scratch.take(shared);
  memory.by_shared = memory.shared + shared_.size();
  memory.carried = scratch.take(carried);
  memory.by_carried = memory.carried + carried_;
  memory.kept = scratch.take(kept);
  memory.entries = scratch.take(entries);
  memory.weights = scratch.take(carried_ * chunk_);

  run_before(at, memory);
  run_steps(at, is_wanted, memory);
  double* const numbers = memory.numbers;
  after_.load(after, carried_, numbers, at);
  std::copy_n(memory.carried, carried_, numbers);
  after.run(numbers);
  const double y = after.output(numbers, 0);
  if (!outputs.empty()) outputs[0] = y;
  if (!is_wanted) return y;
  for (std::size_t k = 0; k < carried_; ++k) memory.by_carried[k] = after.output(numbers, 1 + k);
  for (std::size_t i = 0; i < after_.leaves.size(); ++i)
    gradients.add(after_.leaves[i], after.output(numbers, 1 + carried_ + i));
  run_back(gradients, kernels, threads, memory);
  add_before_gradients(at, gradients, memory);
  return y;
}

void ChainedFunction::run_before(const Variables& at, const Memory& memory) const {
  const ScalarProgram& before = *before_.value;
  double* const numbers = memory.numbers;
  before_.load(before, 0, numbers, at);
  before.run(numbers);
  std::size_t next = 0;
  for (std::size_t k = 0; k < carried_; ++k) memory.carried[k] = before.output(numbers, next++);
  for (std::size_t i = 0; i < shared_.size(); ++i)
    memory.shared[i] = shared_[i] != kNone ? at[shared_[i]] : before.output(numbers, next++);
}

void ChainedFunction::run_steps(const Variables& at, bool is_kept, const Memory& memory) const {
  const ScalarProgram& step = *step_;
  double* const numbers = memory.numbers;
  step.set_constants(numbers);
  std::copy_n(memory.shared, shared_.size(), numbers);
  double* const inputs = numbers + shared_.size();
  std::copy_n(memory.carried, carried_, inputs);
  for (std::size_t begin = 0; begin < steps_; begin += chunk_) {
    const std::size_t count = std::min(chunk_, steps_ - begin);
    double* const block = memory.kept + (is_kept ? begin * width() : 0);
    for (std::size_t k = 0; k < columns_.size(); ++k)
      columns_[k].load(begin, count, at, block + (carried_ + k) * chunk_);
    const std::size_t first_number = carried_ + columns_.size();
    for (std::size_t k = first_number; k < width(); ++k)
      std::copy_n(numbers_.data() + (k - first_number) * steps_ + begin, count, block + k * chunk_);
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t k = 0; k < carried_; ++k) block[k * chunk_ + r] = inputs[k];
      for (std::size_t k = carried_; k < width(); ++k) inputs[k] = block[k * chunk_ + r];
      step.run(numbers);
      if (carried_ == 1) {
        inputs[0] = step.output(numbers, 0);
        continue;
      }
      for (std::size_t k = 0; k < carried_; ++k) memory.carried[k] = step.output(numbers, k);
      for (std::size_t k = 0; k < carried_; ++k) inputs[k] = memory.carried[k];
    }
  }
  std::copy_n(inputs, carried_, memory.carried);
}

// From by_carried, the derivatives by what the last step left, to those by what the first one took.
void ChainedFunction::run_back(const Gradients& gradients, const Kernels& kernels,
                               std::size_t threads, const Memory& memory) const {
  std::fill_n(memory.by_shared, shared_.size(), 0.0);
  const std::size_t columns = columns_.size();
  for (std::size_t chunk = chunks(); chunk-- > 0;) {
    const std::size_t begin = chunk * chunk_, count = std::min(chunk_, steps_ - begin);
    const std::span<const double> w(memory.by_carried, carried_);
    if (std::ranges::all_of(w, [](double each) { return each == 0; })) return;
    double* const block = memory.kept + begin * width();
    if (jacobian_ != nullptr) {
      const Batch batch{{memory.shared, shared_.size()},
                        {block, 1, chunk_},
                        {Columns{memory.entries, 1, chunk_}, Columns{}},
                        count,
                        {nullptr, nullptr},
                        false,
                        {}};
      detail::run(jacobian_->program(kValues), kernels, batch, threads);
    }
    run_back_in_order(count, memory);
    // All else is a sum over the steps. Columns of leaves take the places of what the steps took.
    for (std::size_t k = 0; k < columns; ++k)
      std::fill_n(block + (carried_ + k) * chunk_, count, 0.0);
    for (const Entry& each : entries_) {
      if (each.variable < carried_) continue;
      const double* const weights = memory.weights + each.output * chunk_;
      const double* const entry =
          each.column == kNone ? nullptr : memory.entries + each.column * chunk_;
      const auto product = [&](std::size_t r) {
        const double x = entry == nullptr ? each.number : entry[r];
        return weights[r] == 0 ? 0.0 : weights[r] * x;
      };
      if (each.variable < carried_ + columns) {
        double* const to = block + each.variable * chunk_;
        for (std::size_t r = 0; r < count; ++r) to[r] += product(r);
      } else {
        double sum = 0;
        for (std::size_t r = 0; r < count; ++r) sum += product(r);
        memory.by_shared[each.variable - carried_ - columns] += sum;
      }
    }
    for (std::size_t k = 0; k < columns; ++k)
      columns_[k].add_to(gradients, begin, count, 1, block + (carried_ + k) * chunk_);
  }
}

// weights: of every step of a chunk the derivatives by what it left.
void ChainedFunction::run_back_in_order(std::size_t count, const Memory& memory) const {
  if (carried_ == 1 && in_order_.size() == 1 && in_order_[0].column != kNone) {
    const double* const entry = memory.entries + in_order_[0].column * chunk_;
    double w = memory.by_carried[0];
    for (std::size_t r = count; r-- > 0;) {
      memory.weights[r] = w;
      w = w == 0 ? 0.0 : w * entry[r];
    }
    memory.by_carried[0] = w;
    return;
  }
  std::array<double, kMostCarried> next;
  for (std::size_t r = count; r-- > 0;) {
    for (std::size_t k = 0; k < carried_; ++k) {
      memory.weights[k * chunk_ + r] = memory.by_carried[k];
      next[k] = 0;
    }
    for (const Entry& each : in_order_) {
      const double w = memory.by_carried[each.output];
      const double x =
          each.column == kNone ? each.number : memory.entries[each.column * chunk_ + r];
      next[each.variable] += w == 0 ? 0.0 : w * x;
    }
    std::copy_n(next.data(), carried_, memory.by_carried);
  }
}

void ChainedFunction::add_before_gradients(const Variables& at, const Gradients& gradients,
                                           const Memory& memory) const {
  const ScalarProgram& before = *before_.gradient;
  double* const numbers = memory.numbers;
  const auto computed = std::ranges::count(shared_, kNone);
  before_.load(before, carried_ + static_cast<std::size_t>(computed), numbers, at);
  std::copy_n(memory.by_carried, carried_, numbers);
  for (std::size_t i = 0, next = carried_; i < shared_.size(); ++i) {
    if (shared_[i] != kNone) {
      gradients.add(shared_[i], memory.by_shared[i]);
    } else {
      numbers[next++] = memory.by_shared[i];
    }
  }
  before.run(numbers);
  for (std::size_t i = 0; i < before_.leaves.size(); ++i)
    gradients.add(before_.leaves[i], before.output(numbers, i));
}

}  // namespace autograd::detail
