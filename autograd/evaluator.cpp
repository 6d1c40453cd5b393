#include "autograd/evaluator.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <autograd/ranges.hpp>
#include <autograd/replay/one_row.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/replay/scalar_program.hpp>

namespace autograd {

// Its outputs are all outputs, or the first one and its derivatives; then come guards.
struct Evaluator::Program {
  Program(const detail::Recorded& f, bool has_gradient)
      : guards(f.guards),
        first_guard(has_gradient ? 1 + f.parameters + f.inputs : f.outputs),
        scalar(wanted(f, has_gradient), f.parameters, f.inputs) {}

  static detail::Trace wanted(const detail::Recorded& f, bool has_gradient) {
    const detail::Trace& whole = f.trace();
    std::vector<detail::Trace::Node> outputs(whole.outputs);
    const auto begin = outputs.begin();
    const auto values = begin + static_cast<std::ptrdiff_t>(f.outputs);
    const auto derivatives = static_cast<std::ptrdiff_t>(f.parameters + f.inputs);
    if (has_gradient) {
      outputs.erase(begin + 1, values);
    } else {
      outputs.erase(values, values + derivatives);
    }
    return detail::remove_dead(whole, outputs);
  }

  std::vector<double> numbers() const {
    std::vector<double> result(scalar.size());
    scalar.set_constants(result.data());
    return result;
  }

  std::vector<detail::Guard> guards;
  std::size_t first_guard;
  detail::ScalarProgram scalar;
};

Evaluator::Evaluator(Function f) try : f_(std::move(f)) {
  const detail::Recorded& recorded = *f_.recorded_;
  if (recorded.one_row != nullptr) return;
  value_ = std::make_shared<const Program>(recorded, false);
  gradient_ = std::make_shared<const Program>(recorded, true);
  value_numbers_ = value_->numbers();
  gradient_numbers_ = gradient_->numbers();
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}
Evaluator::Evaluator(const Evaluator& other) try
    : f_(other.f_),
      value_(other.value_),
      gradient_(other.gradient_),
      value_numbers_(other.value_numbers_),
      gradient_numbers_(other.gradient_numbers_) {
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}
Evaluator& Evaluator::operator=(const Evaluator& other) {
  if (this != &other) *this = Evaluator(other);
  return *this;
}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

namespace {

[[noreturn]] void wrong_count(const char* what, std::size_t expected, std::size_t given) {
  throw Error(std::string("Evaluator: ").append(what).append(" are ") + std::to_string(expected) +
              ", but " + std::to_string(given) + " were given");
}

// Of a few numbers, for which a call of memmove takes longer than the copies.
void copy(Point from, double* to) {
  switch (from.size()) {
    case 4:
      to[3] = from[3];
      [[fallthrough]];
    case 3:
      to[2] = from[2];
      [[fallthrough]];
    case 2:
      to[1] = from[1];
      [[fallthrough]];
    case 1:
      to[0] = from[0];
      [[fallthrough]];
    case 0:
      return;
    default:
      std::ranges::copy(from, to);
  }
}

}  // namespace

// Into both callers: of a small function the calls are a tenth of the time.
[[gnu::always_inline]] inline double Evaluator::run(const Program& program,
                                                    std::vector<double>& numbers, Point parameters,
                                                    Point inputs) {
  copy(parameters, numbers.data());
  copy(inputs, numbers.data() + parameters.size());
  program.scalar.run(numbers.data());
  for (std::size_t i = 0; i < program.guards.size(); ++i) {
    const bool is_true = program.scalar.output(numbers.data(), program.first_guard + i) != 0;
    if (is_true != program.guards[i].must_be) (void)f_.value(parameters, inputs);  // says which
  }
  return program.scalar.output(numbers.data(), 0);
}

double Evaluator::run_one_row(Point parameters, Point inputs, std::span<double> outputs,
                              std::span<double> by_parameters, std::span<double> by_inputs) const {
  return detail::with_memory_errors([&] {
    const detail::Gradients gradients{by_parameters, by_inputs, parameters.size()};
    const std::optional<double> y =
        f_.recorded_->one_row->run({parameters, inputs.data(), 1}, outputs, gradients,
                                   *detail::usable_kernels()[0], /*threads=*/1);
    if (y) return *y;
    // As a batch: says which branch is another one. Where only the order of additions decides, none
    // may be.
    if (!outputs.empty()) std::ranges::copy(f_.values(parameters, inputs), outputs.begin());
    const Function::Gradient row = f_.gradient(parameters, inputs);
    if (!by_parameters.empty()) std::ranges::copy(row.parameters, by_parameters.begin());
    if (!by_inputs.empty()) std::ranges::copy(row.inputs, by_inputs.begin());
    return row.value;
  });
}

double Evaluator::value(Point parameters, Point inputs) {
  const detail::Recorded& f = *f_.recorded_;
  if (parameters.size() != f.parameters) wrong_count("parameters", f.parameters, parameters.size());
  if (inputs.size() != f.inputs) wrong_count("inputs", f.inputs, inputs.size());
  if (value_ == nullptr) return run_one_row(parameters, inputs, {}, {}, {});
  return run(*value_, value_numbers_, parameters, inputs);
}

void Evaluator::values(Point parameters, Point inputs, std::span<double> outputs) {
  const detail::Recorded& f = *f_.recorded_;
  if (parameters.size() != f.parameters) wrong_count("parameters", f.parameters, parameters.size());
  if (inputs.size() != f.inputs) wrong_count("inputs", f.inputs, inputs.size());
  if (outputs.size() != f.outputs) wrong_count("outputs", f.outputs, outputs.size());
  if (value_ == nullptr) {
    run_one_row(parameters, inputs, outputs, {}, {});
    return;
  }
  run(*value_, value_numbers_, parameters, inputs);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    outputs[i] = value_->scalar.output(value_numbers_.data(), i);
}

double Evaluator::gradient(Point parameters, Point inputs, std::span<double> by_parameters,
                           std::span<double> by_inputs) {
  const detail::Recorded& f = *f_.recorded_;
  if (parameters.size() != f.parameters) wrong_count("parameters", f.parameters, parameters.size());
  if (inputs.size() != f.inputs) wrong_count("inputs", f.inputs, inputs.size());
  if (!by_parameters.empty() && by_parameters.size() != f.parameters)
    wrong_count("derivatives by parameters", f.parameters, by_parameters.size());
  if (!by_inputs.empty() && by_inputs.size() != f.inputs)
    wrong_count("derivatives by inputs", f.inputs, by_inputs.size());
  if (gradient_ == nullptr) return run_one_row(parameters, inputs, {}, by_parameters, by_inputs);
  const double y = run(*gradient_, gradient_numbers_, parameters, inputs);
  const double* const numbers = gradient_numbers_.data();
  for (std::size_t i = 0; i < by_parameters.size(); ++i)
    by_parameters[i] = gradient_->scalar.output(numbers, 1 + i);
  for (std::size_t i = 0; i < by_inputs.size(); ++i)
    by_inputs[i] = gradient_->scalar.output(numbers, 1 + f.parameters + i);
  return y;
}

}  // namespace autograd
