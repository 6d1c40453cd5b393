// autograd inspect: what is in a model.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <autograd/text.hpp>
#include "cell_arguments.hpp"
#include "commands.hpp"
#include "model_rows.hpp"

namespace cli {

namespace {

struct InspectArguments {
  std::string model, data;
  CellArguments cells;
  bool is_json = false;
};

struct LayerFacts {
  std::size_t units = 0, inputs = 0;
  std::string activation;
  double least = INFINITY, largest = -INFINITY, mean_size = 0;  // of the weights
  std::vector<std::size_t> dead;  // units whose output is the same for all rows
};

// Outputs of the units, layer by layer, for one row of inputs.
std::vector<std::vector<double>> outputs_for(const nn::Model& model,
                                             const std::vector<double>& row) {
  const autograd::NoGradGuard guard;
  std::vector<double> x = row;
  if (!model.features.empty()) {
    const std::vector<std::string_view> names(model.features.begin(), model.features.end());
    x = nn::apply_features(nn::playground_features(names), x);
  }
  if (model.standardiser) x = model.standardiser->apply(x);
  std::vector<std::vector<double>> result;
  for (const auto& layer : model.net.forward(x).layers) {
    result.emplace_back();
    for (const autograd::Value& out : layer.out) result.back().push_back(out.data());
  }
  return result;
}

// Units that say the same to all rows; without rows, those whose weights are all 0.
void find_dead_units(const nn::Model& model, const nn::Data& rows, std::vector<LayerFacts>& facts) {
  const auto layers = model.net.layers();
  std::vector<std::vector<double>> first;
  std::vector<std::vector<bool>> vary;
  for (const nn::Layer& layer : layers) vary.emplace_back(layer.units(), false);
  for (const nn::Sample& row : rows) {
    const auto outputs = outputs_for(model, row.inputs);
    if (first.empty()) first = outputs;
    for (std::size_t l = 0; l < vary.size(); ++l)
      for (std::size_t k = 0; k < vary[l].size(); ++k)
        if (outputs[l][k] != first[l][k]) vary[l][k] = true;
  }
  for (std::size_t l = 0; l < vary.size(); ++l) {
    for (std::size_t k = 0; k < vary[l].size(); ++k) {
      bool is_alive = vary[l][k];
      for (std::size_t j = 0; rows.empty() && j < layers[l].inputs(); ++j)
        is_alive = is_alive || layers[l].weight(k, j).data() != 0;
      if (!is_alive) facts[l].dead.push_back(k);
    }
  }
}

std::vector<LayerFacts> facts_of(const nn::Model& model, const nn::Data& rows) {
  std::vector<LayerFacts> result;
  for (const nn::Layer& layer : model.net.layers()) {
    LayerFacts facts{.units = layer.units(),
                     .inputs = layer.inputs(),
                     .activation = std::string(layer.activation().name()),
                     .dead = {}};
    const double count = static_cast<double>(layer.units()) * static_cast<double>(layer.inputs());
    for (std::size_t k = 0; k < layer.units(); ++k) {
      for (std::size_t j = 0; j < layer.inputs(); ++j) {
        const double weight = layer.weight(k, j).data();
        facts.least = std::min(facts.least, weight);
        facts.largest = std::max(facts.largest, weight);
        facts.mean_size += std::abs(weight) / count;
      }
    }
    result.push_back(std::move(facts));
  }
  find_dead_units(model, rows, result);
  return result;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 12;
  std::string result;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
    result += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMost ? result + ", ..." : result;
}

std::string weight_table(const std::vector<LayerFacts>& facts) {
  std::vector<autograd::text::TableRow> rows{
      {"layer", "least weight", "largest", "mean size", "dead units"}};
  for (const LayerFacts& each : facts) {
    std::vector<std::string> dead;
    for (const std::size_t k : each.dead) dead.push_back(std::to_string(k));
    rows.push_back({std::to_string(rows.size()), autograd::text::rounded(each.least, 4),
                    autograd::text::rounded(each.largest, 4),
                    autograd::text::rounded(each.mean_size, 4),
                    dead.empty() ? "none" : some_of(dead)});
  }
  return autograd::text::table(rows, "lrrrl");
}

Json json_of(const nn::Model& model, const std::vector<LayerFacts>& facts) {
  Json layers = Json::array();
  for (const LayerFacts& each : facts)
    layers.push_back({{"inputs", each.inputs},
                      {"units", each.units},
                      {"activation", each.activation},
                      {"least_weight", json_number(each.least)},
                      {"largest_weight", json_number(each.largest)},
                      {"mean_size", json_number(each.mean_size)},
                      {"dead_units", each.dead}});
  return {{"parameters", model.net.parameters().size()},
          {"layers", layers},
          {"inputs", model.inputs},
          {"features", model.features},
          {"targets", model.targets},
          {"classes", model.classes},
          {"loss", model.loss},
          {"notes", model.notes}};
}

void inspect(const InspectArguments& arguments, Session& session) {
  const nn::Model model = load_model(arguments.model);
  nn::Data rows;
  if (!arguments.data.empty()) rows = rows_for(model, arguments.cells.read(arguments.data));
  const std::vector<LayerFacts> facts = facts_of(model, rows);
  if (arguments.is_json) return session.out.json(json_of(model, facts));
  session.out.table(nn::summary(model.net));
  session.out.line();
  session.out.table(weight_table(facts));
  session.out.line();
  const auto tell = [&](const char* name, const std::vector<std::string>& words) {
    if (!words.empty()) session.out.line(std::string(name) + ": " + some_of(words));
  };
  tell("inputs", model.inputs);
  tell("features", model.features);
  tell("targets", model.targets);
  tell("classes", model.classes);
  if (!model.loss.empty()) session.out.line("loss: " + model.loss);
  for (const std::string& note : model.notes) session.out.line(note);
}

}  // namespace

void add_inspect(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<InspectArguments>();
  CLI::App* const command =
      app.add_subcommand("inspect", "What is in a model: layers, weights, dead units, its data");
  command->add_option("model", arguments->model, "The model.json that train has written")
      ->type_name("MODEL")
      ->required();
  command
      ->add_option("--data", arguments->data,
                   "Rows: a unit that says the same to all of them is dead")
      ->type_name("DATA");
  arguments->cells.add_to(*command);
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd inspect trained/model.json\n"
               "  autograd inspect trained/model.json --data new.csv --json");
  command->callback([arguments, &session] { inspect(*arguments, session); });
}

}  // namespace cli
