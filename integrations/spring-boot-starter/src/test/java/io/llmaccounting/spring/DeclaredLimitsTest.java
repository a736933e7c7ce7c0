package io.llmaccounting.spring;

import static io.llmaccounting.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import io.llmaccounting.yaml.LimitSetYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** Limits that an application declares in its YAML, as Spring Boot reads that. */
class DeclaredLimitsTest {
  private static final String ALL =
      """
      spring.application.name: search
      llm.accounting:
        limit-zone: Europe/Berlin
        limits:
          - name: team monthly
            metric: cost
            max: 500.10
            project: search
            calendar: 1 month
            starting: 31 06:00
            alerts: [50, 80%]
            unpriced: 0.000001
          - name: afternoon
            metric: requests
            max: 20
            calendar: day
            starting: 16:30
            zone: UTC
            each: [user, "tag:team"]
            on-outage: open:5
          - name: weighed
            metric: weighted-tokens
            max: 200000
            rolling: 1h30m
            grain: 30s
            model: gpt-*
            tags: {tier: batch}
            absent: [caller]
            weights: {input: 1, output: 4, cache-read: 0.1}
            action: warn
          - name: everything
            metric: total-tokens
            max: 50000000
            rolling-months: 1
            leased: true
          - name: by lifetime
            metric: input-tokens
            max: unlimited
            lifetime: true
            user: carol
      """;

  private final InMemoryStorage storage = InMemoryBackend.create().storage();
  private final AtomicBoolean away = new AtomicBoolean();

  @TempDir Path folder;

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(LlmAccountingAutoConfiguration.class)
  static class Application {}

  @Test
  void areWhatAFileOfLimitsWithTheSameFieldsSays() throws IOException {
    String file = "set: search\nzone: Europe/Berlin\n" + ALL.substring(ALL.indexOf("  limits:"));

    try (ConfigurableApplicationContext context = start(ALL)) {
      assertThat(context.getBean(LlmAccounting.class).limits().list())
          .containsExactlyElementsOf(LimitSetYaml.read(file.replace("\n  ", "\n")).limits());
    }
  }

  @Test
  void areMadeChangedAndRemovedAndOthersLeftAlone() throws IOException {
    try (ConfigurableApplicationContext context = start(limits("one", "two"))) {
      LlmAccounting accounting = context.getBean(LlmAccounting.class);
      accounting.limits().save(Limit.named("by hand").requests(9).rolling(Duration.ofHours(1)));
    }
    try (ConfigurableApplicationContext context = start(limits("two", "three"))) {
      assertThat(names(context)).containsExactly("by hand", "three", "two");
    }
    try (ConfigurableApplicationContext context =
        start("spring.application.name: search\nllm.accounting.mode: durable")) {
      assertThat(names(context)).containsExactly("by hand");
    }
  }

  @Test
  void ofNobodyAreRefusedBecauseAnotherApplicationCouldRemoveThem() {
    assertThat(failure(limits("one").replace("spring.application.name: search", "")))
        .isEqualTo("llm.accounting.limit-set");
  }

  @Test
  void thatAreWrongAreToldAllAtOnce() {
    Throwable failure =
        catchThrowable(() -> start(limits("one", "two").replace("rolling: 1h", "rolling: soon")));

    assertThat(failure)
        .hasStackTraceContaining("llm.accounting.limits")
        .hasStackTraceContaining("\"one\".rolling")
        .hasStackTraceContaining("\"two\".rolling");
  }

  @Test
  void thatSomebodyMadeByHandAreTakenOverOnlyIfThatIsSaid() throws IOException {
    try (ConfigurableApplicationContext context = start(limits())) {
      context
          .getBean(LlmAccounting.class)
          .limits()
          .save(Limit.named("one").requests(9).rolling(Duration.ofHours(1)));
    }

    assertThat(catchThrowable(() -> start(limits("one"))))
        .hasStackTraceContaining("llm.accounting.take-limits-over=true");
    try (ConfigurableApplicationContext context =
        start(limits("one") + "  take-limits-over: true\n")) {
      assertThat(context.getBean(LlmAccounting.class).limits().owned())
          .singleElement()
          .satisfies(owned -> assertThat(owned.set()).contains("spring-boot:search"));
    }
  }

  @Test
  void areAppliedOnceTheDatabaseIsBack() throws IOException {
    away.set(true);
    try (ConfigurableApplicationContext context = start(limits("one"))) {
      LlmAccounting accounting = context.getBean(LlmAccounting.class);
      assertThat(accounting.health().isWell()).isFalse();

      away.set(false);

      eventually("the limits are there", () -> applied(accounting));
    }
  }

  private static boolean applied(LlmAccounting accounting) {
    try {
      return accounting.limits().list().size() == 1;
    } catch (BackendException e) {
      return false;
    }
  }

  private static List<String> names(ConfigurableApplicationContext context) {
    return context.getBean(LlmAccounting.class).limits().list().stream().map(Limit::name).toList();
  }

  private static String limits(String... names) {
    String each = "    - {name: %s, metric: requests, max: 5, rolling: 1h}\n";
    return "spring.application.name: search\nllm.accounting:\n  limits:"
        + (names.length == 0 ? " []" : "")
        + "\n"
        + Stream.of(names).map(each::formatted).collect(Collectors.joining());
  }

  private String failure(String yaml) {
    Throwable failure = catchThrowable(() -> start(yaml));
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SettingException setting) {
        return setting.property();
      }
    }
    throw new AssertionError("no property is named", failure);
  }

  private ConfigurableApplicationContext start(String yaml) throws IOException {
    Path file = folder.resolve("application.yaml");
    Files.writeString(file, yaml);
    SpringApplication application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.addInitializers(
        context -> {
          GenericApplicationContext beans = (GenericApplicationContext) context;
          beans.registerBean(BackendOpener.class, () -> this::open);
        });
    return application.run("--spring.config.location=" + file.toUri());
  }

  private UsageBackend open() {
    if (away.get()) {
      throw new BackendException(BackendException.Kind.UNREACHABLE, "away for the test");
    }
    return InMemoryBackend.open(storage, InstantSource.system());
  }
}
