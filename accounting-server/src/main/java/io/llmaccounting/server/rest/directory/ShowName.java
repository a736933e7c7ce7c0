package io.llmaccounting.server.rest.directory;

import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.json.NameLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Shows a project or a user. */
public final class ShowName implements Workers.Blocking {
  private final DirectoryEntry.Kind kind;

  /** Shows one of {@code kind}. */
  public ShowName(DirectoryEntry.Kind kind) {
    this.kind = kind;
  }

  @Override
  public Answer answer(Asked asked) {
    String name = asked.path().text("name");
    DirectoryEntry entry =
        asked.reach().directory().find(kind, name).orElseThrow(() -> NameForm.unknown(kind, name));
    return Answer.line(to -> NameLine.write(to, entry));
  }
}
