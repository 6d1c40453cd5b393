#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

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
                std::span<const Measurement> measurements) {
  Json json;
  json["compiler"] = machine.compiler;
  json["flags"] = machine.flags;
  json["processor"] = machine.processor;
  json["date"] = machine.date;
  json["repetitions"] = options.repetitions;
  json["workloads"] = Json::array();
  for (const Measurement& m : measurements) json["workloads"].push_back(to_json(m));
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
