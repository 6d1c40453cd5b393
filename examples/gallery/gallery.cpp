// Draws the pictures of the gallery into the folder that is named, the present one if none is: graphs,
// networks before and after training, and the classic mistakes.

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <nn/nn.hpp>

using autograd::Chart;
using autograd::ColourBy;
using autograd::DotOptions;
using autograd::Value;

namespace {

std::filesystem::path folder;

void draw(const Value& y, const std::string& name, const DotOptions& options) {
  std::cout << name << '\n';
  try {
    render(y, folder / (name + ".svg"), options);
  } catch (const autograd::Error& error) {
    std::cerr << error.what() << '\n';  // without Graphviz there is the .dot
  }
}
void draw(const autograd::Svg& picture, const std::string& name) {
  std::cout << name << '\n';
  picture.save(folder / (name + ".svg"));
}

// ---- graphs ----

void draw_expression() {
  Value w0(-2, "w0"), x0(3, "x0"), w1(4, "w1");
  Value f = 1 / (w0 * x0 + w1);
  f.set_label("f");
  f.backward();
  draw(f, "expression",
       {.title = "f = 1 / (w0 x0 + w1)", .local_derivatives = true, .contributions = true});
}

// Two paths lead from x to y: their contributions are added.
void draw_diamond() {
  Value x(2, "x"), a = x * 3, b = square(x), y = a * b;
  a.set_label("a");
  b.set_label("b");
  y.set_label("y");
  y.backward();
  draw(y, "diamond", {.title = "y = 3x times x squared", .contributions = true, .legend = true});
}

void draw_neuron() {
  nn::Neuron neuron(2, nn::Activation::tanh);
  neuron.set_weights({0.5, -0.25});
  neuron.set_bias(0.1);
  neuron.set_labels();
  const std::vector<Value> x{Value(1, "x0"), Value(2, "x1")};
  Value out = neuron(x);
  out.set_label("out");
  out.backward();
  draw(out, "neuron",
       {.title = "One neuron",
        .contributions = true,
        .colour_by = ColourBy::kGradient,
        .legend = true});
}

// ---- networks ----

void draw_xor() {
  const nn::Data rows = nn::xor_data();
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/1);
  net.set_labels();
  const std::vector<double> row{1, 1};
  draw(draw_network(net, {.title = "XOR of 1 and 1, before training", .row = row}), "xor_before");
  const nn::FitResult result = fit(net, rows, {.optimizer = nn::Adam{.rate = 0.05}, .epochs = 200});
  draw(draw_network(net, {.title = "XOR of 1 and 1, after training", .row = row}), "xor_after");
  draw(loss_chart(result.history).picture(), "xor_loss");
  draw(decision_chart(net, rows).picture(), "xor_boundary");
  const std::vector<Value> x{Value(1, "x0"), Value(1, "x1")};
  Value output = net(x)[0];
  output.set_label("output");
  output.backward();
  draw(output, "xor_operations", {.title = "XOR of 1 and 1, operation by operation"});
}

void draw_spiral() {
  const nn::Features features = nn::playground_features({"x1", "x2", "sin x1", "sin x2"});
  const nn::Data rows = nn::spiral_data(200);
  nn::Mlp net({4, 8, 8, 1}, nn::Activation::tanh, nn::Activation::tanh, /*seed=*/1);
  fit(net, apply_features(features, rows),
      {.optimizer = nn::Adam{.rate = 0.02}, .epochs = 100, .batch_size = 10});
  Chart chart = decision_chart(net, rows, features);
  chart.title = "Two spiral arms";
  draw(chart.picture(), "spiral_boundary");
}

// ---- classic mistakes ----

// The gradient of a step is added to those of the steps before.
void draw_forgotten_zero_grad() {
  Chart chart{.title = "Forgotten zero_grad()", .x_name = "step", .y_name = "w"};
  for (const bool is_forgotten : {false, true}) {
    Value w(3);
    Chart::Curve curve{is_forgotten ? "forgotten" : "with it", {}};
    for (int step = 0; step <= 30; ++step) {
      curve.points.push_back({static_cast<double>(step), w.data()});
      const Value loss = square(w);
      if (!is_forgotten) w.zero_grad();
      loss.backward();
      w.set_data(w.data() - 0.1 * w.grad());
    }
    chart.curves.push_back(curve);
  }
  draw(chart.picture(), "forgotten_zero_grad");
}

// Nothing gets through a relu that is off: its weights never move again.
void draw_dead_relu() {
  Value w(-2, "w"), x(3, "x"), b(1, "b");
  Value out = relu(w * x + b);
  out.set_label("out");
  out.backward();
  draw(out, "dead_relu", {.title = "A dead relu", .local_derivatives = true, .legend = true});
}

// exp(x) / (1 + exp(x)) overflows; sigmoid(x) does not.
void draw_naive_sigmoid() {
  Value x(800, "x"), e = exp(x), naive = e / (1 + e);
  naive.set_label("naive");
  naive.backward();
  draw(naive, "naive_sigmoid",
       {.title = "A sigmoid that overflows", .local_derivatives = true, .legend = true});
}

// Copies of a Value are one leaf.
void draw_one_leaf() {
  const std::vector<Value> same(3, Value(0.5, "w"));
  Value y = dot(same, std::vector<double>{1, 2, 3});
  y.set_label("y");
  y.backward();
  draw(y, "one_leaf", {.title = "Three copies of one leaf", .contributions = true});
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) folder = arguments[1];
  try {
    draw_expression();
    draw_diamond();
    draw_neuron();
    draw_xor();
    draw_spiral();
    draw_forgotten_zero_grad();
    draw_dead_relu();
    draw_naive_sigmoid();
    draw_one_leaf();
  } catch (const autograd::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
