package io.llmaccounting.cli.calls;

import io.llmaccounting.BulkReceipt;
import io.llmaccounting.TrackedCall;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.json.UsageLine.Tracked;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records calls, many in a transaction; where one of them cannot be recorded, each in a transaction
 * of its own. For one thread.
 */
final class CallBatch {
  private static final int MOST = 500;

  private final Run run;
  private final Complaints complaints;
  private final List<Numbered> waiting = new ArrayList<>();
  private long recorded;
  private long superseded;
  private long duplicates;
  private long failed;

  /** Is told which line could not be recorded, and why. */
  interface Complaints {
    void about(long line, String message);
  }

  private record Numbered(long line, Tracked call) {
    Usage usage() {
      return call.usage();
    }
  }

  CallBatch(Run run, Complaints complaints) {
    this.run = run;
    this.complaints = complaints;
  }

  void add(long line, Tracked call) {
    waiting.add(new Numbered(line, call));
    // such calls go one by one: names are checked for single calls only, and a time that was not
    // given is not part of the content
    boolean timeIsContent = call.timeIsGiven() || call.usage().key() == null;
    if (run.globals().enforcesNames() || !timeIsContent || waiting.size() == MOST) {
      flush();
    }
  }

  /** Records the calls that wait. */
  void flush() {
    List<Numbered> batch = List.copyOf(waiting);
    waiting.clear();
    boolean together =
        !run.globals().enforcesNames()
            && batch.stream().allMatch(one -> one.call.timeIsGiven() || one.usage().key() == null);
    if (!together || !recordTogether(batch)) {
      batch.forEach(this::recordAlone);
    }
  }

  private boolean recordTogether(List<Numbered> batch) {
    try {
      count(batch, run.accounting().trackAll(batch.stream().map(Numbered::usage).toList()));
      return true;
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      return false;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void count(List<Numbered> batch, BulkReceipt receipt) {
    recorded += receipt.recorded();
    superseded += receipt.superseded();
    duplicates += receipt.duplicates();
    receipt.conflicts().forEach(conflict -> refuse(batch, conflict.refused(), conflict));
    receipt.tooOld().forEach(tooOld -> refuse(batch, tooOld.refused(), tooOld));
  }

  private void refuse(List<Numbered> batch, Usage refused, Exception reason) {
    batch.stream()
        .filter(one -> one.usage().id().equals(refused.id()))
        .findFirst()
        .ifPresent(one -> fail(one.line(), reason));
  }

  private void recordAlone(Numbered one) {
    try {
      Receipt receipt =
          one.call.timeIsGiven()
              ? run.accounting().track(one.usage())
              : withoutTime(run.accounting().track(), one.usage()).record();
      switch (receipt.status()) {
        case DUPLICATE -> duplicates++;
        case SUPERSEDED -> superseded++;
        default -> recorded++;
      }
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      fail(one.line(), e);
    } catch (RuntimeException e) {
      fail(one.line(), e);
    }
  }

  private static TrackedCall withoutTime(TrackedCall call, Usage usage) {
    usage.extras().forEach(call::extra);
    if (usage.tokens() != null) {
      call.tokens(usage.tokens());
    }
    if (usage.localInputTokens() != null) {
      call.localInputTokens(usage.localInputTokens());
    }
    if (usage.localOutputTokens() != null) {
      call.localOutputTokens(usage.localOutputTokens());
    }
    if (usage.givenCost() != null) {
      call.cost(usage.givenCost());
    }
    if (usage.reportedCost() != null) {
      call.reportedCost(usage.reportedCost());
    }
    optional(usage.key(), call::key);
    optional(usage.responseModel(), call::responseModel);
    optional(usage.provider(), call::provider);
    optional(usage.operation(), call::operation);
    return call.model(usage.model())
        .source(usage.source())
        .parts(usage.parts())
        .outcome(usage.outcome())
        .details(usage.details())
        .attribution(usage.attribution());
  }

  private static void optional(@Nullable String value, Consumer<String> field) {
    if (value != null) {
      field.accept(value);
    }
  }

  /** Counts a line that could not be read or recorded. */
  void fail(long line, Exception error) {
    failed++;
    complaints.about(line, error.getMessage() == null ? error.toString() : error.getMessage());
  }

  long recorded() {
    return recorded;
  }

  long superseded() {
    return superseded;
  }

  long duplicates() {
    return duplicates;
  }

  long failed() {
    return failed;
  }
}
