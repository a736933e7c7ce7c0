package io.llmaccounting.cli.sinks;

import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Failure;

/** Finds sinks in the database of a run. */
final class SinkStores {
  private SinkStores() {}

  /** What keeps the sinks. */
  static SinkBackend of(Run run) {
    // both kinds of database keep sinks
    return (SinkBackend) run.backend();
  }

  /** The state of a sink, which must be open. */
  static SinkState state(Run run, String name) {
    return of(run).outbox().sinks().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  static Failure unknown(String name) {
    return Failure.failed(
        "there is no sink " + name, "See 'llm-accounting sinks list'; 'sinks open' makes one.");
  }
}
