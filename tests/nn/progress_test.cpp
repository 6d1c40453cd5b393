// The progress bar, drawn into a string with a clock that is set by hand.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using nn::Epoch;
using nn::ProgressBar;

namespace {

Epoch epoch(std::size_t index, std::size_t epochs) {
  return {.index = index,
          .epochs = epochs,
          .loss = 0.012345,
          .accuracy = 0.985,
          .validation_loss = 0.5,
          .validation_accuracy = 0.97};
}

}  // namespace

TEST_CASE("progress: on a terminal there is one line, drawn over and over") {
  std::ostringstream out;
  double now = 100;
  ProgressBar bar(out, true, 100, [&] { return now; });
  const auto drawn = [&out] {
    const std::string text = out.str();
    out.str("");
    return text;
  };
  now = 101;
  CHECK(bar(epoch(0, 200)));
  CHECK(drawn() ==
        "\repoch   1/200 [>                    ] loss 0.01235 accuracy 98.5% validation 0.5 97.0% "
        "3:19 left\x1b[K");
  // At most ten times a second.
  now = 101.05;
  bar(epoch(1, 200));
  CHECK(drawn().empty());
  now = 110;
  bar(epoch(99, 200));  // the third epoch it sees: 10 s, 100 more
  CHECK(drawn() ==
        "\repoch 100/200 [==========>          ] loss 0.01235 accuracy 98.5% validation 0.5 97.0% "
        "5:33 left\x1b[K");
  now = 112.3;
  bar.finish();
  CHECK(drawn() ==
        "\repoch 100/200 loss 0.01235 accuracy 98.5% validation 0.5 97.0% in 12 s\x1b[K\n");
  bar.finish();
  CHECK(drawn().empty());
}

TEST_CASE("progress: elsewhere there is nothing but a final line") {
  std::ostringstream out;
  double now = 0;
  {
    ProgressBar bar(out, false, 80, [&] { return now; });
    for (std::size_t i = 0; i < 10; ++i) {
      now += 1;
      bar({.index = i, .epochs = 20, .loss = 1.5});
      CHECK(out.str().empty());
    }
  }
  CHECK(out.str() == "epoch 10/20 loss 1.5 in 10 s\n");
}

TEST_CASE("progress: a penalty is shown apart from the loss") {
  std::ostringstream out;
  ProgressBar bar(out, false, 80, [] { return 0.0; });
  bar({.index = 0, .epochs = 1, .loss = 1.5, .penalty = 0.25, .accuracy = 0.5});
  bar.finish();
  CHECK(out.str() == "epoch 1/1 loss 1.5 penalty 0.25 accuracy 50.0% in 0.0 s\n");
}

TEST_CASE("progress: an epoch beyond the last one is no reason to draw beyond the bar") {
  std::ostringstream out;
  ProgressBar bar(out, true, 60, [] { return 0.0; });
  bar({.index = 4, .epochs = 0, .loss = 1});
  CHECK(out.str() == "\repoch 5/0 [=====================] loss 1 0.0 s left\x1b[K");
}

TEST_CASE("progress: without an epoch there is not even that") {
  std::ostringstream out;
  { ProgressBar bar(out, true); }
  CHECK(out.str().empty());
}

TEST_CASE("progress: the line is shorter than any width, and loses the least important first") {
  for (std::size_t width = 0; width < 130; ++width) {
    CAPTURE(width);
    std::ostringstream out;
    ProgressBar bar(out, false, width, [] { return 0.0; });
    bar(epoch(119, 2000));
    bar.finish();
    CHECK(out.str().size() <= std::max<std::size_t>(width, 1));  // with the end of the line
    if (width > 15) CHECK(out.str().starts_with("epoch  120/2000"));
    CHECK((out.str().find("loss") != std::string::npos) == (width > 28));

    std::ostringstream screen;
    ProgressBar drawn(screen, true, width, [] { return 0.0; });
    drawn(epoch(119, 2000));
    CHECK(screen.str().size() <= std::max<std::size_t>(width, 1) + 3);  // \r and \x1b[K: 4
  }
}

TEST_CASE("progress: it is a callback of fit()") {
  std::ostringstream out;
  nn::Mlp net({2, 2, 1}, nn::Activation::tanh);
  ProgressBar bar(out, false);
  nn::fit(net, nn::xor_data(), {.epochs = 7, .callbacks = {std::ref(bar)}});
  bar.finish();
  CHECK(out.str().starts_with("epoch 7/7 loss 0."));
  CHECK(out.str().find("accuracy") != std::string::npos);
}

TEST_CASE("progress: times are told in the unit that suits them") {
  const auto left = [](double seconds) {
    std::ostringstream out;
    double now = 0;
    ProgressBar bar(out, true, 80, [&] { return now; });
    now = seconds;
    bar({.index = 0, .epochs = 2, .loss = 1});
    const std::string text = out.str();
    const std::size_t from = text.find("loss 1 ") + 7;
    return text.substr(from, text.find(" left") - from);
  };
  CHECK(left(0.04) == "0.0 s");
  CHECK(left(9.4) == "9.4 s");
  CHECK(left(9.99) == "10 s");
  CHECK(left(99.4) == "99 s");
  CHECK(left(99.6) == "1:40");
  CHECK(left(3599.6) == "1:00:00");
  CHECK(left(7265) == "2:01:05");
  CHECK(left(1e12) == "long");
}
