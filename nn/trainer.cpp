#include "nn/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include <nn/text/errors.hpp>
#include <nn/training/evaluation.hpp>
#include <nn/training/objective.hpp>
#include <nn/training/rows.hpp>
#include <nn/training/training_sets.hpp>

namespace nn {

using detail::counted;

namespace {

// Without a way out of the loop, so that compilers vectorise it.
bool are_finite(std::span<const double> numbers) {
  bool result = true;
  for (const double x : numbers) result &= std::abs(x) <= std::numeric_limits<double>::max();
  return result;
}

}  // namespace

struct Trainer::Work {
  Work(Mlp& network, const detail::TrainingSets& sets, const FitOptions& given,
       const TrainingState* from)
      : options(given),
        net(network),
        model(network.clone()),
        rows("nn::fit", sets.train, net.inputs()),
        optimizer(given.optimizer),
        random(given.seed),
        batch_size(given.batch_size == 0 ? rows.count : std::min(given.batch_size, rows.count)) {
    detail::check_targets(options.loss, rows, net.outputs());
    if (options.accuracy && rows.targets == net.outputs())
      classes = detail::Classes::of(sets.train);
    options.accuracy = classes.has_value();
    options.validation.clear();
    for (const Layer& layer : net.layers())
      masks.insert(masks.end(), layer.mask_size(), layer.dropout());
    if (from != nullptr) {
      resume(*from);
    } else {
      begin();
    }
    objective.emplace(model, options, rows.targets, rows.is_weighted);
    if (!sets.validation.empty()) evaluation.emplace(model, sets.validation, given);
    batch.resize(batch_size * objective->columns());
    if (state.epoch >= options.epochs) stop = Stop::kEpochs;
  }

  // ---- states ----

  void begin() {
    state.weights = net.parameter_values();
    state.statistics.assign(net.statistics().begin(), net.statistics().end());
    state.rate = optimizer.rate();
    state.optimizer = optimizer.state();
    state.random = random.state();
    if (options.on_plateau) state.on_plateau = options.on_plateau->state;
    if (options.early_stopping) state.early_stopping = options.early_stopping->state;
    restore(state);
  }

  void resume(const TrainingState& from) {
    const std::size_t count = net.parameters().size(), statistics = net.statistics().size();
    const bool has_best = !from.best_weights.empty();
    if (from.weights.size() != count || from.statistics.size() != statistics ||
        (from.optimizer.weights != 0 && from.optimizer.weights != count) ||
        (has_best &&
         (from.best_weights.size() != count || from.best_statistics.size() != statistics))) {
      detail::fail(
          "nn::fit, to go on from a state",
          counted(count, "weight") + " and " + counted(statistics, "statistic") + " throughout",
          counted(from.weights.size(), "weight") + " and " +
              counted(from.statistics.size(), "statistic") + ", " +
              std::to_string(from.optimizer.weights) + " in the optimizer, " +
              std::to_string(from.best_weights.size()) + " at best");
    }
    restore(from);
    state = from;
  }

  // What works becomes what is in the state.
  void restore(const TrainingState& from) {
    optimizer.set_state(from.optimizer);
    optimizer.set_rate(from.rate);
    random = Random(from.random);
    weights = from.weights;
    std::ranges::copy(from.statistics, model.statistics().begin());
    if (options.on_plateau) options.on_plateau->state = from.on_plateau;
    if (options.early_stopping) options.early_stopping->state = from.early_stopping;
  }

  // The other way round, at the end of an epoch. Where memory runs out, nothing has changed.
  void commit() {
    if (state.optimizer.weights != optimizer.state().weights) {  // after the first epoch
      OptimizerState remembered = optimizer.state();
      state.optimizer = std::move(remembered);
    }
    // From here on nothing takes memory.
    ++state.epoch;
    state.weights = weights;
    std::ranges::copy(model.statistics(), state.statistics.begin());
    state.rate = optimizer.rate();
    state.optimizer = optimizer.state();
    state.random = random.state();
    if (options.on_plateau) state.on_plateau = options.on_plateau->state;
    if (options.early_stopping) state.early_stopping = options.early_stopping->state;
  }

  // ---- a step ----

  bool step() {
    if (stop) return false;
    const std::optional<Epoch> ended =
        autograd::detail::with_memory_errors([&] { return take_step(); });
    if (ended) call_back(*ended);  // what a callback throws passes through
    return true;
  }

  // The epoch, if this was its last step.
  std::optional<Epoch> take_step() {
    if (next_row == 0) begin_epoch();
    if (options.schedule) {
      const bool by_step = options.schedule_step == Every::kStep;
      optimizer.set_rate(options.schedule(
          by_step ? static_cast<std::size_t>(optimizer.state().steps) : state.epoch));
    }
    const std::size_t count = std::min(batch_size, rows.count - next_row);
    objective->run(weights, gathered(count));
    if (!std::isfinite(objective->loss() + objective->penalty())) {
      give_up();
      return {};
    }
    note(count);
    optimizer_step();
    if (!objective->statistics().empty()) model.update_statistics(objective->statistics(), count);
    next_row += count;
    if (next_row != rows.count) return {};
    return end_epoch();
  }

  // Frozen parameters stay, as their gradient is 0, but for the decay of weights.
  void optimizer_step() {
    const std::vector<std::size_t>& frozen = objective->frozen();
    kept.clear();
    for (const std::size_t i : frozen) kept.push_back(weights[i]);
    optimizer.step(weights, objective->gradient());
    for (std::size_t k = 0; k < frozen.size(); ++k) weights[frozen[k]] = kept[k];
  }

  void begin_epoch() {
    loss_sum = penalty_sum = 0;
    right = steps = 0;
    if (options.shuffle && batch_size < rows.count) order = shuffled_indices(rows.count, random);
  }

  std::size_t row_at(std::size_t position) const {
    return order.empty() ? position : order[position];
  }

  // The next so many rows, each with new masks. Masks are drawn as Mlp::draw_masks() does.
  std::span<const double> gathered(std::size_t count) {
    if (masks.empty() && batch_size == rows.count) return rows.numbers;
    auto to = batch.begin();
    for (std::size_t r = 0; r < count; ++r) {
      to = std::ranges::copy(rows.row(row_at(next_row + r)), to).out;
      for (const Dropout& mask : masks) *to++ = mask.draw_mask(random);
    }
    return std::span(batch).first(count * objective->columns());
  }

  void note(std::size_t count) {
    loss_sum += objective->loss() * static_cast<double>(count);
    penalty_sum += objective->penalty();
    ++steps;
    for (std::size_t r = 0; classes && r < count; ++r)
      right += classes->is_right(row_at(next_row + r), objective->outputs(r)) ? 1 : 0;
  }

  void give_up() {
    restore(state);
    next_row = 0;
    stop = Stop::kNotFinite;
  }

  // ---- an epoch ----

  std::optional<Epoch> end_epoch() {
    next_row = 0;
    if (!are_finite(weights)) {
      give_up();
      return {};
    }
    const auto count = static_cast<double>(rows.count);
    Epoch epoch{.index = state.epoch,
                .epochs = options.epochs,
                .loss = loss_sum / count,
                .penalty = penalty_sum / static_cast<double>(steps),
                .rate = optimizer.rate()};
    if (classes) epoch.accuracy = static_cast<double>(right) / count;
    if (evaluation) {
      model.set_parameter_values(weights);
      evaluation->run();
      epoch.validation_loss = evaluation->loss();
      epoch.validation_accuracy = evaluation->accuracy();
    }
    const bool is_enough = stops_early(epoch);
    if (options.on_plateau) {
      optimizer.set_rate(
          (*options.on_plateau)(optimizer.rate(), epoch.validation_loss.value_or(epoch.loss)));
    }
    commit();
    if (state.epoch >= options.epochs) stop = Stop::kEpochs;
    if (is_enough) stop = Stop::kEarly;
    if (stop || epoch.index % options.history_every == 0) history.push_back(epoch);
    return epoch;
  }

  bool stops_early(const Epoch& epoch) {
    if (!options.early_stopping) return false;
    if (options.early_stopping->improves(*epoch.validation_loss)) {
      state.best_weights = weights;
      state.best_statistics.assign(model.statistics().begin(), model.statistics().end());
    }
    return options.early_stopping->should_stop();
  }

  // The last epoch is kept, though it is a callback that makes it the last.
  void call_back(const Epoch& epoch) {
    if (options.callbacks.empty()) return;
    write(weights, model.statistics());
    for (const Callback& callback : options.callbacks)
      if (!callback(epoch) && !stop) stop = Stop::kCallback;
    const bool is_kept = !history.empty() && history.back().index == epoch.index;
    if (stop && !is_kept) autograd::detail::with_memory_errors([&] { history.push_back(epoch); });
  }

  void write(std::span<const double> numbers, std::span<const double> statistics) {
    net.set_parameter_values(numbers);
    std::ranges::copy(statistics, net.statistics().begin());
  }

  FitOptions options;
  Mlp net;    // the caller's
  Mlp model;  // the one that is worked with
  detail::PackedRows rows;
  std::optional<detail::Classes> classes;
  std::optional<detail::Objective> objective;
  std::optional<detail::Evaluation> evaluation;  // of validation data

  // Ahead of the state within an epoch.
  std::vector<double> weights;
  Optimizer optimizer;
  Random random;
  TrainingState state;

  std::size_t batch_size, next_row = 0;
  std::vector<std::size_t> order;  // empty: that of the data
  std::vector<Dropout> masks;      // by mask of a row
  std::vector<double> batch, kept;

  double loss_sum = 0, penalty_sum = 0;  // of the epoch so far
  std::size_t right = 0, steps = 0;
  History history;
  std::optional<Stop> stop;
};

Trainer::Trainer(Mlp& net, const Data& data, const FitOptions& options) try
    : work_(std::make_unique<Work>(net, detail::training_sets(data, options), options, nullptr)) {
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}
Trainer::Trainer(Mlp& net, const Data& data, const FitOptions& options,
                 const TrainingState& state) try
    : work_(std::make_unique<Work>(net, detail::training_sets(data, options), options, &state)) {
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}
Trainer::~Trainer() = default;

bool Trainer::step() { return work_->step(); }

bool Trainer::run_epoch() {
  if (work_->stop) return false;
  do {
    step();
  } while (!work_->stop && work_->next_row != 0);
  return !work_->stop;
}

std::optional<Stop> Trainer::stop() const { return work_->stop; }
const History& Trainer::history() const { return work_->history; }
const TrainingState& Trainer::state() const { return work_->state; }
std::span<const double> Trainer::weights() const { return work_->weights; }
std::span<const double> Trainer::gradient() const { return work_->objective->gradient(); }
double Trainer::loss() const { return work_->objective->loss(); }
double Trainer::penalty() const { return work_->objective->penalty(); }
std::size_t Trainer::steps_per_epoch() const {
  return (work_->rows.count + work_->batch_size - 1) / work_->batch_size;
}

void Trainer::write_back() { work_->write(work_->weights, work_->model.statistics()); }

void Trainer::write_back_best() {
  const TrainingState& state = work_->state;
  const bool restores = work_->options.early_stopping &&
                        work_->options.early_stopping->restores_best && !state.best_weights.empty();
  if (!restores) return write_back();
  work_->write(state.best_weights, state.best_statistics);
}

}  // namespace nn
