#include "autograd/function.hpp"

#include <algorithm>
#include <new>
#include <unordered_set>

#include <autograd/ranges.hpp>
#include <autograd/replay/executor.hpp>
#include <autograd/replay/one_row.hpp>
#include <autograd/replay/recorder.hpp>

namespace autograd {

using detail::Recorded;

// ---- tracing ----

struct Function::Tracer::State {
  detail::Recorder recorder;
};

Function::Tracer::Tracer(Point parameters, Point inputs, bool is_strict) try
    : state_(new State{{parameters, inputs, inputs.size(), is_strict}}) {
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}
Function::Tracer::Tracer() : state_(std::make_unique<State>()) {}
Function::Tracer::~Tracer() = default;

std::span<const Value> Function::Tracer::parameters() const { return state_->recorder.parameters; }
std::span<const Value> Function::Tracer::inputs() const { return state_->recorder.inputs; }

void Function::Tracer::require_no_outer(std::span<const Value> outputs) const {
  state_->recorder.call().require_no_outer(outputs);
}

Function Function::Tracer::finish(std::span<const Value> outputs) {
  if (outputs.empty()) throw Error("Function::trace: the function has no outputs");
  return Function(Recorded::of(state_->recorder, outputs));
}

Function Function::trace(std::span<const Value> parameters, std::span<const Value> inputs,
                         std::span<const Value> outputs) {
  return trace_recorded(parameters, inputs, outputs, false);
}
Function Function::trace(std::span<const Value> parameters, std::span<const Value> inputs,
                         std::span<const Value> outputs, StrictDerivatives) {
  return trace_recorded(parameters, inputs, outputs, true);
}

Function Function::trace_recorded(std::span<const Value> parameters, std::span<const Value> inputs,
                                  std::span<const Value> outputs, bool is_strict) try {
  std::unordered_set<detail::Id> seen;
  for (const auto& xs : {parameters, inputs}) {
    for (const Value& x : xs) {
      if (x.id() == Value().id()) {
        throw Error(
            "Function::trace: one of the parameters and inputs was made without a number, as by "
            "Value(), and is the constant 0. Make it with one: Value x = 0;");
      }
      if (!seen.insert(x.id()).second) {
        throw Error(
            "Function::trace: two of the parameters and inputs are the same Value, so that it is "
            "not clear which of them varies");
      }
    }
  }
  Tracer tracer;
  detail::Recorder& recorder = tracer.state_->recorder;
  recorder.parameters.assign(parameters.begin(), parameters.end());
  recorder.inputs.assign(inputs.begin(), inputs.end());
  recorder.begin(inputs.size(), is_strict);
  return tracer.finish(outputs);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

// ---- derivatives ----

Function Function::jacobian(By by) const {
  return detail::with_memory_errors(
      [&] { return Function(recorded_->jacobian(by == By::kParameters)); });
}
Function Function::hessian(By by) const {
  return detail::with_memory_errors(
      [&] { return Function(recorded_->hessian(by == By::kParameters)); });
}
Function Function::hessian_vector_product(By by) const {
  return detail::with_memory_errors(
      [&] { return Function(recorded_->hessian_vector_product(by == By::kParameters)); });
}

// ---- running ----

std::size_t Function::parameters() const { return recorded_->parameters; }
std::size_t Function::inputs() const { return recorded_->inputs; }
std::size_t Function::outputs() const { return recorded_->outputs; }

std::string Function::to_dot() const {
  return detail::with_memory_errors([&] { return recorded_->to_dot(); });
}
std::string Function::to_cpp(const std::string& name) const {
  return detail::with_memory_errors([&] { return recorded_->to_cpp(name); });
}
std::string Function::to_string() const {
  return detail::with_memory_errors(
      [&] { return detail::to_string(recorded_->program(detail::kAllResults)); });
}
std::string Function::stages() const {
  return detail::with_memory_errors([&] { return recorded_->stages(detail::kAllResults); });
}

namespace {

void require(const char* what, std::size_t expected, std::size_t given) {
  if (expected == given) return;
  throw Error(std::string("Function: ").append(what).append(" are ") + std::to_string(expected) +
              ", but " + std::to_string(given) + " were given");
}

// Throws: Error unless f can be run with them. Of fewer than 2^59 numbers the bytes can be counted.
void require_arguments(const Recorded& f, Point parameters, const Rows& rows) {
  require("parameters", f.parameters, parameters.size());
  require("inputs of a row", f.inputs, rows.columns());
  if (rows.size() == 0) throw Error("Function: there are no rows");
  constexpr std::size_t kMany = std::size_t{1} << 32;  // below, no division is needed
  if (rows.size() > kMany && rows.size() > (std::size_t{1} << 59) / (f.inputs + f.outputs + 1))
    throw Error("Function: there are too many rows");
}

// " rows ..., the first is row 3, where x < y is false. Use select() instead of the comparison"
std::string failure_of(const detail::Guard& guard, std::size_t first_row) {
  const std::string first = "the first is row " + std::to_string(first_row) + ", where ";
  switch (guard.reason) {
    case detail::Guard::kSlope:
      return " rows are where a slope is a choice, and derivatives are strict; " + first +
             guard.text + ". Take a function that is smooth there";
    case detail::Guard::kIndex:
      return " rows pick what there is not; " + first + "the index is not " + guard.text +
             ". Mend these rows";
    case detail::Guard::kComparison:
      break;
  }
  return " rows would have taken another branch than the one that was recorded, " + first +
         guard.text + (guard.must_be ? " is false" : " is true") +
         ". Use select() instead of the comparison";
}

std::vector<double> zeros(std::size_t count) {
  return detail::with_memory_errors([=] { return std::vector<double>(count); });
}

const detail::Kernels& kernels_for(Instructions requested) {
  const auto usable = detail::usable_kernels();
  if (requested == Instructions::kBest) return *usable[0];
  const std::size_t lanes = requested == Instructions::kAvx512 ? 8
                            : requested == Instructions::kAvx2 ? 4
                                                               : 2;
  for (const detail::Kernels* kernels : usable)
    if (kernels->lanes == lanes) return *kernels;
  throw Error("Function: this processor does not have the instructions that were asked for");
}

}  // namespace

void Function::run(Point parameters, const Rows& rows, const Request& request) const {
  run(parameters, rows, request, rows.by_columns_);
}

void Function::run(Point parameters, const Rows& rows, const Request& request,
                   bool by_columns) const try {
  const Recorded& f = *recorded_;
  require_arguments(f, parameters, rows);
  if (!request.values.empty())
    require("values to write", rows.size() * f.outputs, request.values.size());
  if (!request.totals.empty()) require("totals to write", f.outputs, request.totals.size());
  if (!request.gradient.empty())
    require("derivatives by parameters to write", f.parameters, request.gradient.size());
  if (!request.input_gradients.empty()) {
    require("derivatives by inputs to write", rows.size() * f.inputs,
            request.input_gradients.size());
  }
  if (!request.diverged.empty()) {
    require("marks of diverged rows to write", rows.size(), request.diverged.size());
    std::ranges::fill(request.diverged, std::uint8_t{0});
  }
  if (f.one_row != nullptr && rows.size() == 1 && run_one_row(parameters, rows, request)) return;
  const unsigned requested = (request.values.empty() ? 0u : detail::kValues) |
                             (request.totals.empty() ? 0u : detail::kTotals) |
                             (request.gradient.empty() ? 0u : detail::kGradient) |
                             (request.input_gradients.empty() ? 0u : detail::kInputGradients);
  const detail::Program& program = f.program(requested);

  const auto columns = [&](double* data, std::size_t width, bool columns_first) {
    return columns_first ? detail::Columns{data, 1, rows.size()} : detail::Columns{data, width, 1};
  };
  detail::Batch batch{parameters,
                      {const_cast<double*>(rows.data_), rows.row_stride_, rows.column_stride_},
                      {columns(request.values.data(), f.outputs, by_columns),
                       columns(request.input_gradients.data(), f.inputs, by_columns)},
                      rows.size(),
                      {request.totals.data(), request.gradient.data()},
                      request.reduce == Reduce::kMean,
                      request.diverged};
  const detail::Diverged diverged =
      detail::run(program, kernels_for(request.instructions), batch, request.threads);
  if (diverged.rows != 0 && (request.diverged.empty() || program.mixes_rows)) {
    const detail::Guard& guard = f.guards[diverged.first_guard];
    throw Error("Function: " + std::to_string(diverged.rows) + " of " +
                std::to_string(rows.size()) + failure_of(guard, diverged.first_row) +
                (request.diverged.empty()
                     ? ", or ask for Request::diverged."
                     : ": as there are means over all rows, one row cannot be left out."));
  }
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

bool Function::run_one_row(Point parameters, const Rows& row, const Request& request) const {
  const detail::Variables at{parameters, row.data_, row.column_stride_};
  const std::span<double> outputs = request.values.empty() ? request.totals : request.values;
  const detail::Gradients gradients{request.gradient, request.input_gradients,
                                    recorded_->parameters};
  if (!recorded_->one_row->run(at, outputs, gradients, kernels_for(request.instructions),
                               request.threads))
    return false;
  if (outputs.data() != request.totals.data() && !request.totals.empty())
    std::ranges::copy(outputs, request.totals.begin());
  return true;
}

std::vector<double> Function::values(Point parameters, Point inputs) const {
  std::vector<double> result = zeros(outputs());
  Request request;
  request.values = result;
  run(parameters, Rows(inputs.data(), 1, inputs.size(), false), request);
  return result;
}

Function::Gradient Function::gradient(Point parameters, Point inputs) const {
  Gradient result{0, zeros(this->parameters()), zeros(this->inputs())};
  std::vector<double> totals = zeros(outputs());
  Request request;
  request.totals = totals;
  request.gradient = result.parameters;
  request.input_gradients = result.inputs;
  run(parameters, Rows(inputs.data(), 1, inputs.size(), false), request);
  result.value = totals[0];
  return result;
}

Matrix Function::values(Point parameters, const Rows& rows, std::size_t threads) const {
  require_arguments(*recorded_, parameters, rows);
  Matrix result{rows.size(), outputs(), zeros(rows.size() * outputs())};
  Request request;
  request.values = result.data;
  request.threads = threads;
  run(parameters, rows, request, false);
  return result;
}

ValueAndGradient Function::value_and_gradient(Point parameters, const Rows& rows, Reduce reduce,
                                              std::size_t threads) const {
  ValueAndGradient result{0, zeros(this->parameters())};
  std::vector<double> totals = zeros(outputs());
  Request request;
  request.totals = totals;
  request.gradient = result.gradient;
  request.reduce = reduce;
  request.threads = threads;
  run(parameters, rows, request);
  result.value = totals[0];
  return result;
}

// ---- rows ----

Rows::Rows(const Matrix& matrix) : Rows(matrix.data.data(), matrix.rows, matrix.columns, false) {
  const std::size_t given = matrix.data.size();
  const bool is_whole =
      columns_ == 0 ? given == 0 : given % columns_ == 0 && given / columns_ == size_;
  if (!is_whole) {
    throw Error("Rows: a matrix of " + std::to_string(size_) + " rows and " +
                std::to_string(columns_) + " columns has " + std::to_string(given) + " numbers");
  }
}

Rows::Rows(std::span<const double> data, std::size_t columns)
    : Rows(data.data(), columns == 0 ? 0 : data.size() / columns, columns, false) {
  if (columns == 0 || data.size() % columns != 0) {
    throw Error("Rows: " + std::to_string(data.size()) + " numbers are not whole rows of " +
                std::to_string(columns));
  }
}

Rows Rows::by_columns(std::span<const double> data, std::size_t rows) {
  if (rows == 0 || data.size() % rows != 0) {
    throw Error("Rows::by_columns: " + std::to_string(data.size()) +
                " numbers are not whole columns of " + std::to_string(rows));
  }
  return Rows(data.data(), rows, data.size() / rows, true);
}

Value mean_over_rows(std::span<const Value> x) {
  detail::require_operands("mean_over_rows", x.size());
  const Value here = x.size() == 1 ? x[0] : mean(x);
  return detail::tape.tracing == nullptr ? here : detail::apply<ops::RowMean>(here);
}

}  // namespace autograd
