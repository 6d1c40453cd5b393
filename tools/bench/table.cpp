#include <algorithm>
#include <cstdio>
#include <tuple>

#include "report.hpp"

namespace bench {
namespace {

// Three digits: "1.32", "107".
std::string number_text(double number) {
  char text[32];
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

// With a unit: "1.32 ns", "107 us".
std::string time_text(double seconds) {
  const char* units[] = {" ns", " us", " ms", " s"};
  double number = seconds * 1e9;
  std::size_t unit = 0;
  while (number >= 999.5 && unit < 3) {
    number /= 1000;
    ++unit;
  }
  return number_text(number) + units[unit];
}

// Bytes per operation; "-" where the engine keeps or reports none.
std::string bytes_text(double bytes, std::size_t operations) {
  return bytes > 0 ? number_text(bytes / static_cast<double>(operations)) : "-";
}

// "1.2 kB", "464 MB"; "-" where it is not known.
std::string size_text(double bytes) {
  if (bytes <= 0) return "-";
  return bytes < 1e6 ? number_text(bytes / 1e3) + " kB" : number_text(bytes / 1e6) + " MB";
}

}  // namespace

void print_heading(const Machine& machine, const Options& options) {
  std::printf("%s, %s, %s\n%s\n", machine.compiler.c_str(), machine.flags.c_str(),
              machine.date.c_str(), machine.processor.c_str());
  if (!options.only_check) {
    std::printf("time of one gradient, median of %d interleaved repetitions\n",
                options.repetitions);
  }
}

void print_table(const Measurement& measurement, const Options& options) {
  std::printf("\n%s  %s: %zu inputs, %zu operations\n", measurement.workload.data(),
              measurement.title.data(), measurement.inputs, measurement.operations);
  std::printf("  %-16s", "engine");
  if (!options.only_check) {
    std::printf("%9s %8s %8s %11s", "time", "/ plain", "/ hand", "graph B/op");
  }
  if (options.cold) std::printf(" %9s %11s", "cold", "memory B/op");
  std::printf("  %s\n", "relative error");
  for (const Result& result : measurement.results) {
    std::printf("  %-16s", result.engine->name.data());
    if (!options.only_check && result.agrees) {
      std::printf("%9s %8s %8s %11s", time_text(result.seconds).c_str(),
                  number_text(result.seconds / measurement.plain_seconds).c_str(),
                  number_text(result.seconds / measurement.hand_seconds).c_str(),
                  bytes_text(result.graph_bytes, measurement.operations).c_str());
    }
    if (result.cold) {
      std::printf(" %9s %11s", time_text(result.cold->seconds).c_str(),
                  bytes_text(result.cold->resident_bytes, measurement.operations).c_str());
    }
    std::printf("  %.1e%s\n", result.error, result.agrees ? "" : "  DISAGREES: not timed");
  }
  std::fflush(stdout);
}

void print_summary(std::span<const Measurement> measurements, const Options& options) {
  std::printf("\ntime of one gradient / plain function\n  %-16s", "engine");
  for (const Measurement& m : measurements) std::printf("%8s", m.workload.data());
  std::printf("\n");
  for (const Engine* engine : options.engines) {
    std::printf("  %-16s", engine->name.data());
    for (const Measurement& m : measurements) {
      std::string cell = "-";
      for (const Result& result : m.results) {
        if (result.engine == engine && result.agrees) {
          cell = number_text(result.seconds / m.plain_seconds);
        }
      }
      std::printf("%8s", cell.c_str());
    }
    std::printf("\n");
  }
}

void print_replay(std::span<const ReplayOf> replays, const Options& options) {
  for (const ReplayOf& of : replays) {
    std::printf("\n%s  %s, %zu %s\n  %-25s", of.workload.c_str(), of.title.c_str(), of.rows,
                of.rows == 1 ? "row" : "rows", "");
    if (!options.only_check) std::printf("%9s %10s %8s", "time", "a row", "/ plain");
    std::printf("  relative error\n");
    const double plain = of.results[0].name == "plain function" ? of.results[0].seconds : 0;
    for (const Replayed& result : of.results) {
      std::printf("  %-25s", result.name.c_str());
      if (!options.only_check && result.agrees) {
        const bool is_per_row = result.name != "trace and compile";
        std::printf(
            "%9s %10s %8s", time_text(result.seconds).c_str(),
            is_per_row ? time_text(result.seconds / static_cast<double>(of.rows)).c_str() : "",
            plain > 0 ? number_text(result.seconds / plain).c_str() : "");
      }
      std::printf("  %.1e%s\n", result.error, result.agrees ? "" : "  DISAGREES: not timed");
    }
  }
  std::fflush(stdout);
}

void print_one_row(std::span<const ReplayOf> rows, const Options& options) {
  std::printf("\none row, value and gradient\n  %-14s", "");
  if (!options.only_check)
    std::printf("%9s%9s%13s%13s%16s%13s%13s%10s%10s", "plain", "hand", "eager/hand", "replay/hand",
                "evaluator/hand", "to_cpp/hand", "CppAD/hand", "trace", "first run");
  std::printf("  relative error\n");
  for (const ReplayOf& of : rows) {
    const auto seconds = [&of](std::string_view name) {
      const auto found = std::ranges::find(of.results, name, &Replayed::name);
      return found != of.results.end() ? found->seconds : 0;
    };
    const double hand = seconds("hand-written gradient");
    const auto ratio = [&](std::string_view name) {
      return seconds(name) > 0 ? number_text(seconds(name) / hand) : "-";
    };
    std::printf("  %-14s", of.workload.c_str());
    if (!options.only_check) {
      std::printf("%9s%9s%13s%13s%16s%13s%13s%10s%10s",
                  time_text(seconds("plain function")).c_str(), time_text(hand).c_str(),
                  ratio("value_and_gradient").c_str(), ratio("replay").c_str(),
                  ratio("Evaluator").c_str(), ratio("to_cpp").c_str(), ratio("CppAD").c_str(),
                  time_text(seconds("trace")).c_str(), time_text(seconds("first run")).c_str());
    }
    double error = 0;
    bool agrees = true;
    for (const Replayed& each : of.results) {
      if (each.name != "CppAD") error = std::max(error, each.error);
      agrees &= each.agrees;
    }
    std::printf("  %.1e%s\n", error, agrees ? "" : "  DISAGREES");
  }
  std::fflush(stdout);
}

void print_elementary(std::span<const Elementary> functions, const Options& options) {
  const bool times = !options.only_check;
  std::printf("\nelementary functions, a number, and units of the last place from <cmath>\n");
  std::printf("  %-7s%14s%10s%18s%18s\n", "", "", "<cmath>", "Function", "SLEEF, AVX-512");
  for (const Elementary& each : functions) {
    const auto text = [&](const Way& way) {
      return (times ? time_text(way.seconds) + ", " : std::string()) + number_text(way.error) +
             " ulp";
    };
    std::printf("  %-7s%6g to %-4g%10s%18s%18s\n", each.name.c_str(), each.low, each.high,
                times ? time_text(each.cmath_seconds).c_str() : "", text(each.function).c_str(),
                each.sleef ? text(*each.sleef).c_str() : "-");
  }
  std::fflush(stdout);
}

void print_training(std::span<const Step> steps, const LongTraining& long_training) {
  std::printf("\n  %-23s%6s%12s%12s%12s\n", "network", "rows", "parameters", "a step", "a row");
  for (const Step& each : steps) {
    std::printf("  %-23s%6zu%12zu%12s%12s\n", each.network.c_str(), each.rows, each.parameters,
                time_text(each.seconds).c_str(),
                time_text(each.seconds / static_cast<double>(each.rows)).c_str());
  }
  std::printf("  memory of the process: %.2f MB, and after 1,000,000 steps more %.2f MB\n",
              long_training.bytes_before / 1e6, long_training.bytes_after / 1e6);
  std::fflush(stdout);
}

void print_explain(std::span<const ExplainResult> results) {
  std::printf("\nexplanations, and a derivative as a formula\n");
  std::printf("  %-12s%9s %9s %9s %11s\n", "operations", "by parts", "by steps", "formula",
              "parts ns/op");
  for (const ExplainResult& each : results) {
    std::printf("  %-12zu%9s %9s %9s %11s\n", each.nodes, time_text(each.by_parts).c_str(),
                time_text(each.by_steps).c_str(), time_text(each.formula).c_str(),
                number_text(each.by_parts * 1e9 / static_cast<double>(each.nodes)).c_str());
  }
  std::fflush(stdout);
}

void print_draw(std::span<const DrawResult> results) {
  std::printf("\npictures of a graph\n");
  std::printf("  %-12s%9s %9s %9s %11s %11s\n", "operations", "DOT text", "tape", "folded",
              "DOT bytes", "tape bytes");
  for (const DrawResult& each : results) {
    std::printf("  %-12zu%9s %9s %9s %11zu %11zu\n", each.nodes, time_text(each.dot_text).c_str(),
                time_text(each.tape_picture).c_str(), time_text(each.folded).c_str(),
                each.dot_bytes, each.tape_bytes);
  }
  std::fflush(stdout);
}

void print_pages(std::span<const PageResult> results) {
  std::printf("\npages that step through a graph\n");
  std::printf("  %-20s%12s %12s %9s\n", "", "bytes", "at most", "to write");
  for (const PageResult& each : results) {
    std::printf("  %-20s%12zu %12zu %9s\n", each.graph.c_str(), each.bytes, each.most_bytes,
                time_text(each.seconds).c_str());
  }
  std::fflush(stdout);
}

void print_phases(std::span<const Phases> results) {
  std::printf("\ngradients of Values\n  %-6s%12s%10s%10s%10s%16s%15s\n", "", "operations", "plain",
              "record", "sweep", "record, ns/op", "sweep, ns/op");
  for (const Phases& each : results) {
    const auto by_operation = [&](double seconds) {
      return number_text(seconds * 1e9 / static_cast<double>(each.operations));
    };
    std::printf("  %-6s%12zu%10s%10s%10s%16s%15s\n", each.workload.data(), each.operations,
                time_text(each.plain).c_str(), time_text(each.record).c_str(),
                time_text(each.sweep).c_str(), by_operation(each.record).c_str(),
                by_operation(each.sweep).c_str());
  }
  std::fflush(stdout);
}

void print_command(const CommandTimes& times) {
  std::printf("\nthe command autograd\n");
  std::printf("  start                   %9s\n", time_text(times.start_up).c_str());
  std::printf("  an epoch of train       %9s\n", time_text(times.epoch_of_command).c_str());
  std::printf("  an epoch of nn::fit()   %9s\n", time_text(times.epoch_of_fit).c_str());
  std::fflush(stdout);
}

void print_microgpt(const Microgpt& microgpt, const Options& options) {
  std::printf("\nmicrogpt: %zu weights, %.0f operations in the loss of a name, mean of %zu names\n",
              microgpt.weights, microgpt.operations, microgpt.names);
  std::printf("  %-16s", "engine");
  if (!options.only_check) std::printf("%9s %8s %11s", "a name", "/ plain", "ns / op");
  std::printf(" %11s  %s\n", "graph B/op", "relative error");
  const double plain = microgpt.results[0].seconds;
  for (const MicrogptResult& each : microgpt.results) {
    std::printf("  %-16s", each.name.data());
    if (!options.only_check) {
      std::printf("%9s %8s %11s", time_text(each.seconds).c_str(),
                  number_text(each.seconds / plain).c_str(),
                  number_text(each.seconds * 1e9 / microgpt.operations).c_str());
    }
    std::printf(" %11s  %.1e%s\n", bytes_text(each.graph_bytes, 1).c_str(), each.error,
                each.agrees ? "" : "  DISAGREES: not timed");
  }
  std::fflush(stdout);
}

void print_derivatives(std::span<const DerivativesOf> derivatives, const Options& options) {
  std::printf("\n  %-26s%7s%8s  %-33s", "function", "inputs", "outputs", "derivative");
  if (!options.only_check) std::printf("%9s%11s", "time", "/ gradient");
  std::printf("%12s  relative error\n", "peak graph");
  for (const DerivativesOf& of : derivatives) {
    for (const Derivative& result : of.results) {
      if (&result == of.results.data()) {
        std::printf("  %-26s%7zu%8zu  ", of.function.data(), of.inputs, of.outputs);
      } else {
        std::printf("%45s", "");
      }
      std::printf("%-24s", result.name.data());
      if (!options.only_check) {
        const bool has_ratio = result.agrees && of.results[0].agrees;
        std::printf("%9s%11s", result.agrees ? time_text(result.seconds).c_str() : "-",
                    has_ratio ? number_text(result.seconds / of.results[0].seconds).c_str() : "-");
      }
      std::printf("%12s  %.1e%s\n", size_text(result.peak_bytes).c_str(), result.error,
                  result.agrees ? "" : "  DISAGREES: not timed");
    }
  }
  std::fflush(stdout);
}

}  // namespace bench
