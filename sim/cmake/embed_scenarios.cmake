# cmake -D "SCENARIOS=file;..." -D OUTPUT=file.cpp -P embed_scenarios.cmake
# makes the source that holds the files: their names without `.toml`, and their texts.

set(source "#include \"scenario/built_in.hpp\"\n\nnamespace piccolo::sim {\n\n")
string(APPEND source "std::span<const EmbeddedFile> embedded_scenarios() {\n")
string(APPEND source "  static constexpr EmbeddedFile files[] = {\n")
foreach(file IN LISTS SCENARIOS)
  get_filename_component(name ${file} NAME_WLE)
  file(READ ${file} text)
  string(APPEND source "      {\"${name}\", R\"scenario(${text})scenario\"},\n")
endforeach()
string(APPEND source "  };\n  return files;\n}\n\n}  // namespace piccolo::sim\n")
file(WRITE ${OUTPUT} "${source}")
