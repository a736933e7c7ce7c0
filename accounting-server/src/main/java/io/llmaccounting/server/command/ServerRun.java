package io.llmaccounting.server.command;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.cli.command.Answers;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.server.config.LoadedSettings;
import io.llmaccounting.server.config.SettingSources;
import io.llmaccounting.server.config.SettingsReader;
import io.llmaccounting.server.process.Accountings;
import io.llmaccounting.server.process.Front;
import io.llmaccounting.server.process.Stores;
import io.llmaccounting.server.sealing.KeySource;
import io.llmaccounting.server.sealing.SealedCredentials;
import io.llmaccounting.server.sealing.Sealing;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of one command: its surroundings, its settings, its store, its answers. For one thread.
 */
final class ServerRun implements AutoCloseable {
  private final ServerRoot root;
  private final Map<String, String> options;
  private final boolean mayCreate;
  private final Answers answers;
  private final SecureRandom random = new SecureRandom();
  private @Nullable LoadedSettings settings;
  private @Nullable LlmAccounting accounting;

  ServerRun(ServerRoot root, Map<String, String> options, boolean mayCreate) {
    this.root = root;
    this.options = options;
    this.mayCreate = mayCreate;
    this.answers = new Answers(root.console(), root.globals().printing);
  }

  Console console() {
    return root.console();
  }

  ServerGlobals globals() {
    return root.globals();
  }

  Stores stores() {
    return root.stores();
  }

  Front front() {
    return root.front();
  }

  Answers answers() {
    return answers;
  }

  /** The settings, read when first asked for. */
  LoadedSettings settings() {
    if (settings == null) {
      Map<String, String> all = new LinkedHashMap<>(root.globals().options());
      all.putAll(options);
      String file = root.globals().config;
      settings =
          SettingsReader.read(
              new SettingSources(
                  all,
                  console().environment(),
                  file == null ? console().variable("LLM_ACCOUNTING_CONFIG") : file,
                  console().folder()));
    }
    return settings;
  }

  /** The accounting on the store, made when first asked for. */
  LlmAccounting accounting() {
    if (accounting == null) {
      accounting =
          Accountings.forCommand(
              settings().settings(),
              stores().open(settings().settings().store(), mayCreate),
              console().clock(),
              actor());
    }
    return accounting;
  }

  /**
   * The credentials that are stored; empty where there is no database yet, or where it cannot be
   * asked, which is noted.
   */
  List<ProviderCredential> stored() {
    if (stores().isAbsent(settings().settings().store())) {
      return List.of();
    }
    try {
      return accounting().credentials().list();
    } catch (BackendException | Failure e) {
      answers.note("Stored credentials are left out: " + e.getMessage());
      return List.of();
    }
  }

  /** Who does it, for audit entries. */
  String actor() {
    if (root.globals().actor != null) {
      return root.globals().actor;
    }
    String user = System.getProperty("user.name", "");
    return user.isBlank() ? ServerRoot.NAME : user;
  }

  /** Where sealing keys come from. */
  KeySource keySource() {
    return KeySource.of(settings().settings(), random);
  }

  /** The credentials of projects. */
  SealedCredentials credentials() {
    return new SealedCredentials(accounting().credentials(), keySource(), new Sealing(random));
  }

  /** Closes what was opened. */
  @Override
  public void close() {
    if (accounting != null) {
      accounting.close();
    }
  }
}
