package io.llmaccounting.rules;

import java.util.List;

/** A fenced block of code of a page, by the line that it begins at. */
record CodeBlock(String page, int line, String language, String code) {
  List<String> imports() {
    return code.lines().filter(CodeBlock::isImport).toList();
  }

  static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  @Override
  public String toString() {
    return page + ":" + line;
  }
}
