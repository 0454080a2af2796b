#include "whole_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "command_line.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {

WholeFile::WholeFile(std::string option, std::string path)
    : option_(std::move(option)), path_(std::move(path)), place_(path_) {
  if (path_ == "-") return;
  std::error_code ignored;
  const auto status = std::filesystem::status(path_, ignored);
  if (std::filesystem::is_directory(status)) fail(EISDIR);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    file_.reset(std::fopen(path_.c_str(), "wb"));
    if (!file_) fail(errno);
    return;
  }
  if (std::filesystem::exists(status)) {
    const auto behind = std::filesystem::canonical(path_, ignored);
    if (!ignored) place_ = behind.string();
  }
  open_beside();
}

WholeFile::~WholeFile() {
  if (file_ && !beside_.empty()) static_cast<void>(std::remove(beside_.c_str()));
}

// Under a name that nobody else has.
void WholeFile::open_beside() {
  constexpr unsigned tries = 1000;
  for (unsigned number = 1; number <= tries; ++number) {
    beside_ = fmt::format("{}.part{}", place_, number);
    file_.reset(std::fopen(beside_.c_str(), "wbx"));
    if (file_) return;
    if (errno != EEXIST) fail(errno);
  }
  fail(EEXIST);
}

void WholeFile::write(std::string_view bytes) {
  if (!file_) return print(bytes);
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail(errno);
}

void WholeFile::commit() {
  if (!file_) return;
  if (std::fflush(file_.get()) != 0) fail(errno);
  if (!beside_.empty() && std::rename(beside_.c_str(), place_.c_str()) != 0) fail(errno);
  file_.reset();
}

void check_writable(std::string option, std::string path) {
  const WholeFile file(std::move(option), std::move(path));
}

void write_whole_file(std::string option, std::string path, std::string_view text) {
  WholeFile file(std::move(option), std::move(path));
  file.write(text);
  file.commit();
}

void WholeFile::fail(int error) const {
  const std::error_code why(error, std::generic_category());
  throw UsageError(fmt::format("{}: cannot write `{}`: {}; give a file in a folder that is there",
                               option_, path_, why.message()));
}

}  // namespace piccolo::sim
