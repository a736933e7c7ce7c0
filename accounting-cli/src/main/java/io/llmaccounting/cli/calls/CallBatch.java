package io.llmaccounting.cli.calls;

import io.llmaccounting.BulkReceipt;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Records calls, many in a transaction; where one of them cannot be, each for itself. For one
 * thread.
 */
final class CallBatch {
  private static final int MOST = 500;

  private final Run run;
  private final Complaints complaints;
  private final List<Numbered> waiting = new ArrayList<>();
  private long recorded;
  private long duplicates;
  private long failed;

  /** Is told which line could not be recorded, and why. */
  interface Complaints {
    void about(long line, String message);
  }

  /** Reads one call; what it throws concerns that call alone. */
  interface Source {
    ReadCall read() throws IOException;
  }

  private record Numbered(long line, Usage usage) {}

  CallBatch(Run run, Complaints complaints) {
    this.run = run;
    this.complaints = complaints;
  }

  void add(long line, Source source) {
    ReadCall call;
    try {
      call = source.read();
    } catch (IOException | RuntimeException e) {
      fail(line, e);
      return;
    }
    // names are checked for calls one by one, and a time that was not given is no content
    boolean alone = run.globals().enforcesNames() || !call.timeIsGiven();
    if (alone) {
      flush();
      track(line, () -> call.track(run.accounting()));
      return;
    }
    try {
      waiting.add(new Numbered(line, call.usage(run.accounting())));
    } catch (RuntimeException e) {
      fail(line, e);
    }
    if (waiting.size() == MOST) {
      flush();
    }
  }

  /** Records what waits. */
  void flush() {
    List<Numbered> batch = List.copyOf(waiting);
    waiting.clear();
    if (batch.isEmpty()) {
      return;
    }
    try {
      BulkReceipt receipt =
          run.accounting().trackAll(batch.stream().map(Numbered::usage).iterator());
      if (receipt.conflictCount() == 0) {
        recorded += receipt.recorded();
        duplicates += receipt.duplicates();
        return;
      }
      count(batch, receipt);
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      oneByOne(batch);
    } catch (IllegalArgumentException e) {
      oneByOne(batch);
    }
  }

  private void count(List<Numbered> batch, BulkReceipt receipt) {
    recorded += receipt.recorded();
    duplicates += receipt.duplicates();
    receipt
        .conflicts()
        .forEach(
            conflict ->
                batch.stream()
                    .filter(one -> one.usage().id().equals(conflict.refused().id()))
                    .findFirst()
                    .ifPresent(one -> fail(one.line(), conflict)));
  }

  private void oneByOne(List<Numbered> batch) {
    batch.forEach(one -> track(one.line(), () -> run.accounting().track(one.usage())));
  }

  private void track(long line, Supplier<Receipt> tracking) {
    try {
      if (tracking.get().status() == Receipt.Status.DUPLICATE) {
        duplicates++;
      } else {
        recorded++;
      }
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      fail(line, e);
    } catch (RuntimeException e) {
      fail(line, e);
    }
  }

  private void fail(long line, Exception error) {
    failed++;
    complaints.about(line, error.getMessage() == null ? error.toString() : error.getMessage());
  }

  long recorded() {
    return recorded;
  }

  long duplicates() {
    return duplicates;
  }

  long failed() {
    return failed;
  }
}
