#include "nn/page.hpp"

#include <algorithm>
#include <concepts>
#include <new>
#include <string>
#include <variant>
#include <vector>

#include <autograd/file.hpp>

namespace nn {

namespace {

std::vector<Value> labelled_leaves(const std::vector<double>& numbers, const std::string& name) {
  std::vector<Value> result;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    result.emplace_back(numbers[i], name + std::to_string(i));
  return result;
}

void check(const Mlp& net, const Data& rows) {
  if (rows.empty()) throw autograd::Error("nn::to_page(): there are no rows to step through");
  for (const Sample& row : rows) {
    if (row.inputs.size() != net.inputs() || row.targets.size() != net.outputs()) {
      throw autograd::Error("nn::to_page(): a row has " + std::to_string(row.inputs.size()) +
                            " inputs and " + std::to_string(row.targets.size()) +
                            " targets, and the network takes " + std::to_string(net.inputs()) +
                            " and gives " + std::to_string(net.outputs()));
    }
  }
}

double middle_target(const Data& rows) {
  double low = rows[0].targets[0], high = low;
  for (const Sample& row : rows) {
    low = std::min(low, row.targets[0]);
    high = std::max(high, row.targets[0]);
  }
  return (low + high) / 2;
}

// ---- the rules of optimizers.hpp, line by line ----

using autograd::PageUpdate;

void add_lines(PageUpdate& update, const GradientDescent&) {
  update.name = "gradient descent";
  update.lines.emplace_back("w", "w - rate*g");
}
void add_lines(PageUpdate& update, const Momentum& rule) {
  update.name = "momentum";
  update.numbers.emplace_back("momentum", rule.momentum);
  update.lines.emplace_back("v", "momentum*v + g");
  update.lines.emplace_back("w", "w - rate*v");
}
void add_lines(PageUpdate& update, const Nesterov& rule) {
  update.name = "Nesterov's momentum";
  update.numbers.emplace_back("momentum", rule.momentum);
  update.lines.emplace_back("v", "momentum*v + g");
  update.lines.emplace_back("w", "w - rate*(g + momentum*v)");
}
void add_lines(PageUpdate& update, const Adagrad& rule) {
  update.name = "Adagrad";
  update.numbers.emplace_back("epsilon", rule.epsilon);
  update.lines.emplace_back("s", "s + g^2");
  update.lines.emplace_back("w", "w - rate*g/(sqrt(s) + epsilon)");
}
void add_lines(PageUpdate& update, const RmsProp& rule) {
  update.name = "RmsProp";
  update.numbers.emplace_back("rho", rule.rho);
  update.numbers.emplace_back("epsilon", rule.epsilon);
  update.lines.emplace_back("s", "rho*s + (1 - rho)*g^2");
  update.lines.emplace_back("w", "w - rate*g/(sqrt(s) + epsilon)");
}
void add_moments(PageUpdate& update, const auto& rule) {
  update.numbers.emplace_back("beta1", rule.beta1);
  update.numbers.emplace_back("beta2", rule.beta2);
  update.numbers.emplace_back("epsilon", rule.epsilon);
  update.lines.emplace_back("m", "beta1*m + (1 - beta1)*g");
  update.lines.emplace_back("s", "beta2*s + (1 - beta2)*g^2");
  update.lines.emplace_back("m_corrected", "m/(1 - beta1^t)");
  update.lines.emplace_back("s_corrected", "s/(1 - beta2^t)");
}
void add_lines(PageUpdate& update, const Adam& rule) {
  update.name = "Adam";
  add_moments(update, rule);
  update.lines.emplace_back("w", "w - rate*m_corrected/(sqrt(s_corrected) + epsilon)");
}
void add_lines(PageUpdate& update, const AdamW& rule) {
  update.name = "AdamW";
  update.numbers.emplace_back("decay", rule.weight_decay);
  add_moments(update, rule);
  update.lines.emplace_back("w",
                            "w - rate*decay*w - rate*m_corrected/(sqrt(s_corrected) + epsilon)");
}

PageUpdate update_of(const Optimizer& optimizer) {
  PageUpdate update{.numbers = {{"rate", optimizer.rate()}},
                    .lines = {},
                    .steps = static_cast<double>(optimizer.state().steps),
                    .clip_value = optimizer.clip().value,
                    .clip_norm = optimizer.clip().norm};
  std::visit(
      [&]<class Rule>(const Rule& rule) {
        if (rule.weight_decay != 0 && !std::same_as<Rule, AdamW>) {
          update.numbers.emplace_back("decay", rule.weight_decay);
          update.lines.emplace_back("g", "g + decay*w");
        }
        if constexpr (requires { rule.momentum; })
          update.memory.emplace_back("v", optimizer.state().first);
        if constexpr (requires { rule.beta1; })
          update.memory.emplace_back("m", optimizer.state().first);
        if constexpr (requires { rule.epsilon; })
          update.memory.emplace_back("s", optimizer.state().squares);
        add_lines(update, rule);
      },
      optimizer.rule());
  return update;
}

}  // namespace

std::string to_page(const Mlp& net, const Data& rows, const NetworkPageOptions& options) try {
  check(net, rows);
  Mlp labelled = net.clone();  // so that the labels of the caller's network stay as they are
  labelled.set_labels();
  const std::vector<Value> inputs = labelled_leaves(rows[0].inputs, "x");
  const std::vector<Value> targets = labelled_leaves(rows[0].targets, "t");
  Mlp::Forward pass = labelled.forward(inputs);
  pass.set_labels();
  Value loss = options.loss(pass.out(), targets);
  loss.set_label("loss");
  autograd::PageOptions page{.title = options.title.empty() ? "The network" : options.title,
                             .digits = options.digits,
                             .most_values = options.most_values,
                             .inputs = inputs,
                             .level = middle_target(rows)};
  page.inputs.insert(page.inputs.end(), targets.begin(), targets.end());
  for (std::size_t i = 0; i < std::min(rows.size(), options.most_rows); ++i) {
    page.rows.push_back(rows[i].inputs);
    page.rows.back().insert(page.rows.back().end(), rows[i].targets.begin(), rows[i].targets.end());
  }
  if (net.inputs() == 2 && net.outputs() == 1) page.output = pass.out()[0];
  for (const Value& each : labelled.parameters())
    if (!each.is_frozen()) page.weights.push_back(each);
  page.update = update_of(options.optimizer);
  return autograd::to_page(loss, page);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void write_page(const Mlp& net, const Data& rows, const std::filesystem::path& path,
                const NetworkPageOptions& options) try {
  autograd::file::write(path, to_page(net, rows, options));
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
