// autograd train: from data to a network in a file.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "data_arguments.hpp"
#include "interrupt.hpp"
#include "network_arguments.hpp"
#include "prepared.hpp"
#include "scores.hpp"
#include "trained_files.hpp"

namespace cli {

namespace {

struct TrainArguments {
  DataArguments data;
  NetworkArguments network;
  std::string folder = "trained", resume;
  std::size_t seeds = 0;
  double goal = 0;
  bool is_raw = false, is_json = false, is_quiet = false;
};

// What there is before the first step.
struct Setup {
  TrainingData data;
  LossChoice loss;
  Preparation preparation;
  nn::Data train, validation, test;  // prepared
  nn::FitOptions options;
  std::optional<nn::Model> from;  // to go on with

  bool has_classes() const { return !data.classes.empty(); }
  std::size_t outputs() const { return train.front().targets.size(); }
};

Setup set_up(const TrainArguments& arguments) {
  const NetworkArguments& network = arguments.network;
  std::optional<nn::Model> from;
  if (!arguments.resume.empty()) {
    from = nn::load(arguments.resume);
    if (!from->training) throw Failure("'" + arguments.resume + "' has no training to go on with");
  }
  const bool has_columns = from && from->columns;
  TrainingData data = arguments.data.read(network.seed(), has_columns ? &*from->columns : nullptr);
  LossChoice loss = network.loss(data.classes.size());
  Preparation preparation;
  if (from) {
    if (from->loss != loss.name)
      throw Failure("'" + arguments.resume + "' was trained with another loss, " + from->loss);
    preparation = {from->features, from->standardiser, from->target_standardiser, loss.has_signs};
  } else {
    preparation = preparation_for(data, {network.features(), loss.has_signs, arguments.is_raw});
  }
  nn::FitOptions options = network.fit_options(loss.loss, !data.validation.empty());
  options.validation = preparation.apply(data.validation);
  Setup result{.data = std::move(data),
               .loss = std::move(loss),
               .preparation = std::move(preparation),
               .train = {},
               .validation = options.validation,
               .test = {},
               .options = options,
               .from = std::move(from)};
  result.train = result.preparation.apply(result.data.train);
  result.test = result.preparation.apply(result.data.test);
  return result;
}

nn::Mlp new_network(const TrainArguments& arguments, const Setup& setup, std::uint64_t seed) {
  return arguments.network.network(setup.train.front().inputs.size(), setup.outputs(),
                                   setup.loss.output, seed);
}

std::size_t terminal_width() {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : 80;
}

std::vector<Score> scores_of(const Setup& setup, const nn::Mlp& net) {
  std::vector<Score> result;
  const auto add = [&](const char* name, const nn::Data& rows) {
    if (!rows.empty())
      result.push_back(score_of(name, net, rows, setup.preparation, setup.has_classes()));
  };
  add("training", setup.train);
  add("validation", setup.validation);
  add("test", setup.test);
  return result;
}

nn::Model model_of(const Setup& setup, const nn::Mlp& net, const nn::TrainingState& state,
                   const nn::History& history) {
  nn::Model result{.net = net,
                   .standardiser = setup.preparation.standardiser,
                   .inputs = setup.data.inputs,
                   .targets = setup.data.targets,
                   .classes = setup.data.classes,
                   .target_standardiser = setup.preparation.target_standardiser,
                   .columns = setup.data.columns,
                   .features = setup.preparation.features,
                   .loss = std::string(setup.loss.name),
                   .training = state};
  result.notes = {"data: " + setup.data.source + ", " + std::to_string(setup.train.size()) +
                      " rows to train, " + std::to_string(setup.validation.size()) +
                      " to validate, " + std::to_string(setup.test.size()) + " to test",
                  "epochs: " + std::to_string(state.epoch)};
  if (!history.empty())
    result.notes.push_back("last loss: " + autograd::text::rounded(history.back().loss, 6));
  return result;
}

void train_once(const TrainArguments& arguments, Setup& setup, Session& session) {
  nn::Mlp net = setup.from ? setup.from->net : new_network(arguments, setup, setup.options.seed);
  const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
  nn::ProgressBar bar(std::cerr, is_terminal, terminal_width());
  if (is_terminal && !arguments.is_quiet) setup.options.callbacks.push_back(std::ref(bar));
  setup.options.callbacks.push_back([](const nn::Epoch&) { return !is_interrupted(); });
  note_interrupts();
  const nn::FitResult result = setup.from
                                   ? nn::fit(net, setup.train, setup.options, *setup.from->training)
                                   : nn::fit(net, setup.train, setup.options);
  bar.finish();
  if (result.stop == nn::Stop::kNotFinite && result.history.empty())
    throw Failure("the first epoch ends in numbers that are not finite; take a smaller --rate");

  const bool is_cut = result.stop == nn::Stop::kCallback;
  if (is_cut || result.stop == nn::Stop::kNotFinite) session.exit_code = 1;
  const std::vector<Score> scores = scores_of(setup, net);
  TrainedFiles files(arguments.folder);
  files.add_model(model_of(setup, net, result.state, result.history));
  files.add_history(result.history);
  const nn::Data& last = !setup.test.empty()         ? setup.test
                         : !setup.validation.empty() ? setup.validation
                                                     : setup.train;
  std::optional<nn::ConfusionMatrix> confusion;
  if (setup.has_classes()) {
    confusion = confusion_of(net, last, setup.data.classes);
    files.add_confusion(*confusion);
  }
  files.add_boundary(net, setup.data.train, setup.preparation);
  files.add_page(net, setup.train, setup.loss.loss);
  files.write();

  const std::string end = (is_cut ? std::string("Interrupted: after ") : std::string("After ")) +
                          std::to_string(result.state.epoch) + " epochs " +
                          (is_cut ? "it was stopped; what there is has been saved"
                                  : std::string(nn::to_string(result.stop)));
  if (arguments.is_json) {
    Json json{{"source", setup.data.source},
              {"parameters", net.parameters().size()},
              {"epochs", result.state.epoch},
              {"end", nn::to_string(result.stop)},
              {"loss", result.history.empty() ? Json() : json_number(result.history.back().loss)},
              {"scores", json_of(scores, setup.has_classes())},
              {"files", files.names()}};
    return session.out.json(json);
  }
  session.out.line(end + '.');
  session.out.line();
  session.out.table(score_table(scores, setup.has_classes()));
  if (confusion) session.out.print("\n" + confusion->to_string());
  session.out.line("\nWritten: " + files.listed());
}

// By Wilson's formula, at 95 %.
// Source: E. B. Wilson, "Probable inference", JASA 22, 1927.
std::pair<double, double> interval(double successes, double runs) {
  constexpr double z = 1.959964;
  const double share = successes / runs, factor = 1 / (1 + z * z / runs);
  const double middle = factor * (share + z * z / (2 * runs));
  const double half =
      factor * z * std::sqrt(share * (1 - share) / runs + z * z / (4 * runs * runs));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

void train_seeds(const TrainArguments& arguments, Setup& setup, Session& session) {
  const bool has_classes = setup.has_classes();
  const double goal = arguments.goal > 0 ? arguments.goal : has_classes ? 0.95 : 0.9;
  const nn::Data& judged = setup.validation.empty() ? setup.train : setup.validation;
  setup.options.callbacks.push_back([](const nn::Epoch&) { return !is_interrupted(); });
  note_interrupts();
  nn::SeedRuns all;
  std::vector<double> values;
  std::optional<TrainedFiles> files;
  for (const std::uint64_t seed : nn::seeds(arguments.seeds, setup.options.seed)) {
    nn::Mlp net = new_network(arguments, setup, seed);
    setup.options.seed = seed;
    nn::FitResult result = nn::fit(net, setup.train, setup.options);
    if (result.stop == nn::Stop::kCallback) break;
    const Score score = score_of("", net, judged, setup.preparation, has_classes);
    values.push_back(score.value);
    if (!files) {
      files.emplace(arguments.folder);
      files->add_model(model_of(setup, net, result.state, result.history));
      files->add_history(result.history);
    }
    all.runs.push_back({seed, net, std::move(result), score.value >= goal});
  }
  if (values.empty()) throw Failure("interrupted before the first seed was done");
  files->write();
  const auto runs = static_cast<double>(values.size());
  const auto [low, high] = interval(static_cast<double>(all.successes()), runs);
  std::ranges::sort(values);
  const double median = (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
  const char* const measure = has_classes ? "accuracy" : "R^2";
  if (values.size() < arguments.seeds) session.exit_code = 1;
  if (arguments.is_json) {
    return session.out.json({{"seeds", values.size()},
                             {"asked", arguments.seeds},
                             {"goal", goal},
                             {"measure", measure},
                             {"successes", all.successes()},
                             {"rate", all.success_rate()},
                             {"interval", {low, high}},
                             {"least", json_number(values.front())},
                             {"median", json_number(median)},
                             {"largest", json_number(values.back())}});
  }
  const auto percent = [](double x) { return autograd::text::fixed(100 * x, 0) + " %"; };
  if (values.size() < arguments.seeds)
    session.out.line("Interrupted: " + std::to_string(values.size()) + " of " +
                     std::to_string(arguments.seeds) + " seeds are done.");
  session.out.line(all.to_string());
  session.out.line(std::string("Success is ") + measure +
                   " >= " + autograd::text::rounded(goal, 4) + " on the " +
                   (setup.validation.empty() ? "training" : "validation") +
                   " rows: " + percent(all.success_rate()) + " of the seeds; of all seeds, " +
                   percent(low) + " to " + percent(high) + " (95 % interval).");
  session.out.line(std::string(measure) + ": least " + autograd::text::rounded(values.front(), 4) +
                   ", median " + autograd::text::rounded(median, 4) + ", largest " +
                   autograd::text::rounded(values.back(), 4));
  session.out.line("Written, of the first seed and not of the best: " + files->listed());
}

void train(const TrainArguments& arguments, Session& session) {
  require_writable(arguments.folder);
  Setup setup = set_up(arguments);
  if (arguments.seeds > 0) {
    train_seeds(arguments, setup, session);
  } else {
    train_once(arguments, setup, session);
  }
}

}  // namespace

void add_train(CLI::App& app, Session& session) {
  const auto arguments = std::make_shared<TrainArguments>();
  CLI::App* const command =
      app.add_subcommand("train", "A network, from a file or a built-in set of data");
  arguments->data.add_to(*command);
  arguments->network.add_to(*command);
  command
      ->add_option("-o,--output", arguments->folder, "The folder for model, history and pictures")
      ->type_name("FOLDER");
  CLI::Option* const resume =
      command
          ->add_option("--resume", arguments->resume,
                       "Go on with this model, up to --epochs, with the options as before")
          ->type_name("MODEL");
  command
      ->add_option("--seeds", arguments->seeds,
                   "Train from so many seeds, and tell how many reach the goal")
      ->check(CLI::Range(1, 100000))
      ->default_str("")
      ->excludes(resume);
  command
      ->add_option("--goal", arguments->goal,
                   "What counts as success: the accuracy, else 0.95; or R^2, else 0.9")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("NUMBER")
      ->default_str("")
      ->needs("--seeds");
  command->add_flag("--raw", arguments->is_raw, "Numbers as they are, nothing standardised");
  command->add_flag("--quiet", arguments->is_quiet, "No progress bar");
  add_json_flag(*command, arguments->is_json);
  add_examples(*command,
               "  autograd train spiral --hidden 8,8 --epochs 200\n"
               "  autograd train circle --noise 0.2 --features x1^2,x2^2 --hidden 0\n"
               "  autograd train iris --validation 0.2 --patience 20 --seed 1 -o iris\n"
               "  autograd train xor --hidden 4 --epochs 300 --seeds 20\n"
               "  autograd train cars.txt --no-header --target 1 --drop 4 --missing mean\n"
               "  autograd train titanic.csv --target Survived --classify --drop Name,Ticket \\\n"
               "      --one-hot Sex,Embarked --missing mean --validation 0.2");
  command->callback([arguments, &session] { train(*arguments, session); });
}

}  // namespace cli
