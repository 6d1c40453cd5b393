#include "nn/saving/check_saved.hpp"

#include <nn/text/errors.hpp>

namespace nn::detail {

void check_saved(const std::string& what, const Model& model) {
  const std::size_t inputs = model.net.inputs(), outputs = model.net.outputs();
  const std::size_t parameters = model.net.parameters().size();
  // None at all, or so many.
  const auto check_none_or = [&](std::size_t count, const std::string& noun, std::size_t given) {
    if (given != 0 && given != count) fail(what, counted(count, noun), std::to_string(given));
  };
  if (model.standardiser) {
    const auto& [means, deviations] = *model.standardiser;
    if (means.size() != inputs || deviations.size() != inputs) {
      fail(what, "means and deviations of " + counted(inputs, "input") + " to standardise",
           std::to_string(means.size()) + " and " + std::to_string(deviations.size()));
    }
  }
  check_none_or(inputs, "input name", model.inputs.size());
  const std::size_t classes = model.classes.size();
  check_none_or(outputs == 1 ? 2 : outputs, "class name", classes);
  check_none_or(classes == 0 ? outputs : 1, "target name", model.targets.size());
  if (model.optimizer) {
    check_none_or(parameters, "weight", model.optimizer->state().weights);
  }
  if (model.training) {
    check_none_or(parameters, "weight", model.training->weights.size());
    check_none_or(model.net.statistics().size(), "running statistic",
                  model.training->statistics.size());
  }
}

}  // namespace nn::detail
