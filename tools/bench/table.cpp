#include <cstdio>

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
  std::printf("  %-15s", "engine");
  if (!options.only_check) {
    std::printf("%9s %8s %8s %11s", "time", "/ plain", "/ hand", "graph B/op");
  }
  if (options.cold) std::printf(" %9s %11s", "cold", "memory B/op");
  std::printf("  %s\n", "relative error");
  for (const Result& result : measurement.results) {
    std::printf("  %-15s", result.engine->name.data());
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
  std::printf("\ntime of one gradient / plain function\n  %-15s", "engine");
  for (const Measurement& m : measurements) std::printf("%8s", m.workload.data());
  std::printf("\n");
  for (const Engine* engine : options.engines) {
    std::printf("  %-15s", engine->name.data());
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

}  // namespace bench
