package io.llmaccounting.server.rest.keys;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Cursor;
import io.llmaccounting.server.rest.http.Workers;
import java.util.List;
import java.util.UUID;

/** Lists keys by name, without their secrets. */
public final class ListKeys implements Workers.Blocking {
  private static final int USUAL = 100;
  private static final int MOST = 999;

  @Override
  public Answer answer(Asked asked) {
    JsonFields query = asked.query();
    Long limit = query.optionalNumber("limit");
    int most = limit == null ? USUAL : (int) Math.min(MOST, limit);
    String after = query.optionalText("after");
    AccessKeyQuery wanted =
        new AccessKeyQuery(
            query.optionalText("project"),
            query.optionalText("user"),
            after == null ? null : position(after),
            most + 1);
    List<AccessKey> found = asked.reach().keys().list(wanted);
    List<AccessKey> page = found.size() > most ? found.subList(0, most) : found;
    return Answer.ok(
        to -> {
          to.beginList("keys");
          for (AccessKey key : page) {
            to.beginObject();
            KeyForm.write(to, key);
            to.endObject();
          }
          to.endList();
          if (found.size() > most) {
            AccessKeyQuery.Position last = page.get(most - 1).position();
            to.text("next", Cursor.of(last.id(), last.name()));
          }
        });
  }

  private static AccessKeyQuery.Position position(String after) {
    List<String> parts = Cursor.parts(after, 2);
    try {
      return new AccessKeyQuery.Position(parts.get(1), UUID.fromString(parts.get(0)));
    } catch (IllegalArgumentException e) {
      throw Cursor.wrong(after);
    }
  }
}
