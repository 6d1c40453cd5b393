// The chain rule of a program, written out: in the terminal, and as a page for a browser.

#include <fstream>
#include <iostream>
#include <string>

#include <autograd/autograd.hpp>

using namespace autograd;

int main(int argc, char** argv) {
  // A neuron and its squared error. The text could as well be C++ on Values.
  const std::string program = argc > 1
                                  ? argv[1]
                                  : "w1 = -3; w2 = 1; b = 6.5; x1 = 2; x2 = 0.25;"
                                    "net = w1*x1 + w2*x2 + b; h = tanh(net); t = 1; E = (h - t)^2";
  try {
    const Explanation e = explain(Expression(program).evaluate());
    std::cout << e.text();
    // A second argument is the name of a page to write.
    if (argc > 2) std::ofstream(argv[2]) << e.html();
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
