package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.Attribution;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Builds the accounting from properties and beans. */
final class AccountingAssembly {
  /** The name of the bean that is built. */
  static final String BEAN = "llmAccounting";

  private static final String PREFIX = LlmAccountingProperties.PREFIX;
  private static final String HOOK = "spring.main.register-shutdown-hook";

  private final LlmAccountingProperties properties;
  private final ConfigurableListableBeanFactory beans;
  private final Environment environment;

  AccountingAssembly(
      LlmAccountingProperties properties,
      ConfigurableListableBeanFactory beans,
      Environment environment) {
    this.properties = properties;
    this.beans = beans;
    this.environment = environment;
  }

  /** The accounting, which owns its backend and its spool. */
  LlmAccounting build() {
    LlmAccountingBuilder builder = LlmAccounting.builder(backend());
    times(builder);
    rules(builder);
    Spool spool = spool();
    if (spool != null && properties.spool().always()) {
      builder.spoolAlways(spool);
    } else if (spool != null) {
      builder.spool(spool);
    }
    if (properties.mode() == LlmAccountingProperties.RecordingMode.BUFFERED) {
      SettingException.with(PREFIX + "buffer", buffering(), builder::buffered);
    }
    beans.getBeanProvider(Pricing.class).ifAvailable(builder::pricing);
    beans.getBeanProvider(CallListener.class).orderedStream().forEach(builder::listener);
    if (environment.getProperty(HOOK, Boolean.class, true)) {
      builder.withoutShutdownHook();
    }
    beans
        .getBeanProvider(LlmAccountingCustomizer.class)
        .orderedStream()
        .forEach(customizer -> customizer.customize(builder));
    return built(builder, spool);
  }

  private java.util.function.Supplier<? extends UsageBackend> backend() {
    UsageBackend open = beans.getBeanProvider(UsageBackend.class).getIfAvailable();
    if (open != null) {
      return () -> open;
    }
    BackendOpener own = beans.getBeanProvider(BackendOpener.class).getIfAvailable();
    BackendOpener opener =
        own != null
            ? own
            : new BackendChoice(properties, beans, new JdbcUrls(environment), BEAN).choose();
    return opener::open;
  }

  private void times(LlmAccountingBuilder builder) {
    SettingException.with(PREFIX + "timeout", properties.timeout(), builder::timeout);
    SettingException.with(
        PREFIX + "close-timeout", properties.closeTimeout(), builder::closeTimeout);
    SettingException.with(PREFIX + "staleness", properties.staleness(), builder::staleness);
    SettingException.with(PREFIX + "hold-time", properties.holdTime(), builder::holdTime);
    SettingException.with(
        PREFIX + "remember-denials", properties.rememberDenials(), builder::rememberDenials);
  }

  private void rules(LlmAccountingBuilder builder) {
    builder.onError(properties.onError());
    builder.reportedCosts(properties.reportedCosts());
    SettingException.with(
        PREFIX + "defaults", properties.defaults(), said -> builder.defaults(of(said)));
    SettingException.with(PREFIX + "actor", properties.actor(), builder::actor);
    SettingException.with(
        PREFIX + "denied-subjects", properties.deniedSubjects(), builder::deniedSubjects);
    if (properties.enforceNames()) {
      builder.enforceNames();
    }
    if (properties.admitWhileLimitsAreUnknown()) {
      builder.admitWhileLimitsAreUnknown();
    }
    expectedTokens(builder, properties.expectedTokens());
  }

  private static void expectedTokens(
      LlmAccountingBuilder builder, LlmAccountingProperties.ExpectedTokens tokens) {
    Long input = tokens.input();
    Long output = tokens.output();
    if (input != null && output != null) {
      SettingException.with(
          PREFIX + "expected-tokens", tokens, all -> builder.expectedTokens(input, output));
    } else if (input != null || output != null) {
      throw new SettingException(
          PREFIX + "expected-tokens", tokens, "must have both input and output, or neither");
    }
  }

  private static Attribution of(LlmAccountingProperties.Defaults said) {
    return new Attribution(said.project(), said.user(), said.caller(), said.session(), said.tags());
  }

  private Buffering buffering() {
    LlmAccountingProperties.Buffer said = properties.buffer();
    try {
      return new Buffering(
          said.records(),
          said.size().toBytes(),
          said.flushRecords(),
          said.flushAge(),
          said.whenFull());
    } catch (IllegalArgumentException e) {
      throw new SettingException(PREFIX + "buffer", said, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable Spool spool() {
    Spool own = beans.getBeanProvider(Spool.class).getIfAvailable();
    String folder = properties.spool().folder();
    if (own != null || folder == null) {
      return own;
    }
    if (!ClassUtils.isPresent("io.llmaccounting.sqlite.SqliteSpool", beans.getBeanClassLoader())) {
      throw new SettingException(
          PREFIX + "spool.folder", folder, "needs accounting-sqlite on the class path");
    }
    return SqliteOpening.spool(folder, properties.spool());
  }

  private static LlmAccounting built(LlmAccountingBuilder builder, @Nullable Spool spool) {
    try {
      return builder.build();
    } catch (RuntimeException e) {
      if (spool != null) {
        spool.close();
      }
      throw e;
    }
  }
}
