// The members of plain structs, by the names they have in files:
// each struct is described once, for writing and reading.
#pragma once

#include <type_traits>

#include <nn/batch_norm.hpp>
#include <nn/clipping.hpp>
#include <nn/dropout.hpp>
#include <nn/early_stopping.hpp>
#include <nn/fit.hpp>
#include <nn/optimizer.hpp>
#include <nn/schedules.hpp>
#include <nn/standardiser.hpp>

namespace nn::detail {

// Calls member(name, x.member) for each.
template <class T, class F> void each_member(T& x, F member) {
  using Struct = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Struct, BatchNorm>) {
    member("epsilon", x.epsilon);
    member("momentum", x.momentum);
  } else if constexpr (std::is_same_v<Struct, Dropout>) {
    member("keep", x.keep);
    member("inverted", x.inverted);
  } else if constexpr (std::is_same_v<Struct, Standardiser>) {
    member("means", x.mean);
    member("deviations", x.deviation);
  } else if constexpr (std::is_same_v<Struct, Clip>) {
    member("value", x.value);
    member("norm", x.norm);
  } else if constexpr (std::is_same_v<Struct, OptimizerState>) {
    member("steps", x.steps);
    member("weights", x.weights);
    member("first", x.first);
    member("squares", x.squares);
  } else if constexpr (std::is_same_v<Struct, OnPlateau::State>) {
    member("best", x.best);
    member("epochs_waited", x.epochs_waited);
  } else if constexpr (std::is_same_v<Struct, EarlyStopping::State>) {
    member("best", x.best);
    member("epochs", x.epochs);
    member("best_epoch", x.best_epoch);
  } else if constexpr (std::is_same_v<Struct, TrainingState>) {
    member("epoch", x.epoch);
    member("weights", x.weights);
    member("statistics", x.statistics);
    member("rate", x.rate);
    member("optimizer", x.optimizer);
    member("random", x.random);
    member("on_plateau", x.on_plateau);
    member("early_stopping", x.early_stopping);
    member("best_weights", x.best_weights);
    member("best_statistics", x.best_statistics);
  } else {  // the rules of optimizers.hpp
    member("rate", x.rate);
    if constexpr (requires { x.momentum; }) member("momentum", x.momentum);
    if constexpr (requires { x.rho; }) member("rho", x.rho);
    if constexpr (requires { x.beta1; }) {
      member("beta1", x.beta1);
      member("beta2", x.beta2);
    }
    if constexpr (requires { x.epsilon; }) member("epsilon", x.epsilon);
    member("weight_decay", x.weight_decay);
  }
}

}  // namespace nn::detail
