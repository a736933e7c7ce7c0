package io.llmaccounting.server.rest.directory;

import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.json.NameLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Makes a project or user known, or changes what is known of it. */
public final class SaveName implements Workers.Blocking {
  private final DirectoryEntry.Kind kind;

  /** Saves one of {@code kind}. */
  public SaveName(DirectoryEntry.Kind kind) {
    this.kind = kind;
  }

  @Override
  public Answer answer(Asked asked) {
    DirectoryEntry wanted = NameForm.read(asked, kind);
    boolean added = asked.reach().directory().save(wanted);
    DirectoryEntry saved =
        asked
            .reach()
            .directory()
            .find(kind, wanted.name())
            .orElseThrow(() -> NameForm.unknown(kind, wanted.name()));
    Answer shown = Answer.line(to -> NameLine.write(to, saved));
    return added ? new Answer(201, shown.headers(), shown.body()) : shown;
  }
}
