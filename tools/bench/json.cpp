#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "report.hpp"

namespace bench {
namespace {

using Json = nlohmann::ordered_json;

Json per_operation(double bytes, const Measurement& m) {
  return bytes > 0 ? Json(bytes / static_cast<double>(m.operations)) : Json(nullptr);
}

Json to_json(const Result& result, const Measurement& m) {
  Json json;
  json["engine"] = result.engine->name;
  json["agrees"] = result.agrees;
  json["relative_error"] = result.error;
  if (result.seconds > 0) {
    json["nanoseconds"] = result.seconds * 1e9;
    json["over_plain"] = result.seconds / m.plain_seconds;
    json["over_hand"] = result.seconds / m.hand_seconds;
    json["graph_bytes_per_operation"] = per_operation(result.graph_bytes, m);
  }
  if (result.cold) {
    json["cold_milliseconds"] = result.cold->seconds * 1e3;
    json["memory_bytes_per_operation"] = per_operation(result.cold->resident_bytes, m);
  }
  return json;
}

Json to_json(const Measurement& m) {
  Json json;
  json["workload"] = m.workload;
  json["title"] = m.title;
  json["inputs"] = m.inputs;
  json["operations"] = m.operations;
  json["results"] = Json::array();
  for (const Result& result : m.results) json["results"].push_back(to_json(result, m));
  return json;
}

Json to_json(const DerivativesOf& of) {
  Json json;
  json["function"] = of.function;
  json["inputs"] = of.inputs;
  json["outputs"] = of.outputs;
  json["results"] = Json::array();
  for (const Derivative& result : of.results) {
    Json& entry = json["results"].emplace_back();
    entry["derivative"] = result.name;
    entry["agrees"] = result.agrees;
    entry["relative_error"] = result.error;
    if (result.seconds > 0) {
      entry["nanoseconds"] = result.seconds * 1e9;
      if (of.results[0].seconds > 0) {
        entry["over_gradient"] = result.seconds / of.results[0].seconds;
      }
    }
    if (result.peak_bytes > 0) entry["peak_graph_bytes"] = result.peak_bytes;
  }
  return json;
}

Json to_json(const ReplayOf& of) {
  Json json;
  json["workload"] = of.workload;
  json["title"] = of.title;
  json["rows"] = of.rows;
  json["results"] = Json::array();
  for (const Replayed& result : of.results) {
    Json& entry = json["results"].emplace_back();
    entry["name"] = result.name;
    entry["agrees"] = result.agrees;
    entry["relative_error"] = result.error;
    if (result.seconds > 0) entry["seconds"] = result.seconds;
  }
  return json;
}

Json to_json(const Microgpt& of) {
  Json json;
  json["names"] = of.names;
  json["weights"] = of.weights;
  json["operations"] = of.operations;
  json["results"] = Json::array();
  for (const MicrogptResult& result : of.results) {
    Json& entry = json["results"].emplace_back();
    entry["name"] = result.name;
    entry["agrees"] = result.agrees;
    entry["relative_error"] = result.error;
    if (result.seconds > 0) entry["seconds"] = result.seconds;
    if (result.graph_bytes > 0) entry["graph_bytes_per_operation"] = result.graph_bytes;
  }
  return json;
}

std::string unfinished(const std::string& path) { return path + ".unfinished"; }

}  // namespace

void check_writable(const std::string& path) {
  if (path == "-") return;
  const bool written = static_cast<bool>(std::ofstream(unfinished(path)));
  std::error_code ignored;
  std::filesystem::remove(unfinished(path), ignored);
  if (!written) throw std::runtime_error("cannot write " + path);
}

void write_json(const std::string& path, const Machine& machine, const Options& options,
                std::span<const Measurement> measurements,
                std::span<const DerivativesOf> derivatives, std::span<const ReplayOf> replays,
                std::span<const Elementary> functions, std::span<const Step> steps,
                const std::optional<Microgpt>& microgpt,
                std::span<const ExplainResult> explanations, std::span<const DrawResult> pictures,
                std::span<const PageResult> pages, std::span<const Phases> phases,
                const std::optional<CommandTimes>& command) {
  Json json;
  json["compiler"] = machine.compiler;
  json["flags"] = machine.flags;
  json["processor"] = machine.processor;
  json["date"] = machine.date;
  json["repetitions"] = options.repetitions;
  json["workloads"] = Json::array();
  for (const Measurement& m : measurements) json["workloads"].push_back(to_json(m));
  json["derivatives"] = Json::array();
  for (const DerivativesOf& each : derivatives) json["derivatives"].push_back(to_json(each));
  json["replays"] = Json::array();
  for (const ReplayOf& each : replays) json["replays"].push_back(to_json(each));
  json["elementary"] = Json::array();
  for (const Elementary& each : functions) {
    Json& entry = json["elementary"].emplace_back();
    entry["name"] = each.name;
    entry["interval"] = {each.low, each.high};
    entry["cmath_seconds"] = each.cmath_seconds;
    entry["seconds"] = each.function.seconds;
    entry["ulp"] = each.function.error;
    if (each.sleef) {
      entry["sleef_seconds"] = each.sleef->seconds;
      entry["sleef_ulp"] = each.sleef->error;
    }
  }
  json["training"] = Json::array();
  for (const Step& each : steps) {
    json["training"].push_back({{"network", each.network},
                                {"rows", each.rows},
                                {"parameters", each.parameters},
                                {"seconds", each.seconds}});
  }
  if (microgpt) json["microgpt"] = to_json(*microgpt);
  for (const ExplainResult& each : explanations) {
    json["explain"].push_back({{"nodes", each.nodes},
                               {"by_parts_seconds", each.by_parts},
                               {"by_steps_seconds", each.by_steps},
                               {"formula_seconds", each.formula}});
  }
  for (const DrawResult& each : pictures) {
    json["draw"].push_back({{"nodes", each.nodes},
                            {"dot_text_seconds", each.dot_text},
                            {"tape_picture_seconds", each.tape_picture},
                            {"folded_seconds", each.folded},
                            {"dot_bytes", each.dot_bytes},
                            {"tape_bytes", each.tape_bytes}});
  }
  for (const PageResult& each : pages) {
    json["page"].push_back(
        {{"graph", each.graph}, {"bytes", each.bytes}, {"seconds", each.seconds}});
  }
  for (const Phases& each : phases) {
    json["phases"].push_back({{"workload", each.workload},
                              {"operations", each.operations},
                              {"plain_seconds", each.plain},
                              {"record_seconds", each.record},
                              {"sweep_seconds", each.sweep}});
  }
  if (command) {
    json["command"] = {{"start_up_seconds", command->start_up},
                       {"epoch_of_command_seconds", command->epoch_of_command},
                       {"epoch_of_fit_seconds", command->epoch_of_fit}};
  }
  if (path == "-") {
    std::cout << json.dump(2) << std::endl;
    return;
  }
  std::ofstream file(unfinished(path));
  file << json.dump(2) << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(unfinished(path), path, error);
  if (!file || error) {
    std::filesystem::remove(unfinished(path), error);
    throw std::runtime_error("cannot write " + path);
  }
}

}  // namespace bench
