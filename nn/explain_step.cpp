#include "nn/explain_step.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <span>

#include <autograd/text.hpp>
#include <nn/explaining/recurrence.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

using Row = StepExplanation::Row;

std::string part(std::size_t layer, std::size_t unit) {
  return "layer " + std::to_string(layer + 1) + ", unit " + std::to_string(unit);
}

// Where a parameter stands in a network.
struct Place {
  std::size_t index = 0;  // in Mlp::parameters()
  std::size_t layer = 0;
  std::optional<std::size_t> unit{};   // none: of a bias that all units of the layer share
  std::optional<std::size_t> input{};  // of a weight
  bool is_bias = false;
};

// Throws: Error if there is no parameter of this name.
Place find(const Mlp& net, std::string_view name) {
  Mlp labelled = net.clone();
  labelled.set_labels();
  const std::span<const Value> all = labelled.parameters();
  const auto found = std::ranges::find(all, name, [](const Value& each) { return each.label(); });
  if (found == all.end()) {
    detail::fail("nn::explain_step",
                 "the name of a parameter, as '" + std::string(all.front().label()) + "' or '" +
                     std::string(all.back().label()) + "'",
                 detail::excerpt(name));
  }
  Place place{.index = static_cast<std::size_t>(found - all.begin())};
  std::size_t first = 0;
  while (first + net.layer(place.layer).parameters().size() <= place.index)
    first += net.layer(place.layer++).parameters().size();
  const std::size_t bracket = name.find('[');
  place.is_bias = name.starts_with('b') && !name.starts_with("beta");
  if (bracket == std::string_view::npos) return place;
  place.unit = std::stoul(std::string(name.substr(bracket + 1)));
  const std::size_t comma = name.find(',');
  if (comma != std::string_view::npos)
    place.input = std::stoul(std::string(name.substr(comma + 1)));
  return place;
}

// Adds up what batches of rows contribute.
class Contributions {
 public:
  Contributions(const Mlp& net, const Data& rows, const Place& place, const StepOptions& options,
                StepExplanation& result)
      : net_(net.clone()),
        rows_(rows),
        place_(place),
        options_(options),
        result_(result),
        parameter_(net_.parameters()[place.index]),
        gradient_(net_.parameters().size(), 0.0) {
    parameter_.thaw();
    for (std::size_t k = 0; k < next_units(); ++k)
      result.paths.push_back({part(next_layer(), k), 0.0});
  }

  // Rows from .. end - 1, which batch normalisation may have to do with one another.
  void add(std::size_t from, std::size_t end) {
    std::vector<std::vector<double>> inputs;
    for (std::size_t r = from; r < end; ++r) inputs.push_back(rows_[r].inputs);
    const std::vector<double> masks = masks_of(from, end);
    const Mlp::Batch batch = net_.forward(inputs, {.mode = Mode::kTrain, .masks = masks});
    const double share = 1 / static_cast<double>(rows_.size());
    std::vector<Value> losses;
    for (std::size_t r = from; r < end; ++r) {
      Value loss = options_.loss(batch.out()[r - from], rows_[r].targets);
      if (rows_[r].weight != 1) loss = rows_[r].weight * loss;
      differentiate(loss);
      Row& row = result_.rows.emplace_back(Row{r, loss.data(), share * parameter_.grad()});
      if (place_.unit && !net_.layer(place_.layer).batch_norm().on)
        set_factors(row, batch, r - from, inputs[r - from]);
      result_.loss += share * loss.data();
      losses.push_back(loss);
    }
    differentiate(autograd::sum(losses));
    for (std::size_t i = 0; i < gradient_.size(); ++i)
      gradient_[i] += share * net_.parameters()[i].grad();
    add_paths(batch, share);
  }

  // Of the mean loss.
  const std::vector<double>& gradient() const { return gradient_; }

 private:
  // The units through which the loss depends on the parameter: the next layer's, or those that share
  // a bias.
  std::size_t next_layer() const { return place_.unit ? place_.layer + 1 : place_.layer; }
  std::size_t next_units() const {
    return next_layer() < net_.layers().size() ? net_.layer(next_layer()).units() : 0;
  }

  std::vector<double> masks_of(std::size_t from, std::size_t end) const {
    const std::size_t size = net_.mask_size();
    if (options_.masks.size() == 0) return std::vector<double>((end - from) * size, 1.0);
    return options_.masks.visit([&](auto all) {
      std::vector<double> result;
      for (std::size_t i = from * size; i < end * size; ++i)
        result.push_back(static_cast<double>(autograd::value_of(all[i])));
      return result;
    });
  }

  void differentiate(const Value& y) {
    zero_grad(net_.parameters());
    y.backward();
  }

  // After the loss has been differentiated: dL/dnet, and what stands beside it in dL/dw. With batch
  // normalisation above, other rows have a part in dL/dw too.
  void set_factors(Row& row, const Mlp::Batch& batch, std::size_t r,
                   const std::vector<double>& inputs) const {
    if (!place_.input && !place_.is_bias) return;
    row.delta = batch.layers[place_.layer].net[r][*place_.unit].grad();
    if (place_.is_bias) {
      row.x = 1.0;
    } else if (place_.layer == 0) {
      row.x = inputs[*place_.input];
    } else {
      row.x = batch.layers[place_.layer - 1].out[r][*place_.input].data();
    }
  }

  // After the sum of the losses has been differentiated: dE/dnet of the next units, times what the
  // parameter does to them.
  void add_paths(const Mlp::Batch& batch, double share) {
    const std::size_t units = next_units();
    if (units == 0) return;
    const std::vector<std::vector<Value>>& nets = batch.layers[next_layer()].net;
    std::vector<double> deltas;
    for (const std::vector<Value>& row : nets)
      for (const Value& net : row) deltas.push_back(net.grad());
    for (std::size_t r = 0; r < nets.size(); ++r) {
      double slope = 1.0;  // d(what the next units use)/dw
      if (place_.unit) {
        differentiate(batch.layers[place_.layer].out[r][*place_.unit]);
        slope = parameter_.grad();
      }
      for (std::size_t k = 0; k < units; ++k) {
        const double weight =
            place_.unit ? net_.layer(next_layer()).weight(k, *place_.unit).data() : 1.0;
        result_.paths[k].contribution += share * deltas[r * units + k] * weight * slope;
      }
    }
  }

  Mlp net_;
  const Data& rows_;
  const Place& place_;
  const StepOptions& options_;
  StepExplanation& result_;
  Value& parameter_;
  std::vector<double> gradient_;
};

}  // namespace

StepExplanation explain_step(const Mlp& net, const Data& rows, std::string_view parameter,
                             const StepOptions& options) try {
  const std::string what = "nn::explain_step";
  const Place place = find(net, parameter);
  if (rows.empty()) detail::fail(what, "at least one row", "none");
  const std::size_t masks = net.mask_size() * rows.size();
  if (options.masks.size() != 0 && options.masks.size() != masks) {
    detail::fail(what, detail::counted(masks, "mask") + ", or none",
                 std::to_string(options.masks.size()));
  }

  StepExplanation result{};
  result.parameter = parameter;
  result.before = result.after = net.parameters()[place.index].data();
  Contributions contributions(net, rows, place, options, result);
  const bool is_one_batch =
      std::ranges::any_of(net.layers(), [](const Layer& layer) { return layer.batch_norm().on; });
  if (is_one_batch) {
    contributions.add(0, rows.size());
  } else {
    for (std::size_t r = 0; r < rows.size(); ++r) contributions.add(r, r + 1);
  }

  std::vector<double> gradient = contributions.gradient();
  if (options.penalty) {
    Mlp copy = net.clone();
    const Value penalty = options.penalty(copy);
    result.penalty = penalty.data();
    penalty.backward();
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += copy.parameters()[i].grad();
    result.penalty_derivative = copy.parameters()[place.index].grad();
  }
  result.gradient = result.clipped = gradient[place.index];
  result.optimizer = options.optimizer.name();
  result.step = options.optimizer.state().steps + 1;
  result.is_frozen = net.parameters()[place.index].is_frozen();
  if (result.is_frozen) return result;

  for (std::size_t i = 0; i < gradient.size(); ++i)
    if (net.parameters()[i].is_frozen()) gradient[i] = 0;
  const Clip& clip = options.optimizer.clip();
  std::vector<double> clipped = gradient;
  if (std::isfinite(clip.value)) clip_values(clipped, clip.value);
  if (std::isfinite(clip.norm)) clip_norm(clipped, clip.norm);
  result.clipped = clipped[place.index];
  std::vector<double> weights = net.parameter_values();
  Optimizer(options.optimizer).step(weights, gradient);
  result.after = weights[place.index];
  result.lines = detail::recurrence(options.optimizer, place.index, result.before, result.clipped);
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
