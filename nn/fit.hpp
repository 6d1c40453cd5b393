// Fit: training in one call.
//
//   nn::Mlp net({2, 16, 1}, nn::Activation::tanh);
//   const nn::FitResult result = nn::fit(net, nn::circle_data(),
//                                        {.loss = nn::half_squared_error,
//                                         .optimizer = nn::Adam{.rate = 0.01},
//                                         .epochs = 50,
//                                         .batch_size = 10,
//                                         .validation_fraction = 0.2,
//                                         .early_stopping = nn::EarlyStopping{.patience = 5}});
//
// The same network, data and options give the same bits, on any number of threads.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/data.hpp>
#include <nn/early_stopping.hpp>
#include <nn/history.hpp>
#include <nn/inputs.hpp>
#include <nn/losses.hpp>
#include <nn/mlp.hpp>
#include <nn/optimizer.hpp>
#include <nn/random.hpp>
#include <nn/schedules.hpp>

namespace nn {

using autograd::Value;

// The loss of one row: any of losses.hpp and cross_entropy.hpp by its name, or a function of one's
// own, which is best generic in the targets (numbers or Values):
//   [](std::span<const Value> outputs, auto targets) { return abs(outputs[0] - targets[0]); }
class Loss {
 public:
  // Throws: Error if the function is empty.
  Loss(Value (*function)(std::span<const Value> outputs, const Targets& targets))
      : function_(checked(function)) {}
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Loss>) &&
          std::invocable<const F&, std::span<const Value>, std::span<const Value>>
  Loss(F function);

  Value operator()(std::span<const Value> outputs, const Targets& targets) const {
    return function_(outputs, targets);
  }

 private:
  // The function, unless it is an empty pointer or std::function.
  template <class F> static const F& checked(const F& function);

  std::function<Value(std::span<const Value>, const Targets&)> function_;
};

// What is added to the mean loss of every batch; see penalties.hpp:
//   [](const nn::Mlp& net) { return nn::l2_penalty(net, 1e-3); }
// It is called with a network that looks like the one that is trained, and is another one.
using Penalty = std::function<Value(const Mlp& net)>;

// How losses and gradients are computed; both ways agree but for rounding.
//
// kReplay: recorded once for one row, as an autograd::Function, and run for the rows of each batch.
//          Comparisons in activations and losses must go the same way in all rows (use select());
//          what they compute from data() is a constant.
// kEager:  recorded anew for each batch: any activation and loss will do. Much slower.
enum class Execution { kReplay, kEager };

enum class Every { kEpoch, kStep };

struct FitOptions {
  Loss loss = half_squared_error;
  Penalty penalty = {};
  Optimizer optimizer = Adam{.rate = 0.01};  // with clipping: {Adam{.rate = 0.01}, {.norm = 1}}
  Schedule schedule = {};                    // the optimizer's rate in epoch (or step) 0, 1, 2, ...
  Every schedule_step = Every::kEpoch;
  // Changes the rate after epochs, by the validation loss, or the training loss if there is none.
  std::optional<OnPlateau> on_plateau = {};

  std::size_t epochs = 100;
  std::size_t batch_size = 0;  // 0: all rows in one batch; the last batch may be smaller
  bool shuffle = true;         // in each epoch anew, so that every row is in one batch of it

  Data validation = {};
  double validation_fraction = 0;  // or: this share of the data, drawn by split() with `seed`
  std::optional<EarlyStopping> early_stopping = {};

  std::vector<Callback> callbacks = {};
  std::size_t history_every = 1;  // one epoch of so many is kept in the history, and the last
  bool accuracy = true;           // is measured if the targets stand for classes
  std::uint64_t seed = 0;         // of the order of the rows, and of dropout
  std::size_t threads = 1;
  Execution execution = Execution::kReplay;
};

// All that a training needs to go on where it stood at the end of an epoch.
struct TrainingState {
  std::size_t epoch = 0;  // how many are done
  std::vector<double> weights = {}, statistics = {};
  double rate = 0;
  OptimizerState optimizer = {};
  Random::State random = {};
  OnPlateau::State on_plateau = {};
  EarlyStopping::State early_stopping = {};
  std::vector<double> best_weights = {}, best_statistics = {};  // with early stopping

  bool operator==(const TrainingState&) const = default;
};

struct FitResult {
  History history;
  Stop stop = Stop::kEpochs;
  TrainingState state;
};

// Trains until the epochs are done, a callback returns false, or the validation loss or a number
// that is not finite ends it. The network is given new weights and running statistics when an epoch
// has a callback, and at the end; frozen parameters stay. It ends with those of the last epoch; if
// a number in it is not finite, the epoch does not count. With early stopping it ends with those of
// the best epoch, while the state has the last ones.
//
// Throws: Error if there are no rows, a number in them is not finite, rows do not fit the network
//         or the loss, options contradict one another, or (kReplay) network or loss cannot be
//         recorded: then nothing has been changed. Whatever a callback throws; then the network
//         has the weights of that epoch.
FitResult fit(Mlp& net, const Data& data, const FitOptions& options = {});

// Goes on from `state`, with its weights, up to epoch number options.epochs: to the same bits as if
// there had been no interruption, if data and options are the same.
// The history is that of the new epochs.
// Throws: Error also if the state is not that of such a network and optimizer.
FitResult fit(Mlp& net, const Data& data, const FitOptions& options, const TrainingState& state);

// The outputs for every row; leaves no graph behind.
std::vector<std::vector<double>> predict(const Mlp& net, const Data& data);

// ---- how ----

template <class F> const F& Loss::checked(const F& function) {
  if constexpr (std::is_pointer_v<F> || requires { function.operator bool(); }) {
    if (!function) throw autograd::Error("nn::Loss: expected a function, got an empty one.");
  }
  return function;
}

template <class F>
requires(!std::same_as<std::remove_cvref_t<F>, Loss>) &&
        std::invocable<const F&, std::span<const Value>, std::span<const Value>>
Loss::Loss(F function)
    : function_([function = checked(function)](std::span<const Value> outputs,
                                               const Targets& targets) -> Value {
        return targets.visit([&](auto each) -> Value {
          if constexpr (std::invocable<const F&, std::span<const Value>, decltype(each)>) {
            return function(outputs, each);
          } else {
            const std::vector<Value> values(each.begin(), each.end());
            return function(outputs, std::span<const Value>(values));
          }
        });
      }) {}

}  // namespace nn
