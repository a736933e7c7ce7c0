package io.llmaccounting.providers.request;

/** Something of which a request has any number, and the words for it in the documentation. */
enum Counted {
  MESSAGE("messages"),
  TOOL("tools"),
  IMAGE("images"),
  AUDIO("audio"),
  FILE("files"),
  CACHE_MARK("cache marks"),
  ELSEWHERE("input that is elsewhere");

  private final String title;

  Counted(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
