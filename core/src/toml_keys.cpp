#include "toml_keys.hpp"

#include <cstddef>

namespace piccolo::detail {
namespace {

bool continues_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

// Walks over TOML without understanding more of it than where strings and comments end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : text_(text) {}

  bool at_end() const noexcept { return at_ >= text_.size(); }
  const TextPosition& position() const noexcept { return position_; }

  // The next character that is in neither; a whole string counts as one '"'.
  char next() noexcept {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      skip_string(c);
      return '"';
    }
    if (c == '#') {
      while (!at_end() && text_[at_] != '\n') advance();
      return '#';
    }
    advance();
    return c;
  }

 private:
  void advance() noexcept {
    if (text_[at_] == '\n') {
      ++position_.line;
      position_.column = 0;
    }
    ++at_;
    if (at_end() || !continues_character(text_[at_])) ++position_.column;
  }

  void advance(std::size_t count) noexcept {
    for (; count > 0 && !at_end(); --count) advance();
  }

  bool starts_triple(char quote) const noexcept {
    return text_.size() - at_ >= 3 && text_[at_] == quote && text_[at_ + 1] == quote &&
           text_[at_ + 2] == quote;
  }

  void skip_string(char quote) noexcept {
    const bool triple = starts_triple(quote);
    advance(triple ? 3 : 1);
    while (!at_end()) {
      if (quote == '"' && text_[at_] == '\\') {
        advance(2);
      } else if (triple ? starts_triple(quote) : text_[at_] == quote) {
        advance(triple ? 3 : 1);
        // Up to two quotes may stand before the closing three.
        while (triple && !at_end() && text_[at_] == quote) advance();
        return;
      } else if (!triple && text_[at_] == '\n') {
        return;
      } else {
        advance();
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  TextPosition position_;
};

}  // namespace

std::optional<TextPosition> find_deep_key(std::string_view text, unsigned parts_max) {
  Scanner scanner(text);
  unsigned parts = 1;
  while (!scanner.at_end()) {
    const TextPosition here = scanner.position();
    switch (scanner.next()) {
      case '.':
        if (++parts > parts_max) return here;
        break;
      case '\n':
      case '=':
      case ',':
      case '[':
      case ']':
      case '{':
      case '}':
        parts = 1;
        break;
      default:
        break;
    }
  }
  return std::nullopt;
}

}  // namespace piccolo::detail
