#include "nn/datasets.hpp"

#include <cmath>
#include <new>
#include <numbers>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

using std::numbers::pi;

struct Point {
  double x1, x2;
};

void check(std::size_t count, double noise) {
  detail::check_count("nn: a data set", count, "row");
  if (std::isfinite(noise) && noise >= 0) return;
  detail::fail("nn: a data set", "noise that is finite and not negative", text::shortest(noise));
}

// Moved by U(-reach, reach) in both directions.
Point moved(Point p, double reach, Random& random) {
  const double by1 = random.uniform(-reach, reach), by2 = random.uniform(-reach, reach);
  return {p.x1 + by1, p.x2 + by2};
}

Sample sample(Point p, double target) { return {{p.x1, p.x2}, {target}}; }

// Half of the points, or one more than half, are of class 1; the others, of class -1, come after
// them. point(i, n, label) gives the i-th of the n of a class.
template <class F> Data two_classes(std::size_t count, double noise, const F& point) try {
  check(count, noise);
  const std::size_t positive = count - count / 2;
  Data result;
  result.reserve(count);
  for (std::size_t i = 0; i < positive; ++i) result.push_back(sample(point(i, positive, 1), 1));
  for (std::size_t i = 0; i < count / 2; ++i) {
    result.push_back(sample(point(i, count / 2, -1), -1));
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

// Points of the square -reach <= x1, x2 <= reach, as place(p) puts them, with target(p).
template <class Place, class Target>
Data square_points(std::size_t count, double reach, double noise, std::uint64_t seed,
                   const Place& place, const Target& target) try {
  check(count, noise);
  Random random(seed);
  Data result;
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Point p = place(moved({0, 0}, reach, random));
    result.push_back(sample(moved(p, reach * noise, random), target(p)));
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Point as_drawn(Point p) { return p; }

double away_from_axis(double x) { return x > 0 ? x + 0.3 : x - 0.3; }

// The cone at a point that is the highest or the deepest.
double bump(Point p) {
  struct Cone {
    Point centre;
    double height;
  };
  static constexpr Cone kCones[] = {{{-4, 2.5}, 1},   {{0, 2.5}, -1}, {{4, 2.5}, 1},
                                    {{-4, -2.5}, -1}, {{0, -2.5}, 1}, {{4, -2.5}, -1}};
  double result = 0;
  for (const auto& [centre, height] : kCones) {
    const double distance = std::hypot(p.x1 - centre.x1, p.x2 - centre.x2);
    const double here = height * std::fmax(0.0, 1 - distance / 2);
    if (std::abs(here) > std::abs(result)) result = here;
  }
  return result;
}

}  // namespace

Data xor_data() try {
  return {{{0, 0}, {0}}, {{0, 1}, {1}}, {{1, 0}, {1}}, {{1, 1}, {0}}};
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Data circle_data(std::size_t count, double noise, std::uint64_t seed) {
  Random random(seed);
  return two_classes(count, noise, [&](std::size_t, std::size_t, int label) {
    const double radius = label > 0 ? random.uniform(0, 2.5) : random.uniform(3.5, 5);
    const double angle = random.uniform(0, 2 * pi);
    return moved({radius * std::sin(angle), radius * std::cos(angle)}, 5 * noise, random);
  });
}

Data xor_cloud_data(std::size_t count, double noise, std::uint64_t seed) {
  const auto pushed = [](Point p) { return Point{away_from_axis(p.x1), away_from_axis(p.x2)}; };
  const auto same_sign = [](Point p) { return p.x1 * p.x2 >= 0 ? 1.0 : -1.0; };
  return square_points(count, 5, noise, seed, pushed, same_sign);
}

Data gauss_data(std::size_t count, double noise, std::uint64_t seed) {
  Random random(seed);
  const double deviation = std::sqrt(0.5 + 7 * noise);
  return two_classes(count, noise, [&](std::size_t, std::size_t, int label) {
    const double x1 = random.normal(2 * label, deviation);
    return Point{x1, random.normal(2 * label, deviation)};
  });
}

Data spiral_data(std::size_t count, double noise, std::uint64_t seed) {
  Random random(seed);
  return two_classes(count, noise, [&](std::size_t i, std::size_t n, int label) {
    const double along = static_cast<double>(i) / static_cast<double>(n);
    const double radius = 5 * along, angle = 1.75 * 2 * pi * along + (label > 0 ? 0 : pi);
    return moved({radius * std::sin(angle), radius * std::cos(angle)}, noise, random);
  });
}

Data plane_data(std::size_t count, double noise, std::uint64_t seed) {
  return square_points(count, 6, noise, seed, as_drawn, [](Point p) { return (p.x1 + p.x2) / 10; });
}

Data bumps_data(std::size_t count, double noise, std::uint64_t seed) {
  return square_points(count, 6, noise, seed, as_drawn, bump);
}

Data moons_data(std::size_t count, double noise, std::uint64_t seed) {
  Random random(seed);
  return two_classes(count, noise, [&](std::size_t i, std::size_t n, int label) {
    const double t = n > 1 ? pi * static_cast<double>(i) / static_cast<double>(n - 1) : 0;
    const double x1 = label > 0 ? std::cos(t) : 1 - std::cos(t);
    const double x2 = label > 0 ? std::sin(t) : 0.5 - std::sin(t);
    const double moved_x1 = random.normal(x1, noise);
    return Point{moved_x1, random.normal(x2, noise)};
  });
}

}  // namespace nn
