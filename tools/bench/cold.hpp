// The first gradient of a fresh process: its time, and the memory it takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bench {

struct Cold {
  double seconds = 0;
  // By which the process's memory grew; 0 if less than 2 MB or not known.
  double resident_bytes = 0;
};

// Runs this program again as `program --cold-child engine,workload`; the median of three processes.
// Throws std::runtime_error if that fails.
Cold measure_cold(const std::string& program, std::string_view engine, std::string_view workload);

// What the child does: runs the job once, and prints two numbers for the parent.
void run_cold_child(std::string_view engine, std::string_view workload);

}  // namespace bench
