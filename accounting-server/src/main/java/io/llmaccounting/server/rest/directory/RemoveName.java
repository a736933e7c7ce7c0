package io.llmaccounting.server.rest.directory;

import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Removes a project or user from those that are known; usage of it stays. */
public final class RemoveName implements Workers.Blocking {
  private final DirectoryEntry.Kind kind;

  /** Removes one of {@code kind}. */
  public RemoveName(DirectoryEntry.Kind kind) {
    this.kind = kind;
  }

  @Override
  public Answer answer(Asked asked) {
    String name = asked.path().text("name");
    if (!asked.reach().directory().remove(kind, name)) {
      throw NameForm.unknown(kind, name);
    }
    return Answer.done();
  }
}
