package io.llmaccounting.server.config;

/** What kind of value a setting takes, as the reference names it. */
enum Form {
  TEXT("text"),
  FILE("file"),
  WHOLE("whole number"),
  FLAG("`true` or `false`"),
  DURATION("duration, such as `640ms`, `1.5s`, `10m`, `1h30m`"),
  SIZE("bytes, such as `500`, `64KB`, `2MiB`, `1GiB`"),
  WORD("one of several words"),
  URL("`http` or `https` URL"),
  LIST("list; commas in a variable"),
  SECRET("secret: `${VARIABLE}`, or the text itself");

  private final String words;

  Form(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
