// bench: the time of a gradient, of this engine and of others, on six workloads; of this
// engine's Jacobians, Hessians and checkpoints; of functions replayed over many rows; of
// training steps; of the example microgpt; of explanations; of pictures; and of the command.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engines.hpp"
#include "report.hpp"

namespace {

// What the user asked for, as text.
struct Request {
  std::vector<std::string> workloads;
  std::vector<std::string> engines;
  std::vector<std::string> cold_child;
  std::string json, command;
  bool derivatives = false, replay = false, training = false, microgpt = false, explain = false,
       draw = false, one_row = false, page = false, phases = false;
  bench::Options options;
};

std::string footer() {
  std::string text = "Workloads:\n";
  bench::for_each_workload([&]<class F>(const F&) {
    text += "  " + std::string(F::name) + "  " + std::string(F::title) + "\n";
  });
  text += "Engines in this build:\n";
  for (const bench::Engine& engine : bench::engines()) {
    text += "  " + std::string(engine.name);
    text.append(17 - std::min<std::size_t>(16, engine.name.size()), ' ');
    text += std::string(engine.description) + "\n";
  }
  return text + "Exit status: 0 fine, 1 a gradient disagrees or a failure, 2 wrong usage.";
}

void define_options(CLI::App& app, Request& request) {
  std::vector<std::string> workloads, engines;
  bench::for_each_workload([&]<class F>(const F&) { workloads.emplace_back(F::name); });
  for (const bench::Engine& engine : bench::engines()) engines.emplace_back(engine.name);

  app.add_option("--only", request.workloads, "Only these workloads, as in W1,W3")
      ->delimiter(',')
      ->check(CLI::IsMember(workloads));
  app.add_option("--engines", request.engines, "Only these engines, besides plain and hand")
      ->delimiter(',')
      ->check(CLI::IsMember(engines));
  app.add_option("--repetitions", request.options.repetitions, "Repetitions, whose median counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_flag("--check", request.options.only_check, "Compare the gradients; time nothing");
  app.add_flag("--cold", request.options.cold,
               "Also the first gradient of a fresh process, and the memory it takes")
      ->excludes("--check");
  app.add_flag("--derivatives", request.derivatives,
               "Instead: Jacobians, Hessians and checkpoints, each against one gradient")
      ->excludes("--only", "--engines", "--cold");
  app.add_flag("--replay", request.replay,
               "Instead: functions recorded once and replayed over many rows")
      ->excludes("--only", "--engines", "--cold", "--derivatives");
  app.add_flag("--training", request.training, "Instead: one step of training a network, with Adam")
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--check");
  app.add_flag("--microgpt", request.microgpt, "Instead: the loss of the example microgpt")
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--training");
  app.add_flag("--explain", request.explain, "Instead: explanations of large graphs")
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--training",
                 "--microgpt", "--check");
  app.add_flag("--draw", request.draw, "Instead: pictures of large graphs")
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--training",
                 "--microgpt", "--explain", "--check");
  app.add_flag("--page", request.page, "Instead: HTML pages that step through graphs")
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--training",
                 "--microgpt", "--explain", "--draw", "--check");
  app.add_flag("--one-row", request.one_row,
               "Instead: functions recorded once and run for one row again and again")
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--training",
                 "--microgpt", "--explain");
  app.add_flag("--phases", request.phases,
               "Instead: how much of a gradient of Values is recording, and how much the sweep")
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--training",
                 "--microgpt", "--explain", "--check", "--draw", "--one-row");
  app.add_option("--command", request.command,
                 "Instead: how long the command autograd, PROGRAM, takes to start and to train")
      ->type_name("PROGRAM")
      ->check(CLI::ExistingFile)
      ->excludes("--only", "--engines", "--cold", "--derivatives", "--replay", "--training",
                 "--microgpt", "--explain", "--check", "--draw", "--one-row");
  app.add_option("--json", request.json, "Write the results to FILE, or - for standard output")
      ->type_name("FILE");
  app.add_option("--cold-child", request.cold_child)->delimiter(',')->expected(2)->group("");
  app.footer(footer());

  if (request.workloads.empty()) request.workloads = workloads;
  if (request.engines.empty()) request.engines = engines;
}

// Those named, in the order of the list; plain and hand always, since the others are compared with
// them.
std::vector<const bench::Engine*> chosen_engines(const std::vector<std::string>& names) {
  std::vector<const bench::Engine*> result;
  for (const bench::Engine& engine : bench::engines()) {
    const bool named = std::find(names.begin(), names.end(), engine.name) != names.end();
    if (named || engine.name == "plain" || engine.name == "hand") result.push_back(&engine);
  }
  return result;
}

int run(const Request& request) {
  const bench::Options& options = request.options;
  const bool tables = request.json != "-";
  const bench::Machine machine = bench::describe_machine();
  std::vector<bench::Measurement> measurements;
  std::vector<bench::DerivativesOf> derivatives;
  bool agree = true;

  if (!request.json.empty()) bench::check_writable(request.json);
  if (tables) bench::print_heading(machine, options);
  if (request.derivatives) {
    derivatives = bench::measure_derivatives(options);
    for (const bench::DerivativesOf& of : derivatives) {
      for (const bench::Derivative& result : of.results) agree &= result.agrees;
    }
    if (tables) bench::print_derivatives(derivatives, options);
  }
  std::vector<bench::ReplayOf> replays;
  std::vector<bench::Elementary> functions;
  if (request.replay) {
    replays = bench::measure_replay(options);
    for (const bench::ReplayOf& of : replays)
      for (const bench::Replayed& result : of.results) agree &= result.agrees;
    if (tables) bench::print_replay(replays, options);
    functions = bench::measure_elementary(options);
    if (tables) bench::print_elementary(functions, options);
  }
  if (request.one_row) {
    replays = bench::measure_one_row(options);
    for (const bench::ReplayOf& of : replays)
      for (const bench::Replayed& result : of.results) agree &= result.agrees;
    if (tables) bench::print_one_row(replays, options);
  }
  std::vector<bench::Step> steps;
  if (request.training) {
    steps = bench::measure_training(options);
    if (tables) bench::print_training(steps, bench::measure_long_training());
  }
  std::optional<bench::Microgpt> microgpt;
  if (request.microgpt) {
    microgpt = bench::measure_microgpt(options);
    for (const bench::MicrogptResult& result : microgpt->results) agree &= result.agrees;
    if (tables) bench::print_microgpt(*microgpt, options);
  }
  std::vector<bench::ExplainResult> explanations;
  if (request.explain) {
    explanations = bench::measure_explain(options);
    if (tables) bench::print_explain(explanations);
  }
  std::vector<bench::DrawResult> pictures;
  if (request.draw) {
    pictures = bench::measure_draw(options);
    if (tables) bench::print_draw(pictures);
  }
  std::vector<bench::PageResult> pages;
  if (request.page) {
    pages = bench::measure_pages(options);
    if (tables) bench::print_pages(pages);
    for (const bench::PageResult& each : pages) {
      if (each.bytes <= each.most_bytes) continue;
      std::fprintf(stderr, "bench: the page of %s is too large\n", each.graph.c_str());
      return 1;
    }
  }
  std::vector<bench::Phases> phases;
  if (request.phases) {
    phases = bench::measure_phases(options);
    if (tables) bench::print_phases(phases);
  }
  std::optional<bench::CommandTimes> command;
  if (!request.command.empty()) {
    command = bench::measure_command(request.command, options);
    if (tables) bench::print_command(*command);
  }
  for (const std::string& workload : request.workloads) {
    measurements.push_back(bench::measure(workload, options));
    for (const bench::Result& result : measurements.back().results) agree &= result.agrees;
    if (tables) bench::print_table(measurements.back(), options);
  }
  if (tables && !options.only_check && measurements.size() > 1) {
    bench::print_summary(measurements, options);
  }
  if (!request.json.empty()) {
    bench::write_json(request.json, machine, options, measurements, derivatives, replays, functions,
                      steps, microgpt, explanations, pictures, pages, phases, command);
  }
  if (!agree) std::fprintf(stderr, "bench: a derivative disagrees with the hand-written one\n");
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fprintf(stderr, "bench: cannot write to standard output\n");
    return 1;
  }
  return agree ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app("Times gradients of six workloads, by this engine and by others.", "bench");
    Request request;
    define_options(app, request);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app.exit(error);  // --help
      std::fprintf(stderr, "bench: %s (bench --help lists the options)\n", error.what());
      return 2;
    }
    if (request.derivatives || request.replay || request.training || request.microgpt ||
        request.explain || request.draw || request.one_row || request.page || request.phases ||
        !request.command.empty())
      request.workloads.clear();
    if (!request.cold_child.empty()) {
      bench::run_cold_child(request.cold_child[0], request.cold_child[1]);
      return 0;
    }
    request.options.engines = chosen_engines(request.engines);
    request.options.program = argv[0];
    return run(request);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
