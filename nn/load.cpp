#include <new>
#include <type_traits>
#include <utility>
#include <variant>

#include <autograd/file.hpp>
#include <nn/save.hpp>
#include <nn/saving/check_saved.hpp>
#include <nn/saving/json_reader.hpp>
#include <nn/saving/json_values.hpp>
#include <nn/saving/saved_columns.hpp>
#include <nn/saving/saved_names.hpp>
#include <nn/saving/saved_network.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace {

using detail::counted;
using detail::JsonReader;
using Members = std::vector<JsonReader::Member>;

Optimizer read_optimizer(JsonReader& reader) {
  std::optional<OptimizerRule> rule;
  Clip clip;
  OptimizerState state;
  const auto read_rule = [&] {
    Members rules;
    const auto add = [&]<class Rule>(std::in_place_type_t<Rule>) {
      rules.push_back({Rule::name,
                       [&] {
                         Rule each{};
                         detail::read(reader, each);
                         rule = each;
                       },
                       false});
    };
    [&]<class... Rules>(std::type_identity<std::variant<Rules...>>) {
      (add(std::in_place_type<Rules>), ...);
    }(std::type_identity<OptimizerRule>());
    reader.object(rules);
    if (!rule) reader.fail("the name of a rule", "none");
  };
  const Members members{{"rule", read_rule},
                        {"clip", [&] { detail::read(reader, clip); }},
                        {"state", [&] { detail::read(reader, state); }}};
  reader.object(members);
  try {
    Optimizer result(*rule, clip);
    result.set_state(std::move(state));
    return result;
  } catch (const autograd::Error& error) {
    reader.fail("an optimizer that can be made", error.what());
  }
}

Model read_model(std::string_view text, const std::string& what, const LoadOptions& options) {
  JsonReader reader(text, what);
  detail::SavedNetwork saved;
  std::optional<Standardiser> standardiser, target_standardiser;
  std::vector<std::string> inputs, targets, classes, features, notes;
  std::optional<Columns> columns;
  std::string loss;
  std::optional<Optimizer> optimizer;
  std::optional<TrainingState> training;
  const Members members{
      {"format",
       [&] {
         const std::string format = reader.string();
         if (format != detail::kFormat) {
           reader.fail('\'' + std::string(detail::kFormat) + '\'', detail::excerpt(format));
         }
       }},
      {"version",
       [&] {
         const std::uint64_t version = reader.whole_number();
         if (version != detail::kVersion) {
           reader.fail("version " + std::to_string(detail::kVersion), std::to_string(version));
         }
       }},
      {"inputs", [&] { detail::read(reader, saved.inputs); }},
      {"layers",
       [&] {
         reader.list(
             [&] { saved.layers.push_back(detail::read_layer(reader, options.activations)); });
       }},
      {"frozen", [&] { detail::read(reader, saved.frozen); }, false},
      {"standardiser", [&] { detail::read(reader, standardiser.emplace()); }, false},
      {"target_standardiser", [&] { detail::read(reader, target_standardiser.emplace()); }, false},
      {"features", [&] { detail::read(reader, features); }, false},
      {"columns", [&] { columns = detail::read_columns(reader); }, false},
      {"loss", [&] { detail::read(reader, loss); }, false},
      {"notes", [&] { detail::read(reader, notes); }, false},
      {"input_names", [&] { detail::read(reader, inputs); }, false},
      {"target_names", [&] { detail::read(reader, targets); }, false},
      {"class_names", [&] { detail::read(reader, classes); }, false},
      {"optimizer", [&] { optimizer = read_optimizer(reader); }, false},
      {"training", [&] { detail::read(reader, training.emplace()); }, false}};
  reader.object(members);
  reader.end();
  Model model{.net = detail::network(what, saved),
              .standardiser = std::move(standardiser),
              .inputs = std::move(inputs),
              .targets = std::move(targets),
              .classes = std::move(classes),
              .target_standardiser = std::move(target_standardiser),
              .columns = std::move(columns),
              .features = std::move(features),
              .loss = std::move(loss),
              .notes = std::move(notes),
              .optimizer = std::move(optimizer),
              .training = std::move(training)};
  detail::check_saved(what, model);
  return model;
}

}  // namespace

Model from_json(std::string_view text, const LoadOptions& options) try {
  if (text.size() > options.max_bytes) {
    detail::fail("nn::from_json", "at most " + counted(options.max_bytes, "byte"),
                 std::to_string(text.size()));
  }
  return read_model(text, "nn::from_json", options);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Model load(const std::filesystem::path& path, const LoadOptions& options) try {
  return read_model(autograd::file::read(path, options.max_bytes),
                    "nn::load '" + path.string() + "'", options);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
