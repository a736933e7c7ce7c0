package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.EventLine;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.TimeRange;
import java.util.ArrayList;
import java.util.List;

/** Lists alerts that have fired, newest first. */
public final class ListAlerts implements Workers.Blocking {
  private static final int MOST = 10_000;

  private record Fired(Alert alert, boolean delivered) {}

  @Override
  public Answer answer(Asked asked) {
    TimeRange period = UsageParameters.period(asked.query());
    List<Fired> fired = new ArrayList<>();
    asked
        .reach()
        .limits()
        .alerts(
            (alert, delivered) -> {
              boolean wanted =
                  !alert.firedAt().isBefore(period.from()) && alert.firedAt().isBefore(period.to());
              if (wanted && fired.size() <= MOST) {
                fired.add(new Fired(alert, delivered));
              }
            });
    return Answer.ok(
        to -> {
          to.beginList("alerts");
          for (Fired one : fired.subList(0, Math.min(MOST, fired.size()))) {
            EventLine.write(to, one.alert(), one.delivered());
          }
          to.endList().flagIfSet("cut", fired.size() > MOST);
        });
  }
}
