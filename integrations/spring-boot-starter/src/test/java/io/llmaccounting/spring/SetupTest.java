package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageQuery;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What an application has with the starter, by its properties and its beans. */
class SetupTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(LlmAccountingAutoConfiguration.class));

  @TempDir Path folder;

  @Test
  void keepsUsageInMemoryInTests() {
    runner.run(
        context -> {
          LlmAccounting accounting = context.getBean(LlmAccounting.class);
          record(accounting);

          assertThat(accounting.tail()).hasSize(1);
        });
  }

  @Test
  void keepsUsageInTheFileOfThePath() {
    Path file = folder.resolve("data/usage.db");
    ApplicationContextRunner onFile =
        runner.withPropertyValues(
            "llm.accounting.sqlite.path=" + file, "llm.accounting.sqlite.create-folders=true");

    onFile.run(context -> record(context.getBean(LlmAccounting.class)));

    assertThat(file).exists();
    onFile.run(context -> assertThat(context.getBean(LlmAccounting.class).tail()).hasSize(1));
  }

  @Test
  void leavesADataSourceAloneThatLeadsElsewhere() {
    runner
        .withBean(DataSource.class, () -> new DriverManagerDataSource("jdbc:h2:mem:own"))
        .withPropertyValues("llm.accounting.sqlite.path=" + folder.resolve("usage.db"))
        .run(context -> record(context.getBean(LlmAccounting.class)));

    assertThat(folder.resolve("usage.db")).exists();
  }

  @Test
  void startsWhileTheServerIsAwayAndKnowsItsDataSourceBehindAnother() {
    runner
        .withBean(DataSource.class, () -> new DelegatingDataSource(away()))
        .withPropertyValues("llm.accounting.sqlite.path=" + folder.resolve("usage.db"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(LlmAccounting.class).health().isWell()).isFalse();
            });

    assertThat(folder.resolve("usage.db")).doesNotExist();
  }

  @Test
  void asksWhichOfSeveralDataSourcesIsMeant() {
    ApplicationContextRunner two =
        runner
            .withBean("orders", DataSource.class, SetupTest::away)
            .withBean("invoices", DataSource.class, SetupTest::away);

    two.run(
        context ->
            assertThat(context.getStartupFailure())
                .rootCause()
                .hasMessageContainingAll(
                    "llm.accounting.postgres.data-source", "orders, invoices", "@Primary"));
    two.withPropertyValues("llm.accounting.postgres.data-source=invoices")
        .run(context -> assertThat(context).hasNotFailed());
    two.withBean(
            "main", DataSource.class, SetupTest::away, definition -> definition.setPrimary(true))
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void takesTheDataSourceOfPostgresAlthoughAnotherIsPrimary() {
    runner
        .withBean(
            "orders",
            DataSource.class,
            () -> new DriverManagerDataSource("jdbc:h2:mem:own"),
            definition -> definition.setPrimary(true))
        .withBean("usage", DataSource.class, SetupTest::away)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(LlmAccounting.class).health().store().reason())
                  .contains("localhost:1");
            });
  }

  @Test
  void takesWhatTheApplicationHasBeansOf() {
    InMemoryBackend own = InMemoryBackend.create();
    Pricing free = usage -> Optional.empty();
    runner
        .withBean(UsageBackend.class, () -> own)
        .withBean(Pricing.class, () -> free)
        .run(
            context -> {
              record(context.getBean(LlmAccounting.class));

              assertThat(own.usage().latest(UsageQuery.latest(9))).hasSize(1);
              assertThat(context).hasSingleBean(Pricing.class);
            });
    LlmAccounting whole = LlmAccounting.create(InMemoryBackend.create());
    runner
        .withBean(LlmAccounting.class, () -> whole)
        .run(context -> assertThat(context.getBean(LlmAccounting.class)).isSameAs(whole));
  }

  @Test
  void knowsPricesAndDefaults() {
    runner
        .withPropertyValues(
            "llm.accounting.defaults.project=search",
            "llm.accounting.defaults.tags.team=blue",
            "llm.accounting.actor=deployment")
        .run(
            context -> {
              LlmAccounting accounting = context.getBean(LlmAccounting.class);
              record(accounting);

              RecordedUsage recorded = accounting.tail().get(0);
              assertThat(recorded.usage().attribution().project()).isEqualTo("search");
              assertThat(recorded.usage().attribution().tags()).containsEntry("team", "blue");
              assertThat(recorded.usage().cost())
                  .hasValueSatisfying(cost -> assertThat(cost).isGreaterThan(Cost.ZERO));
            });
  }

  @Test
  void isNotThereIfItIsSwitchedOff() {
    runner
        .withPropertyValues("llm.accounting.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(LlmAccounting.class));
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoPlace() {
    runner
        .withClassLoader(new FilteredClassLoader("io.llmaccounting.testkit"))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContainingAll(
                        "llm.accounting.backend",
                        "accounting-postgres",
                        "accounting-sqlite",
                        "llm.accounting.sqlite.path"));
  }

  @Test
  void doesNotStartOnAFileThatIsNone() {
    runner
        .withPropertyValues("llm.accounting.sqlite.path=" + folder)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(BackendException.class.getName()));
  }

  private static void record(LlmAccounting accounting) {
    accounting
        .begin(CallRequest.to("gpt-5-mini").provider("openai").user("alice"))
        .succeeded(TokenUsage.of(100, 20));
  }

  private static DataSource away() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://localhost:1/nowhere");
    return source;
  }
}
