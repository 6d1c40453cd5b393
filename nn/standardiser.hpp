// Standardiser: inputs, or targets, with mean 0 and deviation 1.
#pragma once

#include <span>
#include <vector>

#include <nn/data.hpp>

namespace nn {

// z = (x - mean) / deviation, column by column, with the means and deviations of the training rows:
// fit it to these, then apply it to all others. A plain struct, to be kept beside the network.
//
// The deviation divides by the number of rows, not by one less. That of a constant column is taken
// as 1, so that the column becomes 0 and unknown values stay readable.
struct Standardiser {
  std::vector<double> mean, deviation;  // by column

  // Throws: Error if there are no rows, their lengths differ, a number is not finite, or numbers are
  //         too large for their deviation.
  static Standardiser fit(const Data& rows);
  // The same for the targets: a network learns numbers around 0 more easily, and undo() brings its
  // outputs back to their units.
  static Standardiser fit_targets(const Data& rows);

  // Throws: Error unless there are as many means as deviations, all finite, the deviations above 0.
  void check() const;

  // Throws: Error if the number of inputs is another one.
  std::vector<double> apply(std::span<const double> inputs) const;
  std::vector<double> undo(std::span<const double> inputs) const;  // x = mean + deviation z
  Data apply(Data data) const;                                     // the targets stay as they are
  Data undo(Data data) const;
  Data apply_to_targets(Data data) const;  // the inputs stay as they are
};

}  // namespace nn
