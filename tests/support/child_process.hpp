// Tests that run in a process of their own, with little memory. Linux only.
#pragma once

#ifdef __linux__

#include <cstddef>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <tests/support/helpers.hpp>

namespace child_process {

inline constexpr std::size_t kMegabyte = std::size_t{1} << 20;

// What f returns in a child process, on a graph that has nothing yet; 102 if it throws.
template <class F> int run(const F& f) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int result = 101;
    try {
      helpers::on_a_fresh_graph([&] { result = f(); });
    } catch (...) {
      result = 102;
    }
    ::_exit(result);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

// From here on the process gets no more than so many bytes of addresses.
inline void limit_memory(std::size_t more) {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlimit limit{pages * 4096 + more, pages * 4096 + more};
  if (::setrlimit(RLIMIT_AS, &limit) != 0) ::_exit(100);
}

}  // namespace child_process

#endif
