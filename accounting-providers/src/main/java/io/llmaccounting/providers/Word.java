package io.llmaccounting.providers;

/** What an answer says about itself apart from counts. */
enum Word {
  ID("id"),
  MODEL("model"),
  FINISH("finish reason"),
  TIER("service tier"),
  SPEED("speed"),
  REGION("region"),
  CREATED("time"),
  /** Read only to tell shapes, ends and providers apart. */
  MARK("marks");

  private final String title;

  Word(String title) {
    this.title = title;
  }

  /** The word for it in the documentation. */
  String title() {
    return title;
  }
}
