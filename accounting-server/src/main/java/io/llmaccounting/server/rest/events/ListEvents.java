package io.llmaccounting.server.rest.events;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Cursor;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Lists calls, newest first. */
public final class ListEvents implements Workers.Blocking {
  private static final int USUAL = 100;
  private static final int MOST = 1_000;

  @Override
  public Answer answer(Asked asked) {
    JsonFields query = asked.query();
    Long limit = query.optionalNumber("limit", 1, MOST);
    int most = limit == null ? USUAL : limit.intValue();
    UsageQuery wanted =
        UsageQuery.latest(most + 1)
            .in(UsageParameters.period(query))
            .only(UsageParameters.filter(query));
    String after = query.optionalText("after");
    if (after != null) {
      wanted = wanted.before(position(after));
    }
    List<UsageHistory> found = asked.reach().usage().find(wanted);
    List<UsageHistory> page = found.size() > most ? found.subList(0, most) : found;
    return Answer.ok(
        to -> {
          to.beginList("events");
          for (UsageHistory one : page) {
            UsageLine.write(to, one);
          }
          to.endList();
          if (found.size() > most) {
            to.text("next", cursor(page.get(most - 1)));
          }
        });
  }

  private static String cursor(UsageHistory last) {
    UsageQuery.Position position = UsageQuery.Position.of(last.record());
    return Cursor.of(position.at(), position.id());
  }

  private static UsageQuery.Position position(String after) {
    List<String> parts = Cursor.parts(after, 2);
    try {
      return new UsageQuery.Position(Instant.parse(parts.get(0)), UUID.fromString(parts.get(1)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Cursor.wrong(after);
    }
  }
}
