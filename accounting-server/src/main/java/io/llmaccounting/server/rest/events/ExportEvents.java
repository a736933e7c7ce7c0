package io.llmaccounting.server.rest.events;

import io.llmaccounting.json.UsageLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.http.Pages;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.server.rest.reach.UsageReach;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageQuery;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes calls as lines, newest first, however many there are. */
public final class ExportEvents implements Handler {
  private static final int AT_ONCE = 500;

  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    UsageQuery first =
        UsageQuery.latest(AT_ONCE)
            .in(UsageParameters.period(asked.query()))
            .only(UsageParameters.filter(asked.query()));
    return CompletableFuture.completedFuture(
        Answer.paged("application/x-ndjson", new Lines(asked.reach().usage(), first)));
  }

  /** Reads a page at a time, so that a slow client keeps nothing open in the store. */
  private static final class Lines implements Pages {
    private final UsageReach usage;
    private @Nullable UsageQuery wanted;

    Lines(UsageReach usage, UsageQuery first) {
      this.usage = usage;
      this.wanted = first;
    }

    @Override
    public @Nullable Buffer next() {
      UsageQuery query = wanted;
      if (query == null) {
        return null;
      }
      List<UsageHistory> page = usage.find(query);
      if (page.isEmpty()) {
        return null;
      }
      wanted =
          page.size() < AT_ONCE
              ? null
              : query.before(UsageQuery.Position.of(page.get(page.size() - 1).record()));
      Buffer lines = Buffer.buffer();
      for (UsageHistory one : page) {
        lines.appendBuffer(Answer.bytes(to -> UsageLine.write(to, one)));
      }
      return lines;
    }
  }
}
