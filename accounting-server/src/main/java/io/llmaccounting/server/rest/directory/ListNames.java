package io.llmaccounting.server.rest.directory;

import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.NameLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Cursor;
import io.llmaccounting.server.rest.http.Workers;
import java.util.List;

/** Lists projects or users by name. */
public final class ListNames implements Workers.Blocking {
  private static final int USUAL = 100;

  private final DirectoryEntry.Kind kind;
  private final String list;

  /** Lists those of {@code kind} in a field of the name {@code list}. */
  public ListNames(DirectoryEntry.Kind kind, String list) {
    this.kind = kind;
    this.list = list;
  }

  @Override
  public Answer answer(Asked asked) {
    JsonFields query = asked.query();
    Long limit = query.optionalNumber("limit");
    int most = limit == null ? USUAL : limit.intValue();
    String after = query.optionalText("after");
    String last = after == null ? "" : Cursor.parts(after, 1).get(0);
    Boolean active = query.optionalFlag("active");
    List<DirectoryEntry> found =
        asked.reach().directory().list(kind).stream()
            .filter(entry -> entry.name().compareTo(last) > 0)
            .filter(entry -> active == null || entry.active() == active)
            .limit(most + 1L)
            .toList();
    return Answer.ok(
        to -> {
          to.beginList(list);
          for (DirectoryEntry entry : found.subList(0, Math.min(most, found.size()))) {
            NameLine.write(to, entry);
          }
          to.endList();
          if (found.size() > most) {
            to.text("next", Cursor.of(found.get(most - 1).name()));
          }
        });
  }
}
