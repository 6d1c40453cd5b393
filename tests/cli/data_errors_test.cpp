// Data, models and folders that cannot be used: one line on standard error, exit code 2, nothing left.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <tests/support/command.hpp>

namespace {

void check_refused(const command::Folder& folder, const std::string& line,
                   const std::string& words) {
  const std::string complaint = command::complaint(folder, line);
  CHECK_MESSAGE(std::ranges::count(complaint, '\n') == 1, complaint);
  CHECK_MESSAGE(complaint.find(words) != std::string::npos, complaint);
  CHECK(!std::filesystem::exists(folder / "trained"));
}

}  // namespace

TEST_CASE("data errors: files") {
  const command::Folder folder("data_errors_files");
  check_refused(folder, "autograd train nothing.csv", "nothing.csv");
  check_refused(folder, "autograd train .", "'.'");
  folder.write("empty.csv", "");
  check_refused(folder, "autograd train empty.csv", "at least one row");
  folder.write("junk.csv", std::string("\x7f"
                                       "ELF\x01\x00\x02\xff,\x01\n",
                                       11));
  check_refused(folder, "autograd train junk.csv", "control character");
  folder.write("long.csv", "a,b\n1,2\n" + std::string(8'000'000, '1') + "\n");
  check_refused(folder, "autograd train long.csv", "line 3");
  folder.write("counts.csv", "a,b\n1,2\n1,2,3\n");
  check_refused(folder, "autograd train counts.csv", "line 3, column 2");
}

TEST_CASE("data errors: cells and columns, with the options that help") {
  const command::Folder folder("data_errors_cells");
  folder.write("nan.csv", "a,b\nnan,2\n");
  check_refused(folder, "autograd train nan.csv", "--missing");
  folder.write("text.csv", "a,b\nRome,2\n");
  check_refused(folder, "autograd train text.csv", "--one-hot, --ordinal or --drop");
  folder.write("date.csv", "a,b\n2020-01-31,2\n");
  check_refused(folder, "autograd train date.csv", "a date is none");
  folder.write("comma.csv", "a;b\n1,5;2\n");
  check_refused(folder, "autograd train comma.csv", "--decimal-comma");
  folder.write("good.csv", "a,b\n1,2\n3,4\n");
  check_refused(folder, "autograd train good.csv --target c", "one of the columns a, b");
  check_refused(folder, "autograd train good.csv --drop a", "at least one column of inputs");
  check_refused(folder, "autograd train good.csv --missing perhaps", "'perhaps'");
  check_refused(folder, "autograd train good.csv --separator word", "'word'");
  check_refused(folder, "autograd train good.csv --loss hinge", "--classify");
  check_refused(folder, "autograd train good.csv --test-rows a", "NAME=TEXT");
  check_refused(folder, "autograd train good.csv --features x1,x2", "two inputs");
  folder.write("numbers.csv", "1,2\n3,4\n");
  check_refused(folder, "autograd train numbers.csv", "--no-header");
}

TEST_CASE("data errors: networks and trainings") {
  const command::Folder folder("data_errors_networks");
  check_refused(folder, "autograd train xor --hidden 100000,100000", "20 million weights");
  check_refused(folder, "autograd train xor --hidden 4,x", "'x'");
  check_refused(folder, "autograd train xor --hidden 1.5", "whole numbers");
  check_refused(folder, "autograd train xor --activation word", "'word'");
  check_refused(folder, "autograd train xor --schedule word", "'word'");
  check_refused(folder, "autograd train xor --rate -1", "above 0");
  check_refused(folder, "autograd train xor --epochs -1", "--epochs");
  check_refused(folder, "autograd train xor --patience 3", "--validation");
  check_refused(folder, "autograd train xor --dropout 1", "--dropout");
  check_refused(folder, "autograd train xor --features x9", "'x9'");
  check_refused(folder, "autograd train xor --resume none.json", "none.json");
  check_refused(folder, "autograd train plane --rate 1e200 --optimizer sgd", "--rate");
}

TEST_CASE("data errors: folders and disks") {
  const command::Folder folder("data_errors_folders");
  folder.write("file", "");
  check_refused(folder, "autograd train xor -o file", "is no folder");
  check_refused(folder, "autograd train xor -o file/below", "is no folder");
  check_refused(folder, "autograd train xor -o /proc/none", "/proc");
}

TEST_CASE("data errors: models") {
  const command::Folder folder("data_errors_models");
  check_refused(folder, "autograd predict none.json none.csv", "none.json");
  folder.write("model.json", "{\"format\": 1}");
  check_refused(folder, "autograd inspect model.json", "line 1");
  folder.write("model.json", std::string(1'000'000, '['));
  check_refused(folder, "autograd export model.json", "line 1");
  folder.run("autograd train xor --epochs 1 -o out");
  folder.write("rows.csv", "a,b\n1,2\n");
  check_refused(folder, "autograd predict out/model.json rows.csv", "'x1'");
  check_refused(folder, "autograd export out/model.json --name 1a", "'1a'");
  check_refused(folder, "autograd export out/model.json --to c", "--to");
}
