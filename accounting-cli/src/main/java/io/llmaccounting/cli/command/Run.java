package io.llmaccounting.cli.command;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.cli.command.Database.Access;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.cli.readonly.ReadOnlyDatabase;
import io.llmaccounting.providers.prices.PriceCatalog;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of one command: its surroundings, its database, its answers. For one thread. */
public final class Run implements AutoCloseable {
  private final Console console;
  private final Globals globals;
  private final CallDefaults defaults;
  private final Access access;
  private final Answers answers;
  private AuditSettings auditKeys = AuditSettings.defaults();
  private @Nullable UsageBackend backend;
  private @Nullable UsageBackend audit;
  private @Nullable TrialFolder trial;
  private @Nullable LlmAccounting accounting;
  private @Nullable PriceCatalog prices;

  Run(Console console, Globals globals, CallDefaults defaults, Access access) {
    this.console = console;
    this.globals = globals;
    this.defaults = defaults;
    this.access = access;
    this.answers = new Answers(console, globals.printing());
  }

  /** The world outside. */
  public Console console() {
    return console;
  }

  /** The options that every command knows. */
  public Globals globals() {
    return globals;
  }

  /** The database, opened when first asked for. */
  public UsageBackend backend() {
    if (backend == null) {
      Database database = Database.chosen(console, globals);
      if (access == Access.TRYING && database.isAbsent()) {
        note(database.absence() + "; tried with an empty one");
        trial = new TrialFolder();
        backend = database.at(trial.database()).open(Access.CREATING);
      } else {
        backend = database.open(access);
      }
    }
    return backend;
  }

  /** The database, for questions that must change nothing. */
  public ReadOnlyDatabase readOnly() {
    return Database.chosen(console, globals).readOnly();
  }

  /** The file of the database, which must exist; null where the database is no file. */
  public @Nullable Path databaseFile() {
    Database database = Database.chosen(console, globals);
    return database.isPostgres() ? null : Database.existing(database.file());
  }

  /** How the schema of the database stands, which is neither created nor changed by this. */
  public SchemaVersion schemaVersion() {
    return Database.chosen(console, globals).schemaVersion();
  }

  /** A bar on standard error for work of {@code total} steps; close it. */
  public ProgressBar progress(String title, long total) {
    return answers.progress(title, total);
  }

  /** The accounting on the database, made when first asked for. */
  public LlmAccounting accounting() {
    if (accounting == null) {
      LlmAccountingBuilder builder =
          LlmAccounting.builder(backend())
              .clock(console.clock())
              .defaults(defaults.attribution())
              .actor(actor())
              .pricing(new LatePricing(this::prices));
      builder.audit(auditSettings());
      Database ofAudit = Database.ofAudit(console, globals);
      if (ofAudit != null) {
        audit = ofAudit.open(Access.CREATING);
        builder.audit(audit.audit());
      }
      accounting = globals.enforceNames ? builder.enforceNames().build() : builder.build();
    }
    return accounting;
  }

  private String actor() {
    if (globals.actor != null) {
      return globals.actor;
    }
    String user = System.getProperty("user.name", "");
    return user.isBlank() ? "llm-accounting" : user;
  }

  private AuditSettings auditSettings() {
    String key = console.variable("LLM_ACCOUNTING_AUDIT_KEY");
    if (key == null) {
      return auditKeys;
    }
    AuditKey sealing = AuditKey.read(key, console);
    return auditKeys.sealed(sealing.name(), sealing.secret());
  }

  /** Adds a secret that audit entries were sealed with, as {@code NAME=FILE}. */
  public void knowAuditKey(String key) {
    AuditKey known = AuditKey.read(key, console);
    auditKeys = auditKeys.knowing(known.name(), known.secret());
  }

  /** The prices: those of the files that were named, then the bundled ones. */
  public PriceCatalog prices() {
    if (prices == null) {
      PriceCatalog catalog = PriceCatalog.bundled();
      for (String file : globals.priceFiles) {
        catalog = catalog.with(console.file(file));
      }
      prices = catalog;
    }
    return prices;
  }

  /** Begins to read the bundled prices, while something else is done that takes as long. */
  public void readPricesAhead() {
    Thread reader = new Thread(PriceCatalog::bundled, "llm-accounting-prices");
    reader.setDaemon(true);
    reader.start();
  }

  /** A sheet of any number of rows. */
  public Sheet rows(List<Column> columns) {
    return answers.rows(columns);
  }

  /** A sheet of exactly one row. */
  public Sheet record(List<Column> columns) {
    return answers.record(columns);
  }

  /** Prints answers without rows, once nothing can fail any more. */
  void end() {
    answers.end();
  }

  /** {@code text} for standard error, in a tone where that has colours. */
  public String inTone(Tone tone, String text) {
    return answers.inTone(tone, text);
  }

  /** Tells people something that is neither an answer nor an error. */
  public void note(String text) {
    answers.note(text);
  }

  /** Closes what was opened. */
  @Override
  public void close() {
    try {
      if (accounting != null) {
        accounting.close();
      } else if (backend != null) {
        backend.close();
      }
    } finally {
      if (audit != null) {
        audit.close();
      }
      if (trial != null) {
        trial.close();
      }
    }
  }
}
