#include "network_arguments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <utility>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "output.hpp"

namespace cli {

namespace {

using autograd::Value;

constexpr double kMostWeights = 2e7;

// log(1 + e^(-t z)) of the target t, -1 or 1, and the logit z: the cross-entropy of two classes.
struct LogisticLoss {
  template <class T>
  Value operator()(std::span<const Value> outputs, std::span<const T> targets) const {
    return autograd::softplus(-1.0 * (targets[0] * outputs[0]));
  }
};
Value huber(std::span<const Value> outputs, const nn::Targets& targets) {
  return nn::huber_error(outputs, targets);
}
Value softmax_loss(std::span<const Value> outputs, const nn::Targets& targets) {
  return nn::softmax_cross_entropy(outputs, targets);
}

// Names without blanks for the command line, and those of the library.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kFeatures{
    {{"x1", "x1"},
     {"x2", "x2"},
     {"x1^2", "x1^2"},
     {"x2^2", "x2^2"},
     {"x1*x2", "x1 x2"},
     {"sin(x1)", "sin x1"},
     {"sin(x2)", "sin x2"}}};

std::size_t units_in(const std::string& text) {
  double units = 0;
  const bool is_number =
      autograd::text::read_number(text, units) == autograd::text::Reading::kNumber;
  if (!is_number || !(units >= 1 && units <= kMostWeights) || units != std::floor(units))
    throw Failure("expected --hidden of whole numbers, as in 16,8, got '" + text + "'");
  return static_cast<std::size_t>(units);
}

double schedule_number(const std::string& text, const std::string& schedule) {
  double result = 0;
  if (autograd::text::read_number(text, result) != autograd::text::Reading::kNumber)
    throw Failure("expected a number in --schedule " + schedule + ", got '" + text + "'");
  return result;
}

}  // namespace

void NetworkArguments::add_to(CLI::App& command) {
  const auto group = [](CLI::Option* option, const char* name) { option->group(name); };
  const char* const net = "The network";
  const char* const training = "The training";
  group(add_names(command, "--hidden", hidden_, "Units of the hidden layers; 0 for none")
            ->type_name("N,...")
            ->default_str("8"),
        net);
  group(command.add_option("--activation", activation_, "tanh, relu, sigmoid, or any other")
            ->type_name("NAME"),
        net);
  group(add_names(command, "--features", features_,
                  "In place of two inputs: x1,x2,x1^2,x2^2,x1*x2,sin(x1),sin(x2)"),
        net);
  group(command.add_option("--dropout", dropout_, "The probability that a hidden unit is left out")
            ->check(CLI::Range(0.0, 0.99))
            ->type_name("P"),
        net);
  group(command.add_flag("--batch-norm", has_batch_norm_, "Normalises the hidden layers"), net);
  group(
      command
          .add_option("--loss", loss_,
                      "cross-entropy, squared, absolute, huber, hinge; auto: what fits")
          ->check(CLI::IsMember({"auto", "cross-entropy", "squared", "absolute", "huber", "hinge"}))
          ->type_name("NAME"),
      training);
  group(command
            .add_option("--optimizer", optimizer_,
                        "sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw")
            ->check(CLI::IsMember(
                {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"}))
            ->type_name("NAME"),
        training);
  group(command.add_option("--rate", rate_, "The learning rate; else 0.01, or 0.03 of sgd")
            ->check(above_zero())
            ->type_name("NUMBER")
            ->default_str(""),
        training);
  group(command
            .add_option("--schedule", schedule_,
                        "constant, cosine, step:10:0.5, exponential:0.99, plateau:10")
            ->type_name("WORD"),
        training);
  group(command.add_option("--batch", batch_, "Rows in a batch; 0 for all")
            ->check(CLI::Range(0, 1'000'000'000)),
        training);
  group(command.add_option("--epochs", epochs_, "Passes over all rows")
            ->check(CLI::Range(0, 1'000'000'000)),
        training);
  group(command.add_option("--l1", l1_, "Strength of the penalty |w|")
            ->check(not_negative())
            ->type_name("NUMBER"),
        training);
  group(command.add_option("--l2", l2_, "Strength of the penalty w^2/2")
            ->check(not_negative())
            ->type_name("NUMBER"),
        training);
  group(command.add_option("--clip", clip_, "The norm to which gradients are cut")
            ->check(above_zero())
            ->type_name("NUMBER")
            ->default_str(""),
        training);
  group(command
            .add_option("--patience", patience_,
                        "Ends after so many epochs without a better validation loss")
            ->check(CLI::Range(1, 1'000'000'000))
            ->default_str(""),
        training);
  group(
      command.add_option("--seed", seed_, "Of the weights, the order of the rows and their split"),
      training);
  group(command.add_option("--threads", threads_, "The same bits on any number of them")
            ->check(CLI::Range(1, 256)),
        training);
}

nn::Loss loss_named(std::string_view name) {
  if (name == "logistic_loss") return nn::Loss(LogisticLoss());
  if (name == "softmax_cross_entropy") return softmax_loss;
  if (name == "hinge_loss") return nn::hinge_loss;
  if (name == "absolute_error") return nn::absolute_error;
  if (name == "huber_error") return huber;
  return nn::half_squared_error;
}

LossChoice NetworkArguments::loss(std::size_t classes) const {
  const auto choice = [](std::string_view saved, const nn::Activation& output, bool has_signs) {
    return LossChoice{saved, loss_named(saved), output, has_signs};
  };
  std::string name = loss_;
  if (name == "auto") name = classes > 0 ? "cross-entropy" : "squared";
  const auto& identity = nn::Activation::identity;
  const bool has_signs = classes == 2;
  if (classes == 0 && (name == "cross-entropy" || name == "hinge"))
    throw Failure("--loss " + name +
                  " is for classes, and the target is a number (see --classify)");
  if (name == "cross-entropy") {
    if (has_signs) return choice("logistic_loss", identity, true);
    return choice("softmax_cross_entropy", identity, false);
  }
  if (name == "hinge") {
    if (!has_signs) throw Failure("--loss hinge is for two classes, and there are more");
    return choice("hinge_loss", identity, true);
  }
  // As in the Playground: -1 and 1 are the ends of tanh.
  const nn::Activation& output = has_signs ? nn::Activation::tanh : identity;
  if (name == "absolute") return choice("absolute_error", output, has_signs);
  if (name == "huber") return choice("huber_error", output, has_signs);
  return choice("half_squared_error", output, has_signs);
}

nn::Mlp NetworkArguments::network(std::size_t inputs, std::size_t outputs,
                                  const nn::Activation& output, std::uint64_t seed) const {
  std::vector<nn::LayerSpec> layers;
  double weights = 0;
  std::size_t before = inputs;
  const auto add = [&](nn::LayerSpec layer) {
    weights += static_cast<double>(before + 1) * static_cast<double>(layer.units);
    before = layer.units;
    layers.push_back(std::move(layer));
  };
  const std::vector<std::string> hidden = names_in(hidden_);
  const bool has_none = hidden.size() == 1 && hidden[0] == "0";
  for (const std::string& text : hidden) {
    if (has_none) break;
    const std::size_t units = units_in(text);
    add({.units = units,
         .activation = nn::Activation::named(activation_),
         .batch_norm = {.on = has_batch_norm_},
         .dropout = {.keep = 1 - dropout_}});
  }
  add({.units = outputs, .activation = output});
  if (weights > kMostWeights)
    throw Failure("expected a network of at most 20 million weights, got " +
                  autograd::text::rounded(weights, 3));
  return nn::Mlp(inputs, layers, seed);
}

nn::Optimizer NetworkArguments::optimizer() const {
  const double rate = rate_ > 0 ? rate_ : optimizer_ == "sgd" ? 0.03 : 0.01;
  nn::Clip clip;
  if (clip_ > 0) clip.norm = clip_;
  if (optimizer_ == "sgd") return {nn::GradientDescent{.rate = rate}, clip};
  if (optimizer_ == "momentum") return {nn::Momentum{.rate = rate}, clip};
  if (optimizer_ == "nesterov") return {nn::Nesterov{.rate = rate}, clip};
  if (optimizer_ == "adagrad") return {nn::Adagrad{.rate = rate}, clip};
  if (optimizer_ == "rmsprop") return {nn::RmsProp{.rate = rate}, clip};
  if (optimizer_ == "adamw") return {nn::AdamW{.rate = rate}, clip};
  return {nn::Adam{.rate = rate}, clip};
}

void NetworkArguments::choose_schedule(nn::FitOptions& options) const {
  std::istringstream text(schedule_);
  std::vector<std::string> parts;
  for (std::string part; std::getline(text, part, ':');) parts.push_back(part);
  const double rate = options.optimizer.rate();
  const auto part = [&](std::size_t i, const char* standard) {
    return schedule_number(parts.size() > i ? parts[i] : standard, schedule_);
  };
  const auto epochs = [&](std::size_t i) {
    return static_cast<std::size_t>(std::clamp(part(i, "10"), 0.0, 1e9));
  };
  const std::string name = parts.empty() ? "" : parts[0];
  if (name == "cosine") {
    options.schedule = nn::cosine_decay(rate, std::max<std::size_t>(epochs_, 1));
  } else if (name == "step") {
    options.schedule = nn::step_decay(rate, epochs(1), part(2, "0.1"));
  } else if (name == "exponential") {
    options.schedule = nn::exponential_decay(rate, part(1, "0.99"));
  } else if (name == "plateau") {
    options.on_plateau = nn::OnPlateau{.factor = part(2, "0.1"), .patience = epochs(1)};
  } else if (name != "constant") {
    throw Failure("expected --schedule constant, cosine, step, exponential or plateau, got '" +
                  schedule_ + "'");
  }
}

nn::FitOptions NetworkArguments::fit_options(const nn::Loss& loss, bool has_validation) const {
  nn::FitOptions result{.loss = loss,
                        .optimizer = optimizer(),
                        .epochs = epochs_,
                        .batch_size = batch_,
                        .seed = seed_,
                        .threads = threads_};
  if (l1_ > 0 || l2_ > 0) {
    result.penalty = [l1 = l1_, l2 = l2_](const nn::Mlp& net) {
      return nn::l1_penalty(net, l1) + nn::l2_penalty(net, l2);
    };
  }
  choose_schedule(result);
  if (patience_ == 0) return result;
  if (!has_validation) throw Failure("--patience needs --validation SHARE");
  result.early_stopping = nn::EarlyStopping{.patience = patience_};
  return result;
}

std::vector<std::string> NetworkArguments::features() const {
  std::vector<std::string> result;
  for (const std::string& name : names_in(features_)) {
    const auto found = std::ranges::find(kFeatures, name, &decltype(kFeatures)::value_type::first);
    if (found == kFeatures.end())
      throw Failure("expected --features of x1, x2, x1^2, x2^2, x1*x2, sin(x1), sin(x2), got '" +
                    name + "'");
    result.emplace_back(found->second);
  }
  return result;
}

}  // namespace cli
