package io.llmaccounting.server.rest.directory;

import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;

/** Projects and users as objects. */
final class NameForm {
  private NameForm() {}

  static DirectoryEntry read(Asked asked, DirectoryEntry.Kind kind) {
    JsonFields body = asked.body();
    Boolean active = body.optionalFlag("active");
    return new DirectoryEntry(
        kind,
        asked.path().text("name"),
        body.optionalText("ou"),
        body.optionalText("email"),
        active == null || active,
        null,
        null);
  }

  static ProblemException unknown(DirectoryEntry.Kind kind, String name) {
    return new ProblemException(
        Problem.Code.NOT_FOUND, "there is no %s \"%s\"".formatted(JsonWriter.word(kind), name));
  }
}
