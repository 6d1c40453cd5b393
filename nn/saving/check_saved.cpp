#include "nn/saving/check_saved.hpp"

#include <set>
#include <span>
#include <string_view>
#include <vector>

#include <autograd/text.hpp>
#include <nn/saving/saved_columns.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace text = autograd::text;

namespace {

using Names = std::vector<std::string>;

// `noun`: of what it standardises.
void check_standardiser(const std::string& what, const std::optional<Standardiser>& standardiser,
                        std::size_t count, const char* noun) {
  if (!standardiser) return;
  const auto& [means, deviations] = *standardiser;
  if (means.size() != count || deviations.size() != count) {
    fail(what, "means and deviations of " + counted(count, noun) + " to standardise",
         std::to_string(means.size()) + " and " + std::to_string(deviations.size()));
  }
  try {
    standardiser->check();
  } catch (const autograd::Error& error) {
    fail(what, "a standardiser that can be applied", error.what());
  }
}

// `of`: the noun, in the plural.
void check_names(const std::string& what, const Names& names, const std::string& of) {
  std::set<std::string> different;
  for (const std::string& name : names) {
    if (!text::is_utf8(name)) fail(what, of + " in UTF-8", excerpt(name));
    if (!different.insert(name).second) fail(what, "different " + of, excerpt(name) + " twice");
  }
}

// `statistics`: those of all layers, as Mlp::statistics().
void check_variances(const std::string& what, const Mlp& net, std::span<const double> statistics) {
  std::size_t begin = 0;
  for (const Layer& layer : net.layers()) {
    const std::size_t units = layer.batch_norm().on ? layer.units() : 0;
    for (std::size_t k = 0; k < units; ++k) {
      const double variance = statistics[begin + units + k];
      if (variance < 0) fail(what, "running variances of at least 0", text::shortest(variance));
    }
    begin += 2 * units;
  }
}

}  // namespace

void check_saved(const std::string& what, const Model& model) {
  const std::size_t outputs = model.net.outputs();
  const std::size_t parameters = model.net.parameters().size();
  // None at all, or so many.
  const auto check_none_or = [&](std::size_t count, const std::string& noun, std::size_t given) {
    if (given != 0 && given != count) fail(what, counted(count, noun), std::to_string(given));
  };
  check_standardiser(what, model.standardiser, model.net.inputs(), "input");
  check_standardiser(what, model.target_standardiser, outputs, "target");
  check_none_or(model.net.inputs(), "feature", model.features.size());
  (void)playground_features(
      std::vector<std::string_view>(model.features.begin(), model.features.end()));
  const std::size_t inputs = model.features.empty() ? model.net.inputs() : 2;
  check_none_or(inputs, "input name", model.inputs.size());
  if (model.columns) {
    check_columns(what, *model.columns);
    check_none_or(inputs, "input column", model.columns->input_names().size());
  }
  const std::size_t classes = model.classes.size();
  check_none_or(outputs == 1 ? 2 : outputs, "class name", classes);
  check_none_or(classes == 0 ? outputs : 1, "target name", model.targets.size());
  Names columns = model.inputs;
  columns.insert(columns.end(), model.targets.begin(), model.targets.end());
  check_names(what, columns, "names of inputs and targets");
  check_names(what, model.classes, "names of classes");
  for (const std::string& note : model.notes) check_names(what, {note}, "notes");
  check_names(what, {model.loss}, "names of losses");
  for (const Layer& layer : model.net.layers())
    check_names(what, {std::string(layer.activation().name())}, "names of activations");
  check_variances(what, model.net, model.net.statistics());
  if (model.optimizer) {
    check_none_or(parameters, "weight", model.optimizer->state().weights);
  }
  if (!model.training) return;
  const TrainingState& training = *model.training;
  const std::size_t statistics = model.net.statistics().size();
  check_none_or(parameters, "weight", training.weights.size());
  check_none_or(parameters, "weight", training.best_weights.size());
  for (const std::vector<double>& each : {training.statistics, training.best_statistics}) {
    check_none_or(statistics, "running statistic", each.size());
    if (!each.empty()) check_variances(what, model.net, each);
  }
}

}  // namespace nn::detail
