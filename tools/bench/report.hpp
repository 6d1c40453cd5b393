// How measurements are shown: tables for people, JSON for machines.
#pragma once

#include <span>
#include <string>

#include "machine.hpp"
#include "measure.hpp"

namespace bench {

void print_heading(const Machine& machine, const Options& options);

// The table of one workload, on standard output.
void print_table(const Measurement& measurement, const Options& options);

// For several workloads: the time of a gradient as a multiple of the plain function's.
void print_summary(std::span<const Measurement> measurements, const Options& options);

// Throws std::runtime_error if no file can be made at the path: to know before the measuring.
void check_writable(const std::string& path);

// To a file, which is replaced only when all is written, or to standard output for "-".
// Throws std::runtime_error if it cannot be written.
void write_json(const std::string& path, const Machine& machine, const Options& options,
                std::span<const Measurement> measurements);

}  // namespace bench
