// Forks of a process whose threads wait for work, or are at work.

#ifdef __linux__

#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::Function;
using autograd::Rows;

// What f returns in a forked child, which then ends as programs do; 1000 and more if it dies of a
// signal, as it does after 20 seconds.
template <class F> int in_a_fork(const F& f) {
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::alarm(20);
    int result = 101;
    try {
      result = f();
    } catch (...) {
      result = 102;
    }
    // Sanitizers would call memory of threads that the child does not have a leak.
    if (helpers::kSanitized) ::_exit(result);
    std::exit(result);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

// Enough work for several threads.
struct Work {
  Function f =
      Function::trace([](auto p, auto x) { return tanh(p[0] * x[0] + sin(x[1])); }, {1}, {1, 2});
  std::vector<double> rows;

  Work() {
    for (int i = 0; i < 100'000; ++i) rows.push_back(std::sin(i));
  }
  double total(std::size_t threads) const {
    return f.value_and_gradient({0.5}, Rows(rows, 2), autograd::Reduce::kSum, threads).value;
  }
};

}  // namespace

TEST_CASE("fork: a child of a process with threads has its own, and exits") {
  const Work work;
  const double expected = work.total(1);
  CHECK(work.total(4) == expected);
  CHECK(in_a_fork([] { return 0; }) == 0);
  CHECK(in_a_fork([&] { return work.total(4) == expected ? 0 : 1; }) == 0);
  // A child of a child, too.
  const auto grandchild = [&] {
    return in_a_fork([&] { return work.total(3) == expected ? 0 : 1; });
  };
  CHECK(in_a_fork([&] { return work.total(4) == expected ? grandchild() : 1; }) == 0);
  CHECK(work.total(4) == expected);
}

TEST_CASE("fork: while other threads are at work") {
  const Work work;
  const double expected = work.total(1);
  std::atomic<bool> is_over = false;
  std::thread other([&] {
    while (!is_over) (void)work.total(4);
  });
  for (int i = 0; i < helpers::scaled(50, 5); ++i)
    CHECK(in_a_fork([&] { return work.total(2) == expected ? 0 : 1; }) == 0);
  is_over = true;
  other.join();
}

#endif
