// The networks of five lectures, number by number.

#include <tests/support/lecture_cases.hpp>

using namespace lectures;

TEST_CASE("lectures: every network gives the forward and backward numbers of the lecture") {
  for (const char* id :
       {"000-common-bias", "000-regression-no-output-activation", "001-tanh-linear",
        "001-logistic-neuron", "002-sigmoid-chain", "002-init-symmetry-zeros"}) {
    const Json& example = find_case(id);
    nn::Mlp net = network(example.at("layers"));

    Json got = run(net, example.at("x"), example.at("target"), example.at("loss"));

    got["shared_bias_grad"] =
        example.at("expected").value("shared_bias_grad", Json());  // see below
    check_all(got, example.at("expected"), id);
  }
}

TEST_CASE("lectures: 000, squares in both layers, all numbers are exact integers") {
  const Json& example = find_case("000-square-2-2-2");
  nn::Mlp net = network(example.at("layers"));

  Json got = run(net, example.at("x"), example.at("target"), "half_sse");
  const Json dw = got["dW"], dh = got["dE_dout"][0], delta = got["delta"];
  nn::GradientDescent{example.at("learning_rate").get<double>()}.step(net.parameters());
  got["W_after_update"] = each_weight(net, data);
  for (const Json& layer : delta) {
    Json negative;
    for (const Json& each : layer) negative.push_back(-each.get<double>());
    got["AIMA_Delta"].push_back(negative);
  }

  check_all(got, example.at("expected"), "000-square-2-2-2");
  CHECK(got["loss"].get<double>() == 2.5);
  const Json after = got["W_after_update"];
  check_printed(example, {{"h1_net", got["net"][0][0]},
                          {"h1_out", got["out"][0][0]},
                          {"h2_net", got["net"][0][1]},
                          {"h2_out", got["out"][0][1]},
                          {"o1_net", got["net"][1][0]},
                          {"o1_out", got["out"][1][0]},
                          {"o2_net", got["net"][1][1]},
                          {"o2_out", got["out"][1][1]},
                          {"dE/do1_out", got["dE_dout"][1][0]},
                          {"dE/do2_out", got["dE_dout"][1][1]},
                          {"dE/do1_net", delta[1][0]},
                          {"dE/do2_net", delta[1][1]},
                          {"dE/dh1_out", dh[0]},
                          {"dE/dh2_out", dh[1]},
                          {"dE/dh1_net", delta[0][0]},
                          {"dE/dh2_net", delta[0][1]},
                          {"dE/dw(h1-o1)", dw[1][0][0]},
                          {"new w(h1-o1)", after[1][0][0]},
                          {"dE/dw(edge into h2 with w=1)", dw[0][1][1]},
                          {"new w(that edge)", after[0][1][1]},
                          {"dE/dw(h2-o2)", dw[1][1][1]},
                          {"dE/dw(x1-h1)", dw[0][0][0]}});
}

TEST_CASE("lectures: 000, forward after the update, and the other reading of the slide") {
  const Json& example = find_case("000-square-2-2-2");

  SUBCASE("the next forward pass uses the updated weights") {
    nn::Mlp net = network(example.at("layers"));
    run(net, example.at("x"), example.at("target"), "half_sse");
    nn::GradientDescent{0.5}.step(net.parameters());
    const Json got = run(net, example.at("x"), example.at("target"), "half_sse");
    check_all(got, example.at("constructed_extras").at("forward_after_update"), "after");
  }
  SUBCASE("updating the output weights before the hidden deltas gives the known wrong numbers") {
    nn::Mlp net = network(example.at("layers"));
    const Json right = run(net, example.at("x"), example.at("target"), "half_sse");
    nn::GradientDescent{0.5}.step(net.layer(1).parameters());
    const Json& wrong =
        example.at("constructed_extras").at("WRONG_if_output_weights_updated_before_hidden_deltas");
    for (std::size_t j = 0; j < 2; ++j) {
      double dh = 0;
      for (std::size_t k = 0; k < 2; ++k)
        dh += net.layer(1).weight(k, j).data() * right["delta"][1][k].get<double>();
      CHECK(dh == wrong.at("dE_dh_out")[j].get<double>());
      CHECK(dh * 2 * right["net"][0][j].get<double>() == wrong.at("dE_dh_net")[j].get<double>());
      CHECK(dh != right["dE_dout"][0][j].get<double>());
    }
  }
  SUBCASE("with the two weights of the second unit interchanged only dx and their updates change") {
    nn::Mlp net = network(example.at("layers"));
    net.layer(0).set_weights(example.at("alternative_B").at("W_hidden").get<Matrix>());
    const Json got = run(net, example.at("x"), example.at("target"), "half_sse");
    nn::GradientDescent{0.5}.step(net.parameters());
    for (const char* same : {"net", "out", "delta", "dW", "loss"})
      check_all(got[same], example.at("expected").at(same), same);
    CHECK(got["dx"] == Json({-412.0, -616.0}));
    CHECK(net.layer(0).weight(1, 0).data() == 103);
    CHECK(net.layer(0).weight(1, 1).data() == 104);
  }
}

TEST_CASE("lectures: 000 and 001, the gradient of a shared bias is the sum of the layer's deltas") {
  const Json& square = find_case("000-common-bias");
  const Json& sigmoid = find_case("001-sigmoid-2-2-2");
  const auto check = [](const Json& example, const std::string& loss_name, const Json& expected) {
    nn::Mlp net = network(example.at("layers"), nn::Bias::kShared);
    run(net, example.at("x"), example.at("target"), loss_name);
    for (std::size_t l = 0; l < 2; ++l)
      CHECK(is_close(net.layer(l).bias(0).grad(), expected[l].get<double>()));
  };
  check(square, "half_sse", square.at("expected").at("shared_bias_grad"));
  for (const char* each : {"bce_sum", "half_sse", "sse"})
    check(sigmoid, each, sigmoid.at("shared_bias_grad").at(each));
}

TEST_CASE(
    "lectures: 000, layers without activation are one layer with the product of the matrices") {
  const Json& example = find_case("000-linear-collapse");
  nn::Mlp net = network(example.at("layers"));
  const auto product = example.at("expected").at("W2_times_W1").get<Matrix>();
  nn::Layer single(2, 2, nn::Activation::identity, nn::Bias::kOff);
  single.set_weights(product);

  Json got = run(net, example.at("x"), example.at("target"), "half_sse");
  got["W2_times_W1"] = product;

  check_all(got, example.at("expected"), "000-linear-collapse");
  for (const Numbers& x : {Numbers{3, -5}, Numbers{1, 0}, Numbers{0, 1}})
    CHECK(data_of(single(x)) == data_of(net(x)));
}

TEST_CASE("lectures: 001, sigmoid 2-2-2 under each of its three losses") {
  const Json& example = find_case("001-sigmoid-2-2-2");
  for (const std::string loss_name : {"bce_sum", "half_sse", "sse"}) {
    CAPTURE(loss_name);
    nn::Mlp net = network(example.at("layers"));

    const Json before = run(net, example.at("x"), example.at("target"), loss_name);
    nn::GradientDescent{0.5}.step(net.parameters());
    Json updated{{"W", each_weight(net, data)}, {"b", each_bias(net, data)}};
    const Json after = run(net, example.at("x"), example.at("target"), loss_name);
    updated["out_after"] = after["out"][1];
    updated["loss_after"] = after["loss"];

    check_all(before, example.at("expected").at(loss_name), loss_name);
    check_all(updated, example.at("constructed_update_eta_0_5").at(loss_name), loss_name);
  }
}

TEST_CASE("lectures: 001, the printed digits of sigmoid 2-2-2, errata included") {
  const Json& example = find_case("001-sigmoid-2-2-2");
  nn::Mlp net = network(example.at("layers"));
  const double squared = run(net, example.at("x"), example.at("target"), "sse")["loss"];
  const Json got = run(net, example.at("x"), example.at("target"), "bce_sum");

  // The deltas of the slide, h - y, are those of the cross-entropy.
  std::map<std::string, double> named{{"|h-y|^2", squared}};
  for (std::size_t k = 0; k < 2; ++k) {
    const std::string index = k == 0 ? "[0]" : "[1]";
    named["a1" + index] = got["net"][0][k];
    named["z1" + index] = got["out"][0][k];
    named["a2" + index] = got["net"][1][k];
    named["h" + index] = got["out"][1][k];
    named["(h-y)" + index + " in part c"] = got["delta"][1][k];
    named["delta1" + index + " (canonical)"] = got["delta"][0][k];
    named["delta2" + index + " (canonical)"] = got["delta"][1][k];
    for (std::size_t j = 0; j < 2; ++j) {
      const std::string both = index + (j == 0 ? "[0]" : "[1]") + " (canonical)";
      named["dW1" + both] = got["dW"][0][k][j];
      named["dW2" + both] = got["dW"][1][k][j];
    }
  }
  check_printed(example, named);
}

TEST_CASE("lectures: 001, exclusive or from three threshold units, whose gradient is 0") {
  nn::Mlp net(2, {{2, nn::Activation::step}, {1, nn::Activation::step}});
  net.layer(0).set_weights({{1, 1}, {1, 1}});
  net.layer(0).set_biases({-0.5, -1.5});
  net.layer(1).set_weights({{1, -1}});
  net.layer(1).set_biases({-0.5});

  for (const Json& row : find_case("001-xor-threshold").at("expected")) {
    const nn::Mlp::Forward forward = net.forward(row.at("x").get<Numbers>());
    const nn::Layer::Forward &hidden = forward.layers[0], &output = forward.layers[1];
    const Json got{{"x", row.at("x")},
                   {"h_pre", data_of(hidden.net)},
                   {"h", data_of(hidden.out)},
                   {"y_pre", output.net[0].data()},
                   {"y", output.out[0].data()},
                   {"printed_h", data_of(hidden.out)},
                   {"printed_y", output.out[0].data()},
                   {"agrees", true}};
    check_all(got, row, "001-xor-threshold");
    nn::zero_grad(net.parameters());
    output.out[0].backward();
    for (const Value& each : net.parameters()) CHECK(each.grad() == 0);
  }
}

TEST_CASE("lectures: 001, four hidden sigmoid units make a bump") {
  const Json& example = find_case("001-bump-2-4-1");
  nn::Mlp net = network(example.at("layers"));
  for (const Json& row : example.at("expected")) {
    const nn::Mlp::Forward forward = net.forward(row.at("x").get<Numbers>());
    const Json got{{"x", row.at("x")},
                   {"hidden", data_of(forward.layers[0].out)},
                   {"out", forward.out()[0].data()}};
    check_all(got, row, "001-bump-2-4-1");
  }
}

TEST_CASE("lectures: 004, a completion of the sigmoid network whose figure is lost") {
  const Json& example = find_case("004-sigmoid-2-2-2").at("representative_completion");
  nn::Mlp net = network(example.at("layers"));
  const Json got = run(net, example.at("x"), example.at("target"), example.at("loss"));
  check_all(got, example.at("expected"), "004-sigmoid-2-2-2");
}
