// Metrics: how good predictions are, in plain numbers.
//
// `outputs` are those of a network for the rows of `data`, in the same order. Classes are decided
// as follows, for outputs and targets alike:
//   one number     class 1 if it is above the threshold, else class 0. The threshold, unless given,
//                  is 0 if any target is negative (targets -1 and 1) and else 1/2 (targets 0 and 1)
//   several        the largest; the first of them if several are equally large
//   NaN among them no class at all: wrong in any case
//
// Every row counts once, whatever its weight (Sample::weight) in training is; in mean_loss() it
// counts as in fit().
//
// Throws: Error if there are no rows, or numbers of rows or of outputs and targets differ.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/data.hpp>
#include <nn/inputs.hpp>

namespace nn {

using Outputs = std::span<const std::vector<double>>;

double class_threshold(const Data& data);
// Empty if y has a NaN.
std::optional<std::size_t> class_of(std::span<const double> y, double threshold);

// The share of the rows whose class is right.
double accuracy(Outputs outputs, const Data& data, std::optional<double> threshold = {});

// How many rows of each class were taken for which.
struct ConfusionMatrix {
  std::vector<std::vector<std::size_t>> counts;  // counts[class][class predicted]
  std::vector<std::size_t> undecided;            // by class: rows with a NaN
  std::vector<std::string> names;                // of the classes

  std::size_t classes() const { return counts.size(); }
  double accuracy() const;

  // With tp rows of the class found, fp others taken for it, and fn of it missed:
  //   precision  tp / (tp + fp)            NaN if nothing was taken for the class
  //   recall     tp / (tp + fn)            NaN if no row is of the class
  //   f1         2 tp / (2 tp + fp + fn)   the harmonic mean of the two; 0 if nothing was taken for
  //                                        a class that has rows, NaN if both are NaN
  // Throws: Error if there is no such class.
  double precision(std::size_t of_class) const;
  double recall(std::size_t of_class) const;
  double f1(std::size_t of_class) const;

  // A table to read: a line for each class, a column for each prediction.
  std::string to_string() const;

 private:
  struct Counts {
    double tp, fp, fn;
  };
  Counts count(std::size_t of_class) const;
};

// Classes without a name are called 0, 1, 2, ...
// Throws: Error also if a target is NaN, or the number of names is not that of the classes.
ConfusionMatrix confusion_matrix(Outputs outputs, const Data& data,
                                 const std::vector<std::string>& names = {},
                                 std::optional<double> threshold = {});

// R^2 = 1 - sum_i (y_i - t_i)^2 / sum_i (t_i - mean t)^2: 1 is perfect, 0 no better than the mean
// of the targets. NaN if all targets are equal: there is nothing to explain.
// Of several outputs it is the mean over them.
double r_squared(std::span<const double> predictions, std::span<const double> targets);
double r_squared(Outputs outputs, const Data& data);

// sum_rows weight loss(output, targets) / rows, as fit() has it, with any loss of losses.hpp or a
// function that is called like one; leaves no graph behind.
template <class Loss>
requires std::invocable<const Loss&, std::span<const Value>, std::span<const double>>
double mean_loss(Outputs outputs, const Data& data, const Loss& loss);
// For losses that have overloads.
double mean_loss(Outputs outputs, const Data& data,
                 Value (*loss)(std::span<const Value> predictions, const Targets& targets));

namespace detail {

void check_outputs(const std::string& what, Outputs outputs, const Data& data);

}  // namespace detail

template <class Loss>
requires std::invocable<const Loss&, std::span<const Value>, std::span<const double>>
double mean_loss(Outputs outputs, const Data& data, const Loss& loss) {
  detail::check_outputs("nn::mean_loss", outputs, data);
  const autograd::NoGradGuard guard;
  double sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::vector<Value> predictions(outputs[i].begin(), outputs[i].end());
    const Value row_loss =
        loss(std::span<const Value>(predictions), std::span<const double>(data[i].targets));
    sum += data[i].weight * row_loss.data();
  }
  return sum / static_cast<double>(data.size());
}

}  // namespace nn
