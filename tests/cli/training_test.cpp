// autograd train, predict, inspect and export, from files to files.
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <nn/nn.hpp>
#include <tests/support/command.hpp>
#include <tests/support/helpers.hpp>

namespace {

using nlohmann::json;

json json_of(const command::Folder& folder, const std::string& line) {
  const command::Result run = folder.run(line);
  CAPTURE(line);
  REQUIRE_MESSAGE(run.code <= 1, run.err);
  return json::parse(run.out);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream lines(text);
  std::vector<std::string> result;
  for (std::string line; std::getline(lines, line);) result.push_back(line);
  return result;
}

// People with a name, a sex, an age and a fare, some of whom are saved: mostly the women.
std::string titanic() {
  std::string result = "Id,Survived,Class,Name,Sex,Age,Fare\n";
  nn::Random random(4);
  for (int i = 0; i < 60; ++i) {
    const bool is_woman = random.uniform(0, 1) < 0.4;
    const bool is_saved = random.uniform(0, 1) < (is_woman ? 0.95 : 0.05);
    const std::string age = i % 7 == 0 ? "" : std::to_string(20 + i % 40);
    result += std::to_string(i) + (is_saved ? ",1," : ",0,") + std::to_string(1 + i % 3) +
              ",\"Doe, " + (is_woman ? "Mrs. Jane\",female," : "Mr. John\",male,") + age + ',' +
              std::to_string(7 + i % 30) + ".25\n";
  }
  return result;
}

// Years and a consumption in gigawatt hours, of the size that no network learns as it is.
std::string consumption() {
  std::string result = "year;consumption\n";
  for (int year = 2010; year < 2020; ++year)
    result += std::to_string(year) + ';' + std::to_string(52'000 + 900 * (year - 2010)) + ",5\n";
  return result;
}

const std::string kTitanic =
    "--target Survived --classify --drop Id,Name --one-hot Sex --missing mean --seed 3";

}  // namespace

TEST_CASE("train: a built-in set leaves a model, its history, pictures and what was confused") {
  const command::Folder folder("training_iris");
  const auto run = folder.run("autograd train iris --validation 0.2 --epochs 60 --seed 1 -o out");
  CHECK(run.code == 0);
  CHECK_MESSAGE(run.err == "", run.err);
  CHECK(run.out.find("Written: out/model.json, history.csv, loss.svg, confusion.csv") !=
        std::string::npos);
  CHECK(run.out.find("versicolor") != std::string::npos);
  CHECK(lines_of(folder.text("out/history.csv")).size() == 61);
  CHECK(lines_of(folder.text("out/confusion.csv"))[0] == "class,setosa,versicolor,virginica");
  const nn::Model model = nn::load(folder / "out/model.json");
  CHECK(model.classes.size() == 3);
  CHECK(model.training.has_value());
  CHECK(model.predict({5.1, 3.5, 1.4, 0.2}).size() == 3);
}

TEST_CASE("train: the same seed gives the same bits, other seeds others") {
  const command::Folder folder("training_seed");
  const std::string line = "autograd train spiral --rows 60 --epochs 5 --noise 0.1";
  folder.run(line + " -o a && " + line + " -o b && " + line + " --seed 1 -o c");
  CHECK(folder.text("a/model.json") == folder.text("b/model.json"));
  CHECK(folder.text("a/model.json") != folder.text("c/model.json"));
  CHECK(folder.text("a/boundary.svg").find("</svg>") != std::string::npos);
}

TEST_CASE("train: all of the Playground's choices") {
  const command::Folder folder("training_choices");
  const std::string short_training = " --rows 40 --epochs 3 --json";
  for (const char* data : {"circle", "xor-cloud", "gauss", "spiral", "moons", "plane", "bumps"}) {
    const json result = json_of(folder, "autograd train " + std::string(data) + short_training);
    CHECK(result["epochs"] == 3);
    CHECK(result["scores"]["training"]["rows"] == 40);
  }
  const std::vector<std::string> options{"--activation relu",
                                         "--activation sigmoid",
                                         "--activation identity",
                                         "--hidden 0",
                                         "--hidden 8,8,8,8,8,8",
                                         "--loss squared",
                                         "--loss absolute",
                                         "--loss huber",
                                         "--loss hinge",
                                         "--optimizer sgd --rate 0.3",
                                         "--optimizer momentum",
                                         "--optimizer nesterov",
                                         "--optimizer adagrad",
                                         "--optimizer rmsprop",
                                         "--optimizer adamw",
                                         "--schedule cosine",
                                         "--schedule step:2:0.5",
                                         "--schedule exponential:0.9",
                                         "--schedule plateau:2",
                                         "--l1 0.001",
                                         "--l2 0.01",
                                         "--dropout 0.2",
                                         "--batch-norm",
                                         "--batch 1",
                                         "--batch 0",
                                         "--clip 1",
                                         "--features 'x1^2,x2^2,x1*x2,sin(x1),sin(x2)'",
                                         "--noise 0.3",
                                         "--class-weights balanced",
                                         "--validation 0.5 --patience 1",
                                         "--threads 2"};
  const auto stride = static_cast<std::size_t>(helpers::scaled(1, 3));
  for (std::size_t i = 0; i < options.size(); i += stride) {
    const json result = json_of(folder, "autograd train circle " + options[i] + short_training);
    CHECK_MESSAGE(result["parameters"] > 0, options[i]);
  }
}

TEST_CASE("train: a file with names, empty ages and text, then predictions with probabilities") {
  const command::Folder folder("training_titanic");
  folder.write("people.csv", titanic());
  const json result =
      json_of(folder, "autograd train people.csv " + kTitanic + " --epochs 60 --json");
  CHECK(result["scores"]["training"]["accuracy"] > 0.85);
  const auto predicted = lines_of(folder.run("autograd predict trained/model.json people.csv").out);
  REQUIRE(predicted.size() == 61);
  CHECK(predicted[0] == "Survived,p(0),p(1)");
  folder.write("new.csv", "Sex,Age,Class,Fare\nfemale,,1,30\nmale,40,3,8\n");
  const json later = json_of(folder, "autograd predict trained/model.json new.csv --json");
  CHECK(later[0]["Survived"] == "1");
  CHECK(later[1]["Survived"] == "0");
  CHECK(later[0]["probabilities"]["1"] > 0.5);
  CHECK(folder.run("autograd predict trained/model.json new.csv -o out.csv").out == "");
  CHECK(lines_of(folder.text("out.csv")).size() == 3);
}

TEST_CASE("train: numbers are learnt and told in their own units") {
  const command::Folder folder("training_units");
  folder.write("years.csv", consumption());
  const json result =
      json_of(folder, "autograd train years.csv --decimal-comma --epochs 500 --batch 0 --json");
  CHECK(result["scores"]["training"]["r_squared"] > 0.99);
  folder.write("next.csv", "year\n2012\n");
  const auto predicted = lines_of(folder.run("autograd predict trained/model.json next.csv").out);
  CHECK(predicted[0] == "consumption");
  CHECK(std::stod(predicted[1]) == doctest::Approx(53'800.5).epsilon(0.01));
}

TEST_CASE("train: test rows by a second file or by a column") {
  const command::Folder folder("training_test");
  folder.write("train.txt",
               "39, State-gov, 13, <=50K\n50, ?, 13, >50K\n38, Private, 9, <=50K\n"
               "52, Private, 14, >50K\n");
  folder.write("test.txt", "|1x3 Cross validator\n25, Private, 7, <=50K.\n58, ?, 15, >50K.\n");
  const json by_file = json_of(folder,
                               "autograd train train.txt --no-header --one-hot 2 --missing mean "
                               "--comment '|' --test test.txt --epochs 100 --json");
  CHECK(by_file["scores"]["test"]["rows"] == 2);
  CHECK(by_file["scores"]["test"]["accuracy"] == 1);
  folder.write("set.csv", "x,set,y\n1,train,2\n2,train,4\n3,test,6\n4,train,8\n");
  const json by_column =
      json_of(folder, "autograd train set.csv --test-rows set=test --epochs 3 --json");
  CHECK(by_column["scores"]["test"]["rows"] == 1);
  CHECK(by_column["scores"]["training"]["rows"] == 3);
}

TEST_CASE("train: a training that goes on ends with the same bits as one in one go") {
  const command::Folder folder("training_resume");
  const std::string line = "autograd train moons --rows 50 --seed 2";
  folder.run(line + " --epochs 10 -o whole && " + line + " --epochs 4 -o part && " + line +
             " --epochs 10 --resume part/model.json -o resumed");
  const nn::Model whole = nn::load(folder / "whole/model.json");
  const nn::Model resumed = nn::load(folder / "resumed/model.json");
  CHECK(whole.net.parameter_values() == resumed.net.parameter_values());
  CHECK(lines_of(folder.text("resumed/history.csv")).size() == 7);
}

TEST_CASE("train: several seeds tell how many succeed, with an interval") {
  const command::Folder folder("training_seeds");
  const json result =
      json_of(folder, "autograd train xor --hidden 4 --epochs 150 --seeds 5 --goal 1 --json");
  CHECK(result["seeds"] == 5);
  const double rate = result["rate"], low = result["interval"][0], high = result["interval"][1];
  CHECK(rate == result["successes"].get<double>() / 5);
  CHECK(low < rate + 1e-12);
  CHECK(high >= rate);
  CHECK(high - low > 0.3);  // five seeds do not tell much
  CHECK(folder.run("autograd train xor --epochs 1 --seeds 2").out.find("95 % interval") !=
        std::string::npos);
}

TEST_CASE("inspect: layers, weights, dead units and what it was trained on") {
  const command::Folder folder("training_inspect");
  folder.run("autograd train circle --rows 40 --epochs 2 --activation relu --hidden 6");
  nn::Model model = nn::load(folder / "trained/model.json");
  nn::Layer& layer = model.net.layer(0);
  for (std::size_t j = 0; j < layer.inputs(); ++j) layer.weight(2, j).set_data(0);
  layer.bias(2).set_data(-1);
  nn::save(folder / "dead.json", model);
  const json facts = json_of(folder, "autograd inspect dead.json --json");
  CHECK(facts["layers"][0]["dead_units"] == json{2});
  CHECK(facts["loss"] == "logistic_loss");
  folder.write("rows.csv", "x1,x2\n1,2\n-3,1\n0,-2\n");
  const auto run = folder.run("autograd inspect dead.json --data rows.csv");
  CHECK(run.out.find("6  relu") == std::string::npos);
  CHECK(run.out.find("data: circle, 40 rows to train") != std::string::npos);
  CHECK(run.out.find("dead units") != std::string::npos);
}

TEST_CASE("export: the header is compiled and agrees with the model") {
  const command::Folder folder("training_export");
  folder.write("people.csv", titanic());
  folder.run("autograd train people.csv " + kTitanic + " --epochs 5");
  CHECK(folder.run("autograd export trained/model.json -o model.hpp --name survives").code == 0);
  folder.write("main.cpp",
               "#include <cstdio>\n#include \"model.hpp\"\n"
               "int main() { std::printf(\"%a\", survives({1, 1, 0, 30, 25})[0]); }\n");
  const auto compiled = folder.run("'" + paths::compiler() +
                                   "' -std=c++17 -ffp-contract=off main.cpp -o main && ./main");
  REQUIRE_MESSAGE(compiled.code == 0, compiled.err);
  const nn::Model model = nn::load(folder / "trained/model.json");
  CHECK(std::strtod(compiled.out.c_str(), nullptr) == model.predict({1, 1, 0, 30, 25})[0]);

  const auto script = folder.run(
      "autograd export trained/model.json --to js --name survives > model.js && "
      "command -v node > /dev/null || exit 77; "
      "echo 'console.log(survives([1, 1, 0, 30, 25])[0])' >> model.js; node model.js");
  if (script.code == 77) return;  // without node there is nothing to compare
  REQUIRE_MESSAGE(script.code == 0, script.err);
  CHECK(std::stod(script.out) == doctest::Approx(model.predict({1, 1, 0, 30, 25})[0]));
}

TEST_CASE("page: of a model, with the rows that it was trained on") {
  const command::Folder folder("training_page");
  folder.run("autograd train xor --hidden 3 --epochs 2");
  const auto run = folder.run("autograd page --model trained/model.json --data xor -o net.html");
  CHECK_MESSAGE(run.code == 0, run.err);
  CHECK(folder.text("net.html").find("</html>") != std::string::npos);
  folder.write("years.csv", consumption());
  folder.run("autograd train years.csv --decimal-comma --epochs 2 -o years");
  CHECK(folder
            .run("autograd page --model years/model.json --data years.csv --decimal-comma "
                 "--title Consumption -o years.html")
            .code == 0);
  CHECK(folder.text("years.html").find("Consumption") != std::string::npos);
  CHECK(command::complaint(folder, "autograd page --model trained/model.json").find("--data") !=
        std::string::npos);
  CHECK(command::complaint(folder, "autograd page x x=1 --data xor").find("--model") !=
        std::string::npos);
}

TEST_CASE("export: features and units of targets are a part of it") {
  const command::Folder folder("training_export_units");
  folder.write("years.csv", consumption());
  folder.run("autograd train years.csv --decimal-comma --epochs 5 -o a");
  folder.run("autograd train circle --rows 20 --features 'x1^2,sin(x2)' --epochs 2 -o b");
  folder.run("autograd export a/model.json --name units -o units.hpp");
  folder.run("autograd export b/model.json --name features -o features.hpp");
  folder.write(
      "main.cpp",
      "#include <cstdio>\n#include \"units.hpp\"\n#include \"features.hpp\"\n"
      "int main() { std::printf(\"%a %a\", units({2012})[0], features({1.5, -2})[0]); }\n");
  const auto run = folder.run("'" + paths::compiler() +
                              "' -std=c++17 -ffp-contract=off main.cpp -o main && ./main");
  REQUIRE_MESSAGE(run.code == 0, run.err);
  const std::size_t blank = run.out.find(' ');
  CHECK(std::strtod(run.out.c_str(), nullptr) ==
        nn::load(folder / "a/model.json").predict({2012.0})[0]);
  CHECK(std::strtod(run.out.c_str() + blank, nullptr) ==
        doctest::Approx(nn::load(folder / "b/model.json").predict({1.5, -2.0})[0]));
}
