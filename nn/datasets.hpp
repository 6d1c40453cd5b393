// Data sets: small problems to learn from.
//
// Those that are drawn are the same for the same seed. They come class by class: split() shuffles.
// The sine and the cosine are the platform's, whose last bit may differ.
#pragma once

#include <cstddef>
#include <cstdint>

#include <nn/data.hpp>

namespace nn {

// Exclusive or: (0, 0) -> 0, (0, 1) -> 1, (1, 0) -> 1, (1, 1) -> 0.
// No line separates the 0s from the 1s.
Data xor_data();

// ---- the six of TensorFlow Playground: points of the plane ----
//
// Targets 1 and -1, or between them in the two regressions. The target is that of the point as it
// was drawn; then the noise, 0 to about 0.5, moves the point, except that in gauss_data it is the
// width of the clouds. (In the Playground's circle, exclusive or and regressions noise moves the
// target instead, and the point stays.)
//
// Throws: Error if the noise is negative or not finite, or for more than 2^31 rows.
// Source: https://github.com/tensorflow/playground, src/dataset.ts.

// 1: radius U(0, 2.5); -1: radius U(3.5, 5); any direction.
// Noise moves x1 and x2 by U(-5, 5) noise.
Data circle_data(std::size_t count = 500, double noise = 0, std::uint64_t seed = 0);
// x1, x2 from U(-5, 5), pushed 0.3 away from the axes; 1 if x1 x2 >= 0, else -1.
// Noise moves x1 and x2 by U(-5, 5) noise.
Data xor_cloud_data(std::size_t count = 500, double noise = 0, std::uint64_t seed = 0);
// 1: normal about (2, 2); -1: normal about (-2, -2); variance 0.5 + 7 noise.
Data gauss_data(std::size_t count = 500, double noise = 0, std::uint64_t seed = 0);
// The i-th of n points of an arm: radius 5 i/n, angle 1.75 2 pi i/n, the arm of -1 turned by pi;
// (x1, x2) = radius (sin, cos).  Noise moves x1 and x2 by U(-1, 1) noise.
Data spiral_data(std::size_t count = 500, double noise = 0, std::uint64_t seed = 0);
// x1, x2 from U(-6, 6); (x1 + x2) / 10.  Noise moves x1 and x2 by U(-6, 6) noise.
Data plane_data(std::size_t count = 1200, double noise = 0, std::uint64_t seed = 0);
// x1, x2 from U(-6, 6).  Six cones of radius 2, height 1 at (-4, 2.5), (4, 2.5), (0, -2.5) and -1
// at (0, 2.5), (-4, -2.5), (4, -2.5); the highest or deepest one at a point counts.
// Noise moves x1 and x2 by U(-6, 6) noise.
Data bumps_data(std::size_t count = 1200, double noise = 0, std::uint64_t seed = 0);

// ---- others ----

// Two half circles, each with an end inside the other: (cos t, sin t) -> 1 and
// (1 - cos t, 1/2 - sin t) -> -1, with t evenly from 0 to pi.  Noise moves x1 and x2 by a normal
// number with this deviation.
// Throws: Error if the noise is negative or not finite, or for more than 2^31 rows.
Data moons_data(std::size_t count = 500, double noise = 0, std::uint64_t seed = 0);

// 150 irises, 50 of each of three species: length and width of sepals and petals in cm, and the
// species as one of three (one-hot). The first species is apart from the others, which overlap.
//
// The numbers are Fisher's own. A copy of 1988 that many programs still use has two rows different:
// the 35th (petal width 0.1 for 0.2) and the 38th (petal 1.5 for 1.4, sepal width 3.1 for 3.6).
//
// Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of
//         Eugenics 7(2), 1936, table I; measured by E. Anderson, "The irises of the Gaspe
//         Peninsula", Bulletin of the American Iris Society 59, 1935.
Data iris_data();
// The same with the names of columns and species.
Table iris_table();

}  // namespace nn
