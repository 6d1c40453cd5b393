// Functions whose outputs are derivatives of another one: it is recorded again, and then
// differentiated as the graph is.

#include <algorithm>
#include <string>

#include <autograd/derivatives.hpp>
#include <autograd/error.hpp>
#include <autograd/ranges.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/replay/recorder.hpp>
#include <autograd/replay/rerolled_function.hpp>
#include <autograd/replay/retrace.hpp>

namespace autograd::detail {
namespace {

using Values = std::vector<Value>;

constexpr std::size_t kMostOutputs = std::size_t{1} << 24;  // above, no program could name them

[[noreturn]] void cannot(const char* name, const std::string& why) {
  throw Error(std::string("Function::").append(name).append(": ").append(why));
}

void require_outputs(const char* name, std::size_t rows, std::size_t columns) {
  if (rows == 0 || columns == 0)
    cannot(name,
           "there is nothing to differentiate by, as the function has none of these variables");
  if (rows > kMostOutputs / columns)
    cannot(name, std::to_string(rows) + " times " + std::to_string(columns) +
                     " derivatives are too many for one row");
}

}  // namespace

// record(recorder, outputs) gives the new outputs. Variables that are new stand behind the others.
template <class Record>
std::shared_ptr<const Recorded> Recorded::record_again(const char* name, std::size_t new_parameters,
                                                       std::size_t new_inputs,
                                                       const Record& record) const {
  if (source_.values.has_custom_rules) {
    cannot(name,
           "the function has custom operations, checkpoints or detach(), whose own derivatives are "
           "not "
           "in what was recorded. Trace a function that returns derivatives() of it");
  }
  const bool has_row_means = std::ranges::any_of(
      source_.values.nodes, [](const auto& node) { return node.code == code<ops::RowMean>; });
  if (has_row_means) {
    cannot(name, "the function has means over rows, so that a row has no derivatives of its own");
  }
  const auto with = [](std::vector<double> numbers, std::size_t more) {
    numbers.resize(numbers.size() + more, 1);
    return numbers;
  };
  const std::size_t all_inputs = inputs + new_inputs;
  Recorder recorder(with(source_.parameters, new_parameters), with(source_.inputs, new_inputs),
                    all_inputs, source_.is_strict);
  const Values values = retrace(source_.values, recorder.parameters, recorder.inputs);
  recorder.add_guards(std::span(values).subspan(outputs), guards);
  return of(recorder, record(recorder, std::span(values).first(outputs)));
}

std::shared_ptr<const Recorded> Recorded::jacobian(bool by_parameters) const {
  const std::size_t columns = by_parameters ? parameters : inputs;
  require_outputs("jacobian", outputs, columns);
  return record_again(
      "jacobian", 0, 0, [&](const Recorder& recorder, std::span<const Value> values) {
        Values result;
        for (const Value& y : values) {
          const Values row =
              derivatives(y, by_parameters ? recorder.parameters : recorder.inputs, true);
          result.insert(result.end(), row.begin(), row.end());
        }
        return result;
      });
}

std::shared_ptr<const Recorded> Recorded::hessian(bool by_parameters) const {
  const std::size_t n = by_parameters ? parameters : inputs;
  require_outputs("hessian", n, n);
  return record_again(
      "hessian", 0, 0, [&](const Recorder& recorder, std::span<const Value> values) {
        const std::span<const Value> xs = by_parameters ? recorder.parameters : recorder.inputs;
        const Values gradient = derivatives(values[0], xs, true);
        Values result(n * n);
        for (std::size_t i = 0; i < n; ++i) {
          const Values row = derivatives(gradient[i], xs.first(i + 1), true);
          for (std::size_t k = 0; k <= i; ++k) result[i * n + k] = result[k * n + i] = row[k];
        }
        return result;
      });
}

std::shared_ptr<const Recorded> Recorded::hessian_vector_product(bool by_parameters) const {
  const std::size_t n = by_parameters ? parameters : inputs;
  require_outputs("hessian_vector_product", 1, n);
  return record_again("hessian_vector_product", by_parameters ? n : 0, by_parameters ? 0 : n,
                      [&](const Recorder& recorder, std::span<const Value> values) {
                        const std::span<const Value> all =
                            by_parameters ? recorder.parameters : recorder.inputs;
                        const std::span<const Value> xs = all.first(n), v = all.last(n);
                        return derivatives(dot(derivatives(values[0], xs, true), v), xs, true);
                      });
}

}  // namespace autograd::detail
