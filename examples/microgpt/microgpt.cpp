// Learns what names look like, from 32,033 of them, and invents 20 new ones.
//
// This is microgpt, to be read beside Andrej Karpathy's text at
// https://karpathy.github.io/2026/02/12/microgpt. model.hpp is the transformer, training.hpp the
// rest. Losses and names are those of his program in Python.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "training.hpp"

namespace {

struct Options {
  microgpt::Model model;
  std::size_t steps = 1000;
  std::int64_t seed = 42;
  bool generic = false;
  std::string names = MICROGPT_NAMES;
};

void define_options(CLI::App& app, Options& options) {
  const CLI::Range count(1, 1000), many(1, 1'000'000);
  app.option_defaults()->always_capture_default();
  app.add_option("--layers", options.model.layers, "Layers")->check(count);
  app.add_option("--heads", options.model.heads, "Heads, among which a row is cut")->check(count);
  app.add_option("--embedding", options.model.embedding, "Numbers in a row")->check(count);
  app.add_option("--steps", options.steps, "Steps of training, a name each")->check(many);
  app.add_option("--seed", options.seed, "Seed of Python's random numbers");
  app.add_flag("--generic", options.generic, "Differentiate a generic callable, without Values");
  app.add_option("--names", options.names, "A file with a name on each line")
      ->check(CLI::ExistingFile);
}

void run(const Options& options) {
  microgpt::Training training(options.model, microgpt::read_names(options.names), options.seed);
  std::printf("%zu names, %zu tokens, %zu weights\n", training.names.size(),
              training.model.vocabulary, training.weights.size());

  std::printf("   step   loss    mean since the line before\n");
  const std::size_t every = std::max<std::size_t>(1, options.steps / 20);
  std::vector<double> losses;
  for (std::size_t i = 0; i < options.steps; ++i) {
    losses.push_back(training.step(i, options.steps, options.generic));
    if (i != 0 && (i + 1) % every != 0) continue;
    std::printf("%7zu %7.4f %7.4f\n", i + 1, losses.back(), autograd::mean(losses));
    std::fflush(stdout);
    losses.clear();
  }

  for (int i = 1; i <= 20; ++i) std::printf("%2d %s\n", i, training.sample().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options;
    CLI::App app("Trains a small transformer on names and invents new ones.", "microgpt");
    define_options(app, options);
    try {
      app.parse(argc, argv);
      if (options.model.embedding % options.model.heads != 0)
        throw CLI::ValidationError("--heads", "has to divide --embedding");
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app.exit(error);  // --help
      std::fprintf(stderr, "microgpt: %s (microgpt --help lists the options)\n", error.what());
      return 2;
    }
    run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "microgpt: %s\n", error.what());
    return 1;
  }
}
