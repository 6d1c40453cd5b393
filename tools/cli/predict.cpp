// autograd predict: what a model says to the rows of a file, as CSV.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <autograd/file.hpp>
#include <autograd/text.hpp>
#include "cell_arguments.hpp"
#include "commands.hpp"
#include "csv_field.hpp"
#include "model_rows.hpp"

namespace cli {

namespace {

struct PredictArguments {
  std::string model, data, file;
  CellArguments cells;
  bool is_json = false;
};

std::vector<double> softmax(const std::vector<double>& logits) {
  double largest = logits[0], sum = 0;
  for (const double each : logits) largest = std::max(largest, each);
  std::vector<double> result;
  for (const double each : logits) result.push_back(std::exp(each - largest));
  for (const double each : result) sum += each;
  for (double& each : result) each /= sum;
  return result;
}

// Of the classes; empty if the loss was none of probabilities.
std::vector<double> probabilities(const nn::Model& model, const std::vector<double>& outputs) {
  if (model.loss == "softmax_cross_entropy") return softmax(outputs);
  if (model.loss != "logistic_loss") return {};
  return softmax({0.0, outputs[0]});
}

std::size_t class_in(const std::vector<double>& outputs) {
  if (outputs.size() == 1) return outputs[0] > 0 ? 1 : 0;
  std::size_t result = 0;
  for (std::size_t k = 1; k < outputs.size(); ++k)
    if (outputs[k] > outputs[result]) result = k;
  return result;
}

bool has_probabilities(const nn::Model& model) {
  return !model.classes.empty() &&
         (model.loss == "softmax_cross_entropy" || model.loss == "logistic_loss");
}

std::vector<std::string> header_of(const nn::Model& model) {
  std::vector<std::string> result;
  if (model.classes.empty()) {
    for (std::size_t k = 0; k < model.net.outputs(); ++k)
      result.push_back(model.targets.empty() ? "y" + std::to_string(k + 1) : model.targets[k]);
    return result;
  }
  result.push_back(model.targets.empty() ? "class" : model.targets[0]);
  if (has_probabilities(model))
    for (const std::string& each : model.classes) result.push_back("p(" + each + ")");
  return result;
}

std::string as_csv(const nn::Model& model, const nn::Data& rows) {
  std::string result;
  const auto add_line = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      result += (i == 0 ? "" : ",") + csv_field(fields[i]);
    result += '\n';
  };
  add_line(header_of(model));
  for (const nn::Sample& row : rows) {
    const std::vector<double> outputs = model.predict(row.inputs);
    std::vector<std::string> fields;
    if (model.classes.empty()) {
      for (const double each : outputs) fields.push_back(autograd::text::shortest(each));
    } else {
      fields.push_back(model.classes[class_in(outputs)]);
      for (const double each : probabilities(model, outputs))
        fields.push_back(autograd::text::rounded(each, 6));
    }
    add_line(fields);
  }
  return result;
}

Json as_json(const nn::Model& model, const nn::Data& rows) {
  Json result = Json::array();
  const std::vector<std::string> names = header_of(model);
  for (const nn::Sample& row : rows) {
    const std::vector<double> outputs = model.predict(row.inputs);
    Json each = Json::object();
    if (model.classes.empty()) {
      for (std::size_t k = 0; k < outputs.size(); ++k) each[names[k]] = json_number(outputs[k]);
    } else {
      each[names[0]] = model.classes[class_in(outputs)];
      const std::vector<double> shares = probabilities(model, outputs);
      for (std::size_t k = 0; k < shares.size(); ++k)
        each["probabilities"][model.classes[k]] = shares[k];
    }
    result.push_back(each);
  }
  return result;
}

void predict(const PredictArguments& arguments, Session& session) {
  const nn::Model model = load_model(arguments.model);
  const nn::Data rows = rows_for(model, arguments.cells.read(arguments.data));
  if (arguments.is_json) return session.out.json(as_json(model, rows));
  const std::string text = as_csv(model, rows);
  if (arguments.file.empty()) return session.out.print(text);
  autograd::file::write(arguments.file, text);
}

}  // namespace

void add_predict(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<PredictArguments>();
  CLI::App* const command =
      app.add_subcommand("predict", "What a model says to the rows of a file, as CSV");
  command->add_option("model", arguments->model, "The model.json that train has written")
      ->type_name("MODEL")
      ->required();
  command
      ->add_option("data", arguments->data,
                   "A CSV file with the columns of the inputs; others are passed over")
      ->type_name("DATA")
      ->required();
  command->add_option("-o,--output", arguments->file, "Write to a file")->type_name("FILE");
  arguments->cells.add_to(*command);
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd predict trained/model.json new.csv\n"
               "  autograd predict trained/model.json new.csv -o predictions.csv");
  command->callback([arguments, &session] { predict(*arguments, session); });
}

}  // namespace cli
