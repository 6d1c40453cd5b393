// Explanations as JSON.
#include <cmath>
#include <new>
#include <string_view>
#include <utility>

#include <autograd/explain.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string result = "\"";
  while (!text.empty()) {
    const text::Character first = text::first_character(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (!first.code) {
      result += "\\ufffd";
      text.remove_prefix(1);
      continue;
    }
    if (byte == '"' || byte == '\\') {
      result += '\\';
      result += text[0];
    } else if (byte < 0x20) {
      result += "\\u00";
      result += kHex[byte >> 4];
      result += kHex[byte & 15];
    } else {
      result += text.substr(0, first.bytes);
    }
    text.remove_prefix(first.bytes);
  }
  return result + "\"";
}

// JSON has no infinity and no NaN: they are texts.
std::string number(double x) {
  return std::isfinite(x) ? text::shortest(x) : quoted(text::shortest(x));
}

class Object {
 public:
  Object& add(std::string_view key, std::string value) {
    text_ += (text_.empty() ? "{" : ", ") + quoted(key) + ": " + std::move(value);
    return *this;
  }
  Object& add(std::string_view key, std::size_t value) { return add(key, std::to_string(value)); }
  Object& add(std::string_view key, const Explanation::Number& x) {
    add(key, number(x.value));
    return x.fraction.empty() ? *this : add(std::string(key) + "_fraction", quoted(x.fraction));
  }
  Object& add_text(std::string_view key, std::string_view value) { return add(key, quoted(value)); }
  std::string text() const { return text_ + "}"; }

 private:
  std::string text_;
};

template <class Items, class Write>
std::string array(const Items& items, const Write& write, std::string_view between) {
  std::string result = "[";
  for (const auto& item : items)
    result += (&item == &items.front() ? std::string() : ",") +
              (&item == &items.front() && between == " " ? "" : std::string(between)) + write(item);
  return result + "]";
}

}  // namespace

std::string Explanation::json() const try {
  const auto formula = [&](const Formula& f) { return quoted(f.to_string(Notation::kText, 17)); };
  const auto node = [&](const Node& each) {
    Object object;
    object.add_text("name", each.name);
    if (!each.operation.empty()) {
      object.add_text("operation", each.operation).add("formula", formula(each.formula));
      object.add("with_numbers", formula(each.with_numbers));
      object.add("operands", array(
                                 each.operands,
                                 [](const std::size_t& at) {
                                   return at == kNone ? "null" : std::to_string(at);
                                 },
                                 " "));
    }
    object.add("value", each.value).add("gradient", each.gradient);
    if (counts) object.add("tangent", each.tangent);
    if (each.is_constant) object.add("is_constant", "true");
    if (!each.parts.empty())
      object.add("parts",
                 array(
                     each.parts, [](const std::string& name) { return quoted(name); }, " "));
    return object.text();
  };
  const auto step = [&](const Step& each) {
    Object object;
    object.add("operation", each.operation).add("operand", each.operand);
    object.add("use", each.use).add("uses", each.uses);
    object.add("upstream", each.upstream).add("rule", formula(each.rule));
    object.add("with_numbers", formula(each.with_numbers)).add("local", each.local);
    object.add("contribution", each.contribution).add("sum", each.sum);
    if (!each.remark.empty()) object.add_text("remark", each.remark);
    return object.text();
  };
  const auto block = [&](const Block& each) {
    Object object;
    object.add_text("name", each.name).add("operations", each.operations);
    object.add("outputs", each.outputs).add("output_size", number(each.output_size));
    return object.add("gradient_size", number(each.gradient_size)).text();
  };
  const auto flow = [&](const Flow& each) {
    Object object;
    object.add("from", each.from).add("to", each.to).add("values", each.values);
    object.add("uses", each.uses).add("size", number(each.size));
    return object.add("gradient", number(each.gradient)).text();
  };
  std::string text = "{\n\"result\": " + quoted(result) + ",\n\"value\": " + number(value);
  if (!from.empty()) text += ",\n\"from\": " + quoted(from);
  if (blocks.empty()) {
    text += ",\n\"nodes\": " + array(nodes, node, "\n  ");
    text += ",\n\"steps\": " + array(steps, step, "\n  ");
  } else {
    text += ",\n\"blocks\": " + array(blocks, block, "\n  ");
    text += ",\n\"flows\": " + array(flows, flow, "\n  ");
  }
  if (counts) {
    Object object;
    object.add("inputs", counts->inputs).add("reverse", counts->reverse);
    text += ",\n\"counts\": " + object.add("forward", counts->forward).text();
  }
  return text + "\n}\n";
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
