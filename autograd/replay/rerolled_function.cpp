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

std::unique_ptr<const Recorded> record(const Trace& trace, std::vector<Guard> guards,
                                       std::span<const double> parameters,
                                       std::span<const double> inputs,
                                       std::size_t differentiated_inputs) {
  const std::size_t outputs = trace.outputs.size() - guards.size();
  return std::make_unique<const Recorded>(
      differentiated(trace, guards, parameters, inputs, differentiated_inputs), parameters.size(),
      inputs.size(), outputs, std::move(guards), differentiated_inputs);
}

}  // namespace

RerolledFunction::RerolledFunction(const Trace& function, std::span<const Guard> guards,
                                   const Rerolled& rerolled, const Variables& at,
                                   std::size_t inputs)
    : parameters_(at.parameters.size()), inputs_(inputs), rest_nodes_(rerolled.rest.size()) {
  const std::size_t outputs = function.outputs.size() - guards.size();
  const auto guards_of = [&](std::span<const std::uint32_t> places) {
    std::vector<Guard> result;
    for (const std::uint32_t i : places) result.push_back(guards[i - outputs]);
    return result;
  };
  const auto variable = [&](Trace::Node leaf) { return variable_of(function, leaf, parameters_); };
  for (const Loop& loop : rerolled.loops) {
    Part part{};
    part.rows = loop.rows;
    std::vector<double> shared, first_row;
    for (const Trace::Node leaf : loop.shared) {
      part.shared.push_back(variable(leaf));
      shared.push_back(at[part.shared.back()]);
    }
    for (const std::uint32_t each : part.shared) {
      const bool goes_on = !part.stretches.empty() && each != parameters_ &&
                           part.stretches.back().first + part.stretches.back().count == each;
      if (!goes_on) part.stretches.push_back({each, 0});
      ++part.stretches.back().count;
    }
    const std::size_t width = loop.columns.size() / loop.rows;
    std::vector<std::uint32_t> variables;
    for (std::size_t k = 0; k < width; ++k) {
      const auto nodes = std::span(loop.columns).subspan(k * loop.rows, loop.rows);
      if (k < loop.leaf_columns) {
        variables.clear();
        for (const Trace::Node leaf : nodes) variables.push_back(variable(leaf));
        part.columns.push_back(Column::of(variables));
        first_row.push_back(at[variables[0]]);
      } else {
        for (const Trace::Node number : nodes) part.numbers.push_back(function.number(number));
        first_row.push_back(function.number(nodes[0]));
      }
    }
    part.has_sum = loop.has_sum;
    part.values = loop.values;
    part.body = record(loop.body, guards_of(loop.guards), shared, first_row, loop.leaf_columns);
    const std::size_t fitting = kNumbersAtATime / std::max<std::size_t>(width, 1) / 64 * 64;
    part.chunk =
        std::min((part.rows + kLanes - 1) / kLanes * kLanes, std::max<std::size_t>(fitting, 64));
    const std::size_t results = part.body->outputs;
    most_of_part_ = std::max(
        most_of_part_, 2 * shared.size() + 2 * width * part.chunk + results * (1 + part.chunk));
    parts_.push_back(std::move(part));
  }
  std::vector<double> zeros_of_sums(parts_.size()), leaves;
  for (const Trace::Node leaf : rerolled.leaves) {
    leaves_.push_back(variable(leaf));
    leaves.push_back(at[leaves_.back()]);
  }
  const auto first_guard = std::ranges::lower_bound(rerolled.outputs, outputs);
  rest_outputs_.assign(rerolled.outputs.begin(), first_guard);
  rest_ = record(rerolled.rest, guards_of({first_guard, rerolled.outputs.end()}), zeros_of_sums,
                 leaves, leaves.size());
  const Trace& rest = rest_->trace();
  std::vector<Trace::Node> values(rest.outputs);
  const auto derivatives = values.begin() + static_cast<std::ptrdiff_t>(rest_outputs_.size());
  values.erase(derivatives,
               derivatives + static_cast<std::ptrdiff_t>(parts_.size() + leaves.size()));
  rest_value_ = std::make_unique<const ScalarProgram>(remove_dead(rest, values), parts_.size(),
                                                      leaves.size());
  rest_gradient_ = std::make_unique<const ScalarProgram>(rest, parts_.size(), leaves.size());
  find_views();
  const std::size_t rest_memory = std::max(rest_value_->size(), rest_gradient_->size());
  memory_ = parts_.size() + most_of_part_ + rest_memory;
  if (!is_affine(remove_dead(rerolled.rest, std::span(rerolled.rest.outputs).first(1)))) return;
  std::vector<double> numbers(rest_gradient_->size());
  rest_gradient_->set_constants(numbers.data());
  rest_gradient_->run(numbers.data());
  for (std::size_t k = 0; k < parts_.size(); ++k)
    slopes_.push_back(rest_gradient_->output(numbers.data(), rest_outputs_.size() + k));
}

void RerolledFunction::find_views() {
  std::vector<std::uint32_t> uses(parameters_ + inputs_, 0);
  for (const std::uint32_t leaf : leaves_) ++uses[leaf];
  const auto for_each_leaf = [](const Part& part, const auto& visit) {
    for (const Column& column : part.columns)
      for (std::size_t r = 0; r < part.rows; ++r)
        visit(column.list.empty() ? static_cast<std::size_t>(
                                        column.first + static_cast<std::int64_t>(r) * column.step)
                                  : std::size_t{column.list[r]});
  };
  for (const Part& part : parts_) {
    for (const std::uint32_t leaf : part.shared) ++uses[leaf];
    for_each_leaf(part, [&](std::size_t leaf) { ++uses[leaf]; });
  }
  for (Part& part : parts_) {
    const std::vector<Column>& columns = part.columns;
    if (columns.empty()) part.is_view = !part.numbers.empty();
    if (columns.empty() || !part.numbers.empty()) continue;
    const std::size_t first = columns[0].first;
    const bool is_forward = columns.size() == 1 || columns[1].first >= first;
    if (columns.size() > 1 && is_forward) part.stride = columns[1].first - first;
    part.is_view = is_forward;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const Column& column = columns[k];
      const bool is_parameter = column.first + part.rows <= parameters_;
      part.is_view = part.is_view && column.list.empty() && column.step == 1 &&
                     column.first == first + k * part.stride &&
                     (is_parameter || column.first >= parameters_) &&
                     is_parameter == (first < parameters_);
    }
    part.owns_leaves = part.is_view;
    for_each_leaf(part, [&](std::size_t leaf) { part.owns_leaves &= uses[leaf] == 1; });
  }
}

const double* RerolledFunction::view(const Part& part, std::size_t begin,
                                     const Variables& at) const {
  if (!part.is_view) return nullptr;
  if (part.columns.empty()) return part.numbers.data() + begin;
  const std::size_t first = part.columns[0].first + begin;
  if (first < parameters_) return at.parameters.data() + first;
  return at.stride == 1 ? at.inputs + (first - parameters_) : nullptr;
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
    add("", each.shared.size(), " leaves for all rows");
    if (!each.values.empty()) add(", ", each.body->outputs - 1, " outputs of each");
    if (!each.body->guards.empty()) add(", ", each.body->guards.size(), " guards of each");
    result += "\n";
  }
  add("rest of ", rest_nodes_, " nodes\n");
  return result;
}

std::optional<double> RerolledFunction::run(const Variables& at, std::span<double> outputs,
                                            const Gradients& gradients, const Kernels& kernels,
                                            std::size_t threads) const {
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
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    numbers[k] = 0;
    if (!parts_[k].is_needed(!outputs.empty())) continue;
    const std::optional<double> sum =
        is_affine ? run_part(parts_[k], at, outputs, slopes_[k], wanted, k == 0, kernels, threads,
                             of_part)
                  : run_part(parts_[k], at, outputs, 0, nullptr, false, kernels, threads, of_part);
    if (!sum) return {};
    numbers[k] = *sum;
  }
  for (std::size_t i = 0; i < leaves_.size(); ++i) numbers[parts_.size() + i] = at[leaves_[i]];
  rest.run(numbers);
  const std::size_t values = rest_outputs_.size();
  const std::size_t derivatives = &rest == rest_value_.get() ? 0 : parts_.size() + leaves_.size();
  for (std::size_t i = 0; i < rest_->guards.size(); ++i)
    if ((rest.output(numbers, values + derivatives + i) != 0) != rest_->guards[i].must_be)
      return {};
  const double y = rest.output(numbers, 0);
  for (std::size_t i = 0; i < values && !outputs.empty(); ++i)
    outputs[rest_outputs_[i]] = rest.output(numbers, i);
  if (wanted == nullptr || is_affine) return y;
  for (std::size_t i = 0; i < leaves_.size(); ++i)
    gradients.add(leaves_[i], rest.output(numbers, values + parts_.size() + i));
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const double slope = rest.output(numbers, values + k);
    if (slope != 0)
      (void)run_part(parts_[k], at, {}, slope, wanted, false, kernels, threads, of_part);
  }
  return y;
}

// What all rows share: where it lies, or in `room`.
std::span<const double> RerolledFunction::shared_of(const Part& part, const Variables& at,
                                                    double* room) const {
  double* next = room;
  for (const auto& [first, count] : part.stretches) {
    if (first < parameters_ || at.stride == 1) {
      const double* const from =
          first < parameters_ ? at.parameters.data() + first : at.inputs + (first - parameters_);
      if (part.stretches.size() == 1) return {from, count};
      next = std::copy_n(from, count, next);
    } else {
      for (std::uint32_t i = 0; i < count; ++i) *next++ = at[first + i];
    }
  }
  return {room, part.shared.size()};
}

// The sum over the rows. Adds slope times its derivatives to the gradients, which are 0 so far if
// this is the first of the parts. Nothing if a row diverges.
std::optional<double> RerolledFunction::run_part(const Part& part, const Variables& at,
                                                 std::span<double> outputs, double slope,
                                                 const Gradients* gradients, bool is_first,
                                                 const Kernels& kernels, std::size_t threads,
                                                 double* memory) const {
  const std::size_t leaf_columns = part.columns.size(), shared_count = part.shared.size();
  double* const shared = memory;
  double* const by_shared = shared + shared_count;
  double* const numbers = by_shared + shared_count;
  double* const by_numbers = numbers + part.width() * part.chunk;
  double* const results = by_numbers + part.width() * part.chunk;
  double* const totals = results + part.body->outputs * part.chunk;
  const std::span<const double> parameters = shared_of(part, at, shared);
  const bool is_wanted = gradients != nullptr && slope != 0;
  const bool are_columns_wanted =
      is_wanted && leaf_columns != 0 && !(part.owns_leaves && leaves_of(part, *gradients).empty());
  const bool are_outputs_wanted = !outputs.empty() && !part.values.empty();
  const unsigned wanted = (part.has_sum ? kTotals : 0u) | (are_outputs_wanted ? kValues : 0u) |
                          (is_wanted && shared_count != 0 ? kGradient : 0u) |
                          (are_columns_wanted ? kInputGradients : 0u);
  const Program& program = part.body->program(wanted);
  // Where there is nothing yet, derivatives by what is shared are written to where they belong.
  std::span<double> direct;
  if (is_wanted && is_first && part.stretches.size() == 1 && part.rows <= part.chunk)
    direct = gradients->from(part.stretches[0].first, shared_count);
  double result = 0;
  for (std::size_t begin = 0; begin < part.rows; begin += part.chunk) {
    const std::size_t count = std::min(part.chunk, part.rows - begin);
    Columns columns{numbers, 1, part.chunk}, by_columns{by_numbers, 1, part.chunk};
    if (const double* const from = view(part, begin, at)) {
      columns = {const_cast<double*>(from), 1, leaf_columns == 0 ? part.rows : part.stride};
    } else {
      for (std::size_t k = 0; k < leaf_columns; ++k)
        part.columns[k].load(begin, count, at, numbers + k * part.chunk);
      for (std::size_t k = leaf_columns; k < part.width(); ++k) {
        std::copy_n(part.numbers.data() + (k - leaf_columns) * part.rows + begin, count,
                    numbers + k * part.chunk);
      }
    }
    if (are_columns_wanted && part.owns_leaves)
      by_columns = {leaves_of(part, *gradients).data() + begin, 1, part.stride};
    const Batch batch{parameters,
                      columns,
                      {Columns{results, 1, part.chunk}, by_columns},
                      count,
                      {totals, direct.empty() ? by_shared : direct.data()},
                      false,
                      {}};
    if (detail::run(program, kernels, batch, threads).rows != 0) return {};
    if (part.has_sum) result += totals[0];
    for (std::size_t i = 0; are_outputs_wanted && i < part.body->outputs - 1; ++i) {
      const std::uint32_t* const to = part.values.data() + i * part.rows + begin;
      const double* const from = results + (1 + i) * part.chunk;
      for (std::size_t r = 0; r < count; ++r) outputs[to[r]] = from[r];
    }
    if (!is_wanted) continue;
    const double* from = by_shared;
    if (slope != 1)
      for (double& each : direct) each *= slope;
    for (const auto& [first, many] : part.stretches) {
      if (!direct.empty()) break;
      if (const std::span<double> to = gradients->from(first, many); !to.empty())
        add_multiple(slope, from, many, to.data());
      from += many;
    }
    for (std::size_t k = 0; k < leaf_columns && are_columns_wanted; ++k) {
      if (!part.owns_leaves) {
        part.columns[k].add_to(*gradients, begin, count, slope, by_numbers + k * part.chunk);
      } else if (slope != 1) {
        double* const x = by_columns.data + k * part.stride;
        for (std::size_t r = 0; r < count; ++r) x[r] *= slope;
      }
    }
  }
  return result;
}

// The derivatives by the leaves of a part from that of its first row and column on, where they lie
// in one array; empty if these are not wanted.
std::span<double> RerolledFunction::leaves_of(const Part& part, const Gradients& gradients) const {
  const std::size_t first = part.columns[0].first;
  if (first < parameters_)
    return gradients.parameters.empty() ? std::span<double>() : gradients.parameters.subspan(first);
  return gradients.inputs.empty() ? std::span<double>()
                                  : gradients.inputs.subspan(first - parameters_);
}

}  // namespace autograd::detail
