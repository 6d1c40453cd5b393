// Draws the pictures of the gallery into the folder that is named, the present one if none is: graphs,
// networks before and after training, and the classic mistakes.

#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <examples/microgpt/model.hpp>
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

// The gradient at each link of a chain of 50.
void draw_chain() {
  Chart chart{.title = "A chain of 50: dy/dx at each link", .x_name = "link", .y_name = "gradient"};
  chart.y_scale = Chart::Scale::kLogarithmic;
  const auto add = [&](const std::string& name, auto link) {
    std::vector<Value> x{Value(1)};
    while (x.size() <= 50) x.push_back(link(x.back()));
    x.back().backward();
    Chart::Curve curve{name, {}};
    for (std::size_t i = 0; i < x.size(); ++i)
      curve.points.push_back({static_cast<double>(i), x[i].grad()});
    chart.curves.push_back(curve);
  };
  add("x * 1.2", [](const Value& x) { return x * 1.2; });
  add("x + tanh(x) / 20", [](const Value& x) { return x + tanh(x) / 20; });
  add("tanh(x)", [](const Value& x) { return tanh(x); });
  add("tanh(x / 2)", [](const Value& x) { return tanh(x / 2); });
  draw(chart.picture(), "chain");
}

// One step of a transformer, folded by its parts and as a whole.
void draw_microgpt() {
  const microgpt::Model model;
  nn::Random random(1);
  std::vector<Value> weights;
  for (std::size_t i = 0; i < model.weight_count(); ++i)
    weights.emplace_back(random.normal(0, 0.08));
  const std::vector<std::size_t> tokens{26, 4, 12, 12, 0, 26};  // emma
  Value loss = model.loss<Value>(weights, tokens);
  loss.set_label("loss");
  draw(loss, "microgpt", {.title = "A transformer reads a name, part by part", .fold = 3});
  draw(tape_picture(loss, {.title = "A transformer reads a name, operation by operation"}),
       "microgpt_tape");
}

// ---- networks ----

void draw_xor() {
  const nn::Data rows = nn::xor_data();
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/1);
  net.set_labels();
  const std::vector<double> row{1, 1};
  const auto draw_both = [&](const std::string& when) {
    draw(draw_network(net, {.title = "XOR of 1 and 1, " + when + " training", .row = row}),
         "xor_" + when);
    const std::vector<Value> x{Value(1, "x0"), Value(1, "x1")};
    Value output = net(x)[0];
    output.set_label("output");
    output.backward();
    draw(output, "xor_operations_" + when, {.title = "XOR of 1 and 1, " + when + " training"});
    nn::zero_grad(net.parameters());
  };
  draw_both("before");
  nn::WeightRecorder weights(net);
  const nn::FitResult result =
      fit(net, rows,
          {.optimizer = nn::Adam{.rate = 0.05}, .epochs = 200, .callbacks = {std::ref(weights)}});
  draw_both("after");
  draw(draw_network(net, {.title = "XOR of 1 and 1, after training, with one unit opened",
                          .row = row,
                          .opened = nn::UnitPlace{.layer = 0, .unit = 1}}),
       "xor_unit");
  draw(weights.chart().picture(), "xor_weights");
  draw(loss_chart(result.history).picture(), "xor_loss");
  draw(decision_chart(net, rows).picture(), "xor_boundary");
}

// Irises: four measurements, three kinds.
void draw_iris() {
  const nn::Data flowers = nn::iris_data();
  const nn::Data rows = nn::Standardiser::fit(flowers).apply(flowers);
  nn::Mlp net({4, 8, 3}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/1);
  fit(net, rows,
      {.loss = nn::softmax_cross_entropy, .optimizer = nn::Adam{.rate = 0.02}, .epochs = 100});
  draw(draw_network(net, {.title = "Three kinds of iris",
                          .inputs = {"sl", "sw", "pl", "pw"},
                          .row = rows[0].inputs}),
       "iris");
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

// The loop of an engine that forgot the order: it goes on to the operands of each use at once, and so
// visits a value as often as there are paths to it.
std::size_t visits(const Value& x) {
  std::size_t result = 1;
  for (const Value& each : x.inputs()) result += visits(each);
  return result;
}

void draw_recursion() {
  Chart chart{.title = "Backward without an order", .x_name = "doublings", .y_name = "visits"};
  chart.y_scale = Chart::Scale::kLogarithmic;
  chart.curves = {{"use by use", {}}, {"in order", {}}};
  Value y(1);
  for (int doublings = 1; doublings <= 16; ++doublings) {
    y = y + y;
    const double count = static_cast<double>(topological_order(y).size());
    chart.curves[0].points.push_back({1.0 * doublings, static_cast<double>(visits(y))});
    chart.curves[1].points.push_back({1.0 * doublings, count});
  }
  draw(chart.picture(), "recursion");
}

// The weight is no leaf any more, and each step makes the graph longer.
void draw_update_recorded() {
  Value w(3, "w");
  for (int step = 1; step <= 3; ++step) {
    Value loss = square(w);
    loss.backward();
    w = w - 0.1 * w.grad();
    w.set_label("w after step " + std::to_string(step));
  }
  draw(w, "update_recorded", {.title = "w = w - rate * w.grad()"});
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) folder = arguments[1];
  try {
    draw_expression();
    draw_diamond();
    draw_neuron();
    draw_chain();
    draw_microgpt();
    draw_xor();
    draw_iris();
    draw_spiral();
    draw_forgotten_zero_grad();
    draw_dead_relu();
    draw_naive_sigmoid();
    draw_one_leaf();
    draw_recursion();
    draw_update_recorded();
  } catch (const autograd::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
