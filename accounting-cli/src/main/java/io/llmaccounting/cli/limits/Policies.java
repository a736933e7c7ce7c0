package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.console.Legible;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.json.AmountText;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.usage.Cost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a limit does in special cases, in the words of the command line. */
final class Policies {
  private static final String OPEN = "open:";

  private Policies() {}

  static Limit applied(
      Limit limit, @Nullable String outage, @Nullable String unpriced, List<String> alerts) {
    Limit changed = outage == null ? limit : limit.onOutage(outage(limit.metric(), outage));
    changed = unpriced == null ? changed : changed.onUnpriced(unpriced(unpriced));
    return alerts.isEmpty()
        ? changed
        : changed.alertingAt(alerts.stream().map(Policies::percent).toArray(Integer[]::new));
  }

  private static OutagePolicy outage(Metric metric, String text) {
    if (text.equals("closed")) {
      return OutagePolicy.FAIL_CLOSED;
    }
    if (!text.startsWith(OPEN)) {
      throw new IllegalArgumentException(
          "--on-outage must be closed, or open:AMOUNT, was \"" + text + "\"");
    }
    return OutagePolicy.failOpen(
        AmountText.parse("--on-outage", metric, text.substring(OPEN.length())));
  }

  private static UnpricedPolicy unpriced(String text) {
    return switch (text) {
      case "deny" -> UnpricedPolicy.DENY;
      case "admit" -> UnpricedPolicy.ADMIT;
      default -> UnpricedPolicy.charge(Cost.ofNanos(AmountText.parse("", Metric.COST, text)));
    };
  }

  private static Integer percent(String text) {
    String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
    try {
      return Integer.valueOf(digits.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--alert must be a whole percentage such as 80%, was \"" + text + "\"", e);
    }
  }

  static String outageText(Limit limit) {
    OutagePolicy policy = limit.outage();
    return policy.isOpen() ? OPEN + AmountText.of(limit.metric(), policy.openAmount()) : "closed";
  }

  static Shown unpricedShown(Limit limit) {
    UnpricedPolicy policy = limit.unpriced();
    boolean charges = policy.kind() == UnpricedPolicy.Kind.CHARGE;
    return Shown.as(unpricedText(limit), charges ? Legible.cost(policy.ceiling()) : null);
  }

  static String unpricedText(Limit limit) {
    UnpricedPolicy policy = limit.unpriced();
    return switch (policy.kind()) {
      case DENY -> "deny";
      case ADMIT -> "admit";
      case CHARGE -> AmountText.of(Metric.COST, policy.ceiling().nanos());
    };
  }
}
