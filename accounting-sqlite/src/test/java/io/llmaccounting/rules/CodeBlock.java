package io.llmaccounting.rules;

/** A fenced block of code of a page, by the line that it begins at. */
record CodeBlock(String page, int line, String language, String code) {
  @Override
  public String toString() {
    return page + ":" + line;
  }
}
