// How measurements are shown: tables for people, JSON for machines.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "command.hpp"
#include "derivatives.hpp"
#include "draw.hpp"
#include "elementary.hpp"
#include "explain.hpp"
#include "machine.hpp"
#include "measure.hpp"
#include "microgpt.hpp"
#include "one_row.hpp"
#include "page.hpp"
#include "phases.hpp"
#include "replay.hpp"
#include "training.hpp"

namespace bench {

void print_heading(const Machine& machine, const Options& options);

// The table of one workload, on standard output.
void print_table(const Measurement& measurement, const Options& options);

// For several workloads: the time of a gradient as a multiple of the plain function's.
void print_summary(std::span<const Measurement> measurements, const Options& options);

// The table of Jacobians, Hessians and checkpoints.
void print_derivatives(std::span<const DerivativesOf> derivatives, const Options& options);

// The tables of replayed functions.
void print_replay(std::span<const ReplayOf> replays, const Options& options);
void print_one_row(std::span<const ReplayOf> rows, const Options& options);
void print_elementary(std::span<const Elementary> functions, const Options& options);

// The table of training steps.
void print_training(std::span<const Step> steps, const LongTraining& long_training);

// The table of explanations.
void print_explain(std::span<const ExplainResult> results);
// The table of pictures.
void print_draw(std::span<const DrawResult> results);
// The table of pages.
void print_pages(std::span<const PageResult> results);
// The table of recording and sweep.
void print_phases(std::span<const Phases> results);
void print_command(const CommandTimes& times);
// The table of microgpt.
void print_microgpt(const Microgpt& microgpt, const Options& options);

// Throws std::runtime_error if no file can be made at the path: to know before the measuring.
void check_writable(const std::string& path);

// To a file, which is replaced only when all is written, or to standard output for "-".
// Throws std::runtime_error if it cannot be written.
void write_json(const std::string& path, const Machine& machine, const Options& options,
                std::span<const Measurement> measurements,
                std::span<const DerivativesOf> derivatives, std::span<const ReplayOf> replays,
                std::span<const Elementary> functions, std::span<const Step> steps,
                const std::optional<Microgpt>& microgpt,
                std::span<const ExplainResult> explanations, std::span<const DrawResult> pictures,
                std::span<const PageResult> pages, std::span<const Phases> phases,
                const std::optional<CommandTimes>& command);

}  // namespace bench
