package io.llmaccounting.server.process;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.time.InstantSource;

/** Makes the accounting as settings say. */
public final class Accountings {
  private Accountings() {}

  /** The accounting of a command that changes or lists something; it prices nothing. */
  public static LlmAccounting forCommand(
      ServerSettings settings, UsageBackend backend, InstantSource clock, String actor) {
    LlmAccountingBuilder builder = LlmAccounting.builder(backend).clock(clock).actor(actor);
    return settings.enforceNames() ? builder.enforceNames().build() : builder.build();
  }

  /** The accounting of a running server, which is closed by it and by nothing else. */
  public static LlmAccounting forServer(
      ServerSettings settings,
      UsageBackend backend,
      InstantSource clock,
      AccountingListener listener) {
    LlmAccountingBuilder builder =
        LlmAccounting.builder(backend)
            .clock(clock)
            .listener(listener)
            .actor("llm-accounting-server")
            .pricing(prices(settings))
            .onError(settings.errorPolicy())
            .withoutShutdownHook();
    if (settings.buffered()) {
      builder.buffered();
    }
    if (settings.enforceNames()) {
      builder.enforceNames();
    }
    if (settings.store().spool() != null) {
      builder.spool(SqliteSpool.at(settings.store().spool()));
    }
    return builder.build();
  }

  /** The prices of the settings: their files, then the bundled ones. */
  public static PriceCatalog prices(ServerSettings settings) {
    PriceCatalog catalog = PriceCatalog.bundled();
    for (Path file : settings.prices()) {
      catalog = catalog.with(file);
    }
    return catalog;
  }
}
