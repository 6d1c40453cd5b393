#include "autograd/replay/rerolled_function.hpp"

#include <algorithm>

#include <autograd/replay/executor.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorder.hpp>
#include <autograd/replay/scratch.hpp>

namespace autograd::detail {
namespace {

constexpr std::size_t kNumbersAtATime = 16'384;  // of the columns of a loop
constexpr std::size_t kArrays = 2;               // of memory for a run

thread_local Scratch scratch_of_loops;

// Whether the derivatives of a function of parameters alone are the same everywhere, and it is made
// of a few additions and multiplications.
bool is_affine(const Trace& trace) {
  for (Trace::Node i = 0; i < trace.size(); ++i) {
    const ReplayCode c = trace.code(i);
    const auto x = trace.operands(i);
    if (c == Trace::kInput) return false;
    const bool adds = trace.is_leaf(i) || c == code<ops::Add> || c == code<ops::Sub> ||
                      c == code<ops::Sum> || c == code<ops::Neg>;
    const bool multiplies = c == code<ops::Mul> && (trace.is_number(x[0]) || trace.is_number(x[1]));
    const bool divides = c == code<ops::Div> && trace.is_number(x[1]);
    if (!adds && !multiplies && !divides) return false;
  }
  return true;
}

std::unique_ptr<const Recorded> record(const Trace& trace, std::span<const double> parameters,
                                       std::span<const double> inputs,
                                       std::size_t differentiated_inputs) {
  return std::make_unique<const Recorded>(
      differentiated(trace, parameters, inputs, differentiated_inputs), parameters.size(),
      inputs.size(), 1, std::vector<Guard>(), differentiated_inputs);
}

}  // namespace

RerolledFunction::RerolledFunction(const Trace& function, const Rerolled& rerolled,
                                   const Variables& at, std::size_t inputs)
    : parameters_(at.parameters.size()), inputs_(inputs), rest_nodes_(rerolled.rest.size()) {
  const auto variable = [&](Trace::Node leaf) {
    const std::uint32_t index = function.nodes[leaf].first;
    return function.code(leaf) == Trace::kParameter
               ? index
               : static_cast<std::uint32_t>(parameters_) + index;
  };
  for (const Loop& loop : rerolled.loops) {
    Part part{};
    part.rows = loop.rows;
    std::vector<double> shared, first_row;
    for (const Trace::Node leaf : loop.shared) {
      part.shared.push_back(variable(leaf));
      shared.push_back(at[part.shared.back()]);
    }
    const std::size_t width = loop.columns.size() / loop.rows;
    std::vector<std::uint32_t> variables;
    for (std::size_t k = 0; k < width; ++k) {
      const auto nodes = std::span(loop.columns).subspan(k * loop.rows, loop.rows);
      if (k < loop.leaf_columns) {
        variables.clear();
        for (const Trace::Node leaf : nodes) variables.push_back(variable(leaf));
        part.columns.push_back(column_of(variables));
        first_row.push_back(at[variables[0]]);
      } else {
        for (const Trace::Node number : nodes) part.numbers.push_back(function.number(number));
        first_row.push_back(function.number(nodes[0]));
      }
    }
    part.body = record(loop.body, shared, first_row, loop.leaf_columns);
    const std::size_t fitting = kNumbersAtATime / std::max<std::size_t>(width, 1) / 64 * 64;
    part.chunk = std::min(part.rows, std::max<std::size_t>(fitting, 64));
    most_of_part_ = std::max(most_of_part_, 2 * shared.size() + 2 * width * part.chunk);
    parts_.push_back(std::move(part));
  }
  std::vector<double> zeros_of_sums(parts_.size()), leaves;
  for (const Trace::Node leaf : rerolled.leaves) {
    leaves_.push_back(variable(leaf));
    leaves.push_back(at[leaves_.back()]);
  }
  rest_ = record(rerolled.rest, zeros_of_sums, leaves, leaves.size());
  const Trace& rest = rest_->trace();
  rest_value_ = std::make_unique<const ScalarProgram>(
      remove_dead(rest, std::span(rest.outputs).first(1)), parts_.size(), leaves.size());
  rest_gradient_ = std::make_unique<const ScalarProgram>(rest, parts_.size(), leaves.size());
  const std::size_t rest_memory = std::max(rest_value_->size(), rest_gradient_->size());
  memory_ = parts_.size() + most_of_part_ + rest_memory;
  if (!is_affine(rerolled.rest)) return;
  std::vector<double> numbers(rest_gradient_->size());
  rest_gradient_->set_constants(numbers.data());
  rest_gradient_->run(numbers.data());
  for (std::size_t k = 0; k < parts_.size(); ++k)
    slopes_.push_back(rest_gradient_->output(numbers.data(), 1 + k));
}

std::string RerolledFunction::to_string() const {
  std::string result;
  const auto add = [&](const char* before, std::size_t count, const char* after) {
    result.append(before).append(std::to_string(count)).append(after);
  };
  for (const Part& each : parts_) {
    add("loop of ", each.rows, " rows: ");
    add("", each.columns.size(), " columns of leaves, ");
    add("", each.width() - each.columns.size(), " of numbers, ");
    add("", each.shared.size(), " leaves for all rows\n");
  }
  add("rest of ", rest_nodes_, " nodes\n");
  return result;
}

RerolledFunction::Column RerolledFunction::column_of(std::span<const std::uint32_t> variables) {
  Column result{variables[0], 0, {}};
  if (variables.size() > 1) result.step = std::int64_t{variables[1]} - std::int64_t{variables[0]};
  for (std::size_t i = 1; i < variables.size(); ++i) {
    if (std::int64_t{variables[i]} - std::int64_t{variables[i - 1]} != result.step) {
      result.list.assign(variables.begin(), variables.end());
      break;
    }
  }
  return result;
}

// Calls visit(r, number at row begin + r) for the variables of a column, which lie at `parameters`
// and `inputs`; one of these may be null, and is left out then.
template <class Number, class Visit>
void RerolledFunction::visit_column(const Column& column, std::size_t begin, std::size_t count,
                                    Number* parameters, Number* inputs, std::size_t stride,
                                    const Visit& visit) const {
  const auto p = static_cast<std::int64_t>(parameters_);
  const std::int64_t first = column.first + static_cast<std::int64_t>(begin) * column.step;
  const std::int64_t last = first + static_cast<std::int64_t>(count - 1) * column.step;
  if (!column.list.empty() || (first < p) != (last < p)) {
    for (std::size_t r = 0; r < count; ++r) {
      const std::int64_t i = column.list.empty()
                                 ? first + static_cast<std::int64_t>(r) * column.step
                                 : column.list[begin + r];
      if (i < p && parameters != nullptr) visit(r, parameters[i]);
      if (i >= p && inputs != nullptr)
        visit(r, inputs[(i - p) * static_cast<std::int64_t>(stride)]);
    }
    return;
  }
  Number* const from = first < p ? parameters : inputs;
  if (from == nullptr) return;
  const std::int64_t scale = first < p ? 1 : static_cast<std::int64_t>(stride);
  Number* const at = from + (first < p ? first : first - p) * scale;
  const std::int64_t step = column.step * scale;
  if (step == 1) {
    for (std::size_t r = 0; r < count; ++r) visit(r, at[r]);
  } else {
    for (std::size_t r = 0; r < count; ++r) visit(r, at[static_cast<std::int64_t>(r) * step]);
  }
}

double RerolledFunction::run(const Variables& at, const Gradients& gradients,
                             const Kernels& kernels, std::size_t threads) const {
  std::ranges::fill(gradients.parameters, 0.0);
  std::ranges::fill(gradients.inputs, 0.0);
  const Gradients* const wanted = gradients.are_wanted() ? &gradients : nullptr;
  ScratchUse memory(scratch_of_loops, memory_, kArrays);
  double* const of_part = memory.take(most_of_part_);
  const bool is_affine = !slopes_.empty();
  const ScalarProgram& rest = wanted != nullptr && !is_affine ? *rest_gradient_ : *rest_value_;
  // Its parameters, the sums, are the first of its numbers; then come its inputs.
  double* const numbers = memory.take(rest.size());
  rest.set_constants(numbers);
  for (std::size_t k = 0; k < parts_.size(); ++k)
    numbers[k] = is_affine ? run_part(parts_[k], at, slopes_[k], wanted, kernels, threads, of_part)
                           : run_part(parts_[k], at, 0, nullptr, kernels, threads, of_part);
  for (std::size_t i = 0; i < leaves_.size(); ++i) numbers[parts_.size() + i] = at[leaves_[i]];
  rest.run(numbers);
  const double y = rest.output(numbers, 0);
  if (wanted == nullptr || is_affine) return y;
  for (std::size_t i = 0; i < leaves_.size(); ++i)
    add_to(gradients, leaves_[i], rest.output(numbers, 1 + parts_.size() + i));
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const double slope = rest.output(numbers, 1 + k);
    if (slope != 0) run_part(parts_[k], at, slope, wanted, kernels, threads, of_part);
  }
  return y;
}

void RerolledFunction::add_to(const Gradients& gradients, std::size_t variable, double x) const {
  if (variable < parameters_) {
    if (!gradients.parameters.empty()) gradients.parameters[variable] += x;
  } else if (!gradients.inputs.empty()) {
    gradients.inputs[variable - parameters_] += x;
  }
}

// The sum over the rows. Adds slope times its derivatives to the gradients.
double RerolledFunction::run_part(const Part& part, const Variables& at, double slope,
                                  const Gradients* gradients, const Kernels& kernels,
                                  std::size_t threads, double* memory) const {
  const std::size_t leaf_columns = part.columns.size(), shared_count = part.shared.size();
  double* const shared = memory;
  double* const by_shared = shared + shared_count;
  double* const numbers = by_shared + shared_count;
  double* const by_numbers = numbers + part.width() * part.chunk;
  for (std::size_t i = 0; i < shared_count; ++i) shared[i] = at[part.shared[i]];
  const bool is_wanted = gradients != nullptr && slope != 0;
  const unsigned wanted = kTotals | (is_wanted && shared_count != 0 ? kGradient : 0u) |
                          (is_wanted && leaf_columns != 0 ? kInputGradients : 0u);
  const Program& program = part.body->program(wanted);
  double result = 0;
  for (std::size_t begin = 0; begin < part.rows; begin += part.chunk) {
    const std::size_t count = std::min(part.chunk, part.rows - begin);
    for (std::size_t k = 0; k < leaf_columns; ++k) {
      visit_column(part.columns[k], begin, count, at.parameters.data(), at.inputs, at.stride,
                   [column = numbers + k * part.chunk](std::size_t r, double x) { column[r] = x; });
    }
    for (std::size_t k = leaf_columns; k < part.width(); ++k) {
      std::copy_n(part.numbers.data() + (k - leaf_columns) * part.rows + begin, count,
                  numbers + k * part.chunk);
    }
    double value = 0;
    const Batch batch{{shared, shared_count},
                      {numbers, 1, part.chunk},
                      {Columns{nullptr, 1, 1}, Columns{by_numbers, 1, part.chunk}},
                      count,
                      {&value, by_shared},
                      false,
                      {}};
    detail::run(program, kernels, batch, threads);
    result += value;
    if (!is_wanted) continue;
    for (std::size_t i = 0; i < shared_count; ++i)
      add_to(*gradients, part.shared[i], slope * by_shared[i]);
    double* const by_parameters =
        gradients->parameters.empty() ? nullptr : gradients->parameters.data();
    double* const by_inputs = gradients->inputs.empty() ? nullptr : gradients->inputs.data();
    for (std::size_t k = 0; k < leaf_columns; ++k) {
      visit_column(part.columns[k], begin, count, by_parameters, by_inputs, 1,
                   [column = by_numbers + k * part.chunk, slope](std::size_t r, double& x) {
                     x += slope * column[r];
                   });
    }
  }
  return result;
}

}  // namespace autograd::detail
