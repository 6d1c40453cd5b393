// Frames: the chain rule step by step.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::step_frames;
using autograd::Svg;
using autograd::Value;
using drawings::count;
using drawings::Directory;
using drawings::Reciprocal;
using helpers::contains;

TEST_CASE("step_frames: forward, then backward, each with its line of the chain rule") {
  const Reciprocal r;
  const std::vector<Svg> frames = step_frames(r.f, {.title = "f = 1 / (w0 x0 + w1)"});
  REQUIRE(frames.size() == 1 + 3 + 1 + 5);
  const auto text = [&](std::size_t i) { return frames[i].to_string(); };
  CHECK(contains(text(0), ">forward: the leaves are given</text>"));
  CHECK(contains(text(1), ">y1 = w0*x0 = (-2)(3) = -6</text>"));
  CHECK(contains(text(3), ">forward 3 / 3</text>"));
  CHECK(contains(text(4), ">backward: df/df = 1</text>"));
  CHECK(contains(text(5), ">df/dy2 = df/df * df/dy2 = (1)(-0.25) = -0.25</text>"));
  CHECK(contains(text(9), ">backward 5 / 5</text>"));
  CHECK(contains(text(9), ">df/dw0 = df/dy1 * dy1/dw0 = (-0.25)(3) = -0.75</text>"));
  golden::check("step_frame.svg", text(8));
  for (const Svg& each : frames) {
    CHECK(each.width() == frames[0].width());
    CHECK(each.height() == frames[0].height());
  }
}

TEST_CASE("step_frames: values and sums are there as soon as they are known") {
  const Reciprocal r;
  const std::vector<Svg> frames = step_frames(r.f, {.backward = false});
  REQUIRE(frames.size() == 4);
  CHECK(count(frames[0].to_string(), ">-6</text>") == 0);
  CHECK(count(frames[1].to_string(), ">-6</text>") == 1);
  CHECK(count(frames[2].to_string(), ">-0.5</text>") == 0);
  CHECK(count(frames[3].to_string(), ">-0.5</text>") == 1);
}

TEST_CASE("step_frames: of a + a two edges are two steps, and the sum runs") {
  const Value a(3, "a");
  Value y = a + a;
  y.set_label("y");
  const std::vector<Svg> frames = step_frames(y, {.forward = false});
  REQUIRE(frames.size() == 3);
  CHECK(contains(frames[1].to_string(), ">use 1 of 2: the sum is now 1</text>"));
  CHECK(contains(frames[2].to_string(), ">dy/da += dy/dy * dy/da = (1)(1) = 1</text>"));
  CHECK(contains(frames[2].to_string(), ">use 2 of 2: the sum is now 2</text>"));
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}})  // one edge and one box are marked
    CHECK(count(frames[i].to_string(), "stroke=\"#D55E00\" stroke-width=\"3\"") == 2);
  CHECK(frames[1].to_string() != frames[2].to_string());
}

TEST_CASE("step_frames: as files with numbers; not of graphs that nobody could read") {
  const Directory directory("frames");
  const Value a(3, "a"), y = tanh(a);
  save_step_frames(y, directory.path / "s.svg");
  CHECK(directory.files() ==
        std::vector<std::string>{"s_00.svg", "s_01.svg", "s_02.svg", "s_03.svg"});
  Value long_one = a;
  for (int i = 0; i < 200; ++i) long_one = sin(long_one);
  CHECK_THROWS_WITH_AS(step_frames(long_one),
                       "step_frames(): the graph has 201 values, more than the 200 that can be "
                       "seen in a frame",
                       Error);
  CHECK_THROWS_AS(step_frames(y, {.digits = 0}), Error);
}
