// A long recurrence differentiated in little memory: only the states between its parts are kept.

#include <iomanip>
#include <iostream>
#include <vector>

#include <autograd/autograd.hpp>

using autograd::Value;

// `steps` small steps of a swinging pendulum. x is its angle, its speed and the gravity.
template <class X> auto swing(X x, int steps) {
  auto angle = x[0], speed = x[1];
  for (int i = 0; i < steps; ++i) {
    speed -= 0.001 * x[2] * sin(angle);
    angle += 0.001 * speed;
  }
  return std::vector{angle, speed};
}

void print(const char* how, const Value& angle, const Value& gravity) {
  const auto graph = autograd::graph_statistics();
  gravity.zero_grad();
  angle.backward();
  std::cout << how << ": angle " << angle.data() << ", by gravity " << gravity.grad() << ", "
            << graph.operations << " operations, " << graph.bytes / 1024 << " KiB\n";
}

int main() {
  constexpr int kParts = 100, kSteps = 1000;
  const Value gravity = 9.81;
  const std::vector<Value> start{0.5, 0.0, gravity};
  std::cout << std::setprecision(6);

  // The plain way: every operation of 100,000 steps is in the graph.
  {
    const Value angle = swing(std::span(start), kParts * kSteps)[0];
    print("plain     ", angle, gravity);
  }  // Here the graph is let go.

  // With checkpoints: each part is one node for every number it returns. Its inside is run for its
  // derivatives and forgotten.
  const auto part = [](auto x) { return swing(x, kSteps); };
  std::vector<Value> state = start;
  for (int i = 0; i < kParts; ++i) {
    state = checkpoint(part, state);
    state.push_back(gravity);
  }
  print("checkpoint", state[0], gravity);
}
