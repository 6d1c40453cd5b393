// Draws one neuron: to neuron.png, and as text for Graphviz to the standard output.

#include <iostream>

#include <autograd/autograd.hpp>

using autograd::Value;

int main() {
  Value x0(1, "x0"), x1(-2, "x1"), w0(0.5, "w0"), w1(0.25, "w1"), b(0.1, "b");
  Value net = b;
  net += w0 * x0;
  net += w1 * x1;
  Value out = tanh(net);

  // Labels are for readers: numbers without one are drawn as well.
  net.set_label("net");
  out.set_label("out");

  // Before backward(), every gradient is drawn as "none yet".
  out.backward();

  const autograd::DotOptions options{.title = "A neuron", .local_derivatives = true};
  std::cout << to_dot(out, options);

  // The picture needs Graphviz. Without it there is neuron.dot, and the message says what to do.
  try {
    render(out, "neuron.png", options);
  } catch (const autograd::Error& error) {
    std::cerr << error.what() << "\n";
  }
}
