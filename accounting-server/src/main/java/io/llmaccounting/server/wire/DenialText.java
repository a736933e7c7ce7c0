package io.llmaccounting.server.wire;

import io.llmaccounting.limit.Amount;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells a caller which limit has no room, for whom it is, what is left, and when there is room. */
final class DenialText {
  private DenialText() {}

  static String of(Decision.Denied denied) {
    return denied.exceeded().stream().map(DenialText::of).collect(Collectors.joining("; "));
  }

  private static String of(Exceeded one) {
    Limit limit = one.status().limit();
    String named =
        "limit \"%s\" (%s, %s%s)"
            .formatted(limit.name(), limit.metric(), limit.window(), scope(one));
    return switch (one.reason()) {
      case OUTAGE -> named + " cannot be checked at the moment";
      case UNPRICED ->
          named
              + " denies calls of unknown cost, and this model has no price; the server's operator"
              + " can add one to a file that the setting prices names, set the upstream's provider to"
              + " the one whose prices count, or set the limit's unpriced to admit";
      case SPENT -> named + spent(one);
    };
  }

  private static String scope(Exceeded one) {
    List<String> scope = new ArrayList<>();
    Limit limit = one.status().limit();
    limit.who().forEach((dimension, match) -> scope.add(dimension + " " + match));
    if (!one.status().subject().isEmpty()) {
      scope.add(one.status().subject());
    }
    return scope.isEmpty() ? "" : ", " + String.join(", ", scope);
  }

  private static String spent(Exceeded one) {
    Amount left = one.status().remaining();
    Amount most = new Amount(left.metric(), one.status().limit().maximum());
    Amount asked = new Amount(left.metric(), one.requested());
    String room =
        " has no room for %s: %s of %s left; "
            .formatted(asked, left.isDebt() ? new Amount(left.metric(), 0) : left, most);
    if (one.fits() == null) {
      return room + "it never fits";
    }
    Duration wait = Duration.between(one.status().at(), one.fits());
    return one.awaitsEnd()
        ? room + "there is when a call under way ends, in %s at the latest".formatted(words(wait))
        : room + "it fits in " + words(wait);
  }

  /** A duration as people say it, rounded up to seconds: {@code 2 d 3 h}, {@code 4 min 12 s}. */
  static String words(Duration wait) {
    long seconds = Refusal.retryAfterSeconds(wait);
    long[] sizes = {86_400, 3_600, 60, 1};
    String[] units = {" d", " h", " min", " s"};
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      long count = seconds / sizes[i];
      seconds %= sizes[i];
      if (count > 0) {
        parts.add(count + units[i]);
      }
    }
    return parts.isEmpty() ? "0 s" : String.join(" ", parts);
  }
}
