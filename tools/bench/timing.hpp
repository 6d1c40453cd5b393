// Timing of jobs: calibrated inner loops, interleaved repetitions, medians.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "engine.hpp"

namespace bench {

// Seconds for running the job `times` times.
double seconds_for(Job& job, std::size_t times);

// How often a job must run for one repetition to take about 30 ms; at least once.
std::size_t calibrate(Job& job);

// Of a copy of the numbers, which must not be empty.
double median(std::vector<double> numbers);

// Of a function that takes milliseconds or more.
double median_seconds(const std::function<void()>& f, int repetitions);

// Median seconds per run for each job. A repetition goes through all jobs before the next one
// begins, so that a disturbance of the machine meets all of them alike.
std::vector<double> interleaved_medians(std::span<Job* const> jobs, int repetitions);

}  // namespace bench
