#include "interrupt.hpp"

#include <csignal>

namespace cli {

namespace {

volatile std::sig_atomic_t interrupts = 0;

extern "C" void note_interrupt(int) { interrupts = 1; }

}  // namespace

void note_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool is_interrupted() { return interrupts != 0; }

}  // namespace cli
