#pragma once

// A file that is there whole or not at all: written beside its place, and moved there in the end.

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace piccolo::sim {

class WholeFile {
 public:
  // `-` is standard output. Pipes, devices and the like, which cannot be replaced, are written
  // directly. All functions throw UsageError, naming the option and the file.
  WholeFile(std::string option, std::string path);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
  };

  void open_beside();
  [[noreturn]] void fail(int error) const;

  std::string option_;
  std::string path_;
  std::string place_;   // where it goes in the end: behind symbolic links
  std::string beside_;  // empty when it is written directly
  std::unique_ptr<std::FILE, Close> file_;
};

// To know before the work that its result can be written; what is there already stays.
void check_writable(std::string option, std::string path);
void write_whole_file(std::string option, std::string path, std::string_view text);

}  // namespace piccolo::sim
