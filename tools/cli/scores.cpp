#include "scores.hpp"

#include <cmath>

#include <autograd/text.hpp>
#include "csv_field.hpp"

namespace cli {

namespace {

std::string number(const std::optional<double>& x) {
  return x ? autograd::text::shortest(*x) : std::string();
}

}  // namespace

Score score_of(const std::string& rows, const nn::Mlp& net, const nn::Data& prepared,
               const Preparation& preparation, bool has_classes) {
  Score result{.rows = rows, .count = prepared.size(), .rms = {}};
  const auto outputs = nn::predict(net, prepared);
  if (has_classes) {
    result.value = preparation.has_signs ? nn::accuracy(outputs, prepared, 0.0)
                                         : nn::accuracy(outputs, prepared);
    return result;
  }
  result.value = nn::r_squared(outputs, prepared);
  if (prepared[0].targets.size() != 1) return result;
  double sum = 0;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    const double error = outputs[i][0] - prepared[i].targets[0];
    sum += error * error / static_cast<double>(prepared.size());
  }
  const auto& scale = preparation.target_standardiser;
  result.rms = std::sqrt(sum) * (scale ? scale->deviation[0] : 1.0);
  return result;
}

std::string score_table(const std::vector<Score>& scores, bool has_classes) {
  std::vector<autograd::text::TableRow> rows{{"rows", "count", has_classes ? "accuracy" : "R^2"}};
  if (scores[0].rms) rows[0].push_back("error");
  for (const Score& each : scores) {
    rows.push_back({each.rows, std::to_string(each.count), autograd::text::fixed(each.value, 4)});
    if (each.rms) rows.back().push_back(autograd::text::rounded(*each.rms, 4));
  }
  return autograd::text::table(rows, "lr");
}

Json json_of(const std::vector<Score>& scores, bool has_classes) {
  Json result = Json::object();
  for (const Score& each : scores) {
    Json score{{"rows", each.count},
               {has_classes ? "accuracy" : "r_squared", json_number(each.value)}};
    if (each.rms) score["error"] = json_number(*each.rms);
    result[each.rows] = score;
  }
  return result;
}

nn::ConfusionMatrix confusion_of(const nn::Mlp& net, const nn::Data& prepared,
                                 const std::vector<std::string>& classes) {
  const auto outputs = nn::predict(net, prepared);
  if (net.outputs() == 1) return nn::confusion_matrix(outputs, prepared, classes, 0.0);
  return nn::confusion_matrix(outputs, prepared, classes);
}

std::string confusion_csv(const nn::ConfusionMatrix& matrix) {
  std::string result = "class";
  for (const std::string& name : matrix.names) result += ',' + csv_field(name);
  result += '\n';
  for (std::size_t k = 0; k < matrix.classes(); ++k) {
    result += csv_field(matrix.names[k]);
    for (const std::size_t count : matrix.counts[k]) result += ',' + std::to_string(count);
    result += '\n';
  }
  return result;
}

std::string history_csv(const nn::History& history) {
  std::string result = "epoch,loss,penalty,rate,accuracy,validation_loss,validation_accuracy\n";
  for (const nn::Epoch& each : history) {
    result += std::to_string(each.index + 1) + ',' + number(each.loss) + ',' +
              number(each.penalty) + ',' + number(each.rate) + ',' + number(each.accuracy) + ',' +
              number(each.validation_loss) + ',' + number(each.validation_accuracy) + '\n';
  }
  return result;
}

}  // namespace cli
