#include "timing.hpp"

#include <algorithm>
#include <chrono>

#ifdef __AVX__
#include <immintrin.h>
#endif

namespace bench {
namespace {

// An engine may leave the upper halves of the vector registers in use. Functions compiled for SSE,
// such as the C library's tanh, then take twice the time, also in the engine measured next.
void forget_vector_registers() {
#ifdef __AVX__
  _mm256_zeroupper();
#endif
}

}  // namespace

double seconds_for(Job& job, std::size_t times) {
  forget_vector_registers();
  const auto start = std::chrono::steady_clock::now();
  job.repeat(times);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::size_t calibrate(Job& job) {
  constexpr double wanted = 0.030;
  job.repeat(1);  // the first time, memory is new and functions are still to be compiled
  for (std::size_t times = 1;; times *= 4) {
    const double seconds = seconds_for(job, times);
    if (seconds >= wanted / 4) {
      return std::max<std::size_t>(
          1, static_cast<std::size_t>(static_cast<double>(times) * wanted / seconds));
    }
  }
}

double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const std::size_t half = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

double median_seconds(const std::function<void()>& f, int repetitions) {
  std::vector<double> seconds;
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return median(seconds);
}

std::vector<double> interleaved_medians(std::span<Job* const> jobs, int repetitions) {
  std::vector<std::size_t> times;
  times.reserve(jobs.size());
  for (Job* job : jobs) times.push_back(calibrate(*job));

  std::vector<std::vector<double>> seconds(jobs.size());
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      seconds[i].push_back(seconds_for(*jobs[i], times[i]) / static_cast<double>(times[i]));
    }
  }
  std::vector<double> medians;
  medians.reserve(jobs.size());
  for (const std::vector<double>& numbers : seconds) medians.push_back(median(numbers));
  return medians;
}

}  // namespace bench
