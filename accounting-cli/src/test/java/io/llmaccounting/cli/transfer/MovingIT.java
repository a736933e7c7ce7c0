package io.llmaccounting.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.audit.Seal;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.cli.Tool;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.RandomUsage;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history by chance moves from SQLite to PostgreSQL and back without loss. */
class MovingIT {
  private static final List<String> GROUPINGS =
      List.of(
          "model",
          "provider",
          "project",
          "user",
          "caller",
          "session",
          "response-model",
          "operation",
          "outcome",
          "source",
          "tag:a",
          "project,model,user",
          "caller,provider,tag:A,session");

  private static final byte[] SECRET =
      "thirty-two bytes are the best of it".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private final ManualClock clock = ManualClock.create();
  private TestDatabase first;
  private TestDatabase second;
  private TestDatabase third;

  @BeforeEach
  void make() throws IOException {
    first = TestDatabase.sqlite(Files.createDirectory(folder.resolve("first")));
    second = TestDatabase.postgres(folder);
    third = TestDatabase.sqlite(Files.createDirectory(folder.resolve("third")));
  }

  @AfterEach
  void drop() {
    second.close();
  }

  private Ran run(TestDatabase on, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new HashMap<>(on.environment()),
            folder,
            Console.Terminal.NONE,
            clock,
            clock);
    List<String> all = new ArrayList<>(on.options());
    all.addAll(List.of(arguments));
    int exit = new Tool(console).run(all.toArray(String[]::new));
    return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8))
        .exits(0);
  }

  /** What a database knows as lines, without the acts of whoever took it in. */
  private List<String> known(TestDatabase database) {
    return run(database, "export").lines().stream()
        .filter(line -> !line.contains("\"outcome\":\"usage restored\""))
        .filter(line -> !line.contains("\"outcome\":\"limit restored\""))
        .filter(line -> !line.startsWith("{\"kind\":\"e"))
        .toList();
  }

  private Map<String, String> stats(TestDatabase database) {
    Map<String, String> stats = new HashMap<>();
    for (String by : GROUPINGS) {
      stats.put(by, run(database, "--format", "json", "stats", "--spread", "--by", by).out());
    }
    stats.put("all", run(database, "--format", "json", "stats", "--spread").out());
    stats.put(
        "days",
        run(database, "--format", "json", "--zone", "Europe/Berlin", "stats", "--bucket", "day")
            .out());
    stats.put("tail", run(database, "--format", "json", "tail", "-n", "100000").out());
    return stats;
  }

  private Map<Limit, Long> used(UsageBackend backend) {
    Map<Limit, Long> used = new HashMap<>();
    try (LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build()) {
      accounting
          .quotas()
          .status(CallRequest.to("held").user("a").project("a"))
          .forEach(status -> used.put(status.limit(), status.used()));
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
    return used;
  }

  private UsageBackend postgres() {
    List<String> options = second.options();
    return PostgresBackend.connect(
        options.get(options.indexOf("--db") + 1),
        options.get(options.indexOf("--db-user") + 1),
        second.environment().get("LLM_ACCOUNTING_DB_PASSWORD"),
        PostgresSettings.defaults()
            .schema(options.get(options.indexOf("--db-schema") + 1))
            .clock(clock));
  }

  private UsageBackend sqlite(String name) {
    return SqliteBackend.open(
        folder.resolve(name).resolve("usage.db"), SqliteSettings.defaults().clock(clock));
  }

  /** Everything that a store can know, by chance. */
  private void live(long seed) {
    Random random = new Random(seed);
    try (LlmAccounting accounting =
        LlmAccounting.builder(sqlite("first"))
            .clock(clock)
            .random(random)
            .audit(AuditSettings.defaults().sealed("k", SECRET).denials())
            .build()) {
      RandomUsage calls = new RandomUsage(seed, clock.instant().minus(Duration.ofDays(31)));
      accounting.directory().addProject("a");
      accounting.directory().addUser("e\u0301 \u6f22");
      clock.advance(Duration.ofMinutes(1));
      accounting
          .directory()
          .deactivate(io.llmaccounting.directory.DirectoryEntry.Kind.PROJECT, "a");
      limits(accounting);
      HeldCall held = reserve(accounting, Duration.ofMinutes(20));
      HeldCall late = reserve(accounting, Duration.ofSeconds(1));
      reserve(accounting, Duration.ofSeconds(1));
      for (int i = 0; i < 150; i++) {
        clock.advance(Duration.ofSeconds(random.nextInt(5)));
        accounting.track(calls.next(i % 3 == 0 ? "key \u2603 " + i : null));
      }
      settle(held);
      settle(late);
      for (int i = 0; i < 3; i++) {
        accounting.quotas().reserve(CallRequest.to("never").user("b " + i));
      }
      Pricing price = call -> Optional.of(new PricedCost(Cost.ofNanos(7 + seed), "row \u2603"));
      accounting.admin().reprice(TimeRange.always()).by(price).apply();
      clock.advance(Duration.ofMinutes(1));
      Pricing later = call -> Optional.of(new PricedCost(Cost.ofNanos(9 + seed), "row 2"));
      accounting.admin().reprice(TimeRange.always()).by(later).pricedOnesToo().apply();
      accounting.audit().prompt("what? \ud83d\ude80 \u0000 \n").response("that").user("a").write();
    }
    forged(random);
  }

  /** What a verification says of sealed entries; who takes them in adds unsealed ones. */
  private List<Object> verified(UsageBackend backend, AuditHead head) {
    try (LlmAccounting accounting =
        LlmAccounting.builder(backend)
            .clock(clock)
            .audit(AuditSettings.defaults().knowing("k", SECRET))
            .build()) {
      AuditVerification found = accounting.audit().verify(head);
      return List.of(
          found.streams(), found.sealed(), found.keyless(), found.sinceHead(), found.damages());
    }
  }

  private AuditHead head() {
    try (LlmAccounting accounting = LlmAccounting.create(sqlite("first"))) {
      return accounting.audit().head();
    }
  }

  private static void limits(LlmAccounting accounting) {
    accounting.limits().save(Limit.named("all \ud83d\ude80").cost(Cost.usd("1000000")).lifetime());
    accounting
        .limits()
        .save(
            Limit.named("each")
                .eachUser()
                .where(Dimension.tag("a b"), Match.absent())
                .requests(100)
                .rolling(Duration.ofHours(1))
                .warning()
                .alertingAt(1, 2, 50));
    accounting
        .limits()
        .save(
            Limit.named("months")
                .where(Dimension.PROJECT, Match.prefix("a"))
                .totalTokens(1L << 50)
                .rollingMonths(2));
    accounting.limits().save(Limit.named("never").model("never").requests(0).lifetime());
    accounting
        .limits()
        .save(
            Limit.named("week")
                .inputTokens(1L << 60)
                .calendar(
                    1,
                    io.llmaccounting.limit.CalendarUnit.WEEK,
                    java.time.ZoneId.of("America/St_Johns")));
  }

  private static HeldCall reserve(LlmAccounting accounting, Duration lives) {
    return accounting
        .quotas()
        .reserve(CallRequest.to("held").user("a").project("a").cost(Cost.usd("1")).holdFor(lives))
        .hold()
        .orElseThrow();
  }

  private void settle(HeldCall held) {
    held.settle(
        UsageFixtures.aCall().id(held.id()).on("held").by("a").in("a").costing("0.5").usage());
  }

  /** Entries under seals that are none, which every verification must find. */
  private void forged(Random random) {
    try (UsageBackend backend = sqlite("first")) {
      UUID stream = UsageFixtures.newId(clock.instant());
      for (int i = 1; i <= 130; i++) {
        String text = "prompt " + i + "\n\u2028\ud83d\ude80\t\"".repeat(random.nextInt(50));
        AuditEntry entry =
            new AuditEntry(
                UsageFixtures.newId(clock.instant()),
                clock.instant(),
                "a word",
                i % 2 == 0 ? null : "me",
                "went",
                "m",
                new Attribution("p", "u", "c", "s", Map.of()),
                UsageFixtures.newId(clock.instant()),
                "r",
                text,
                i % 3 == 0 ? null : "answer",
                Map.of("k", "v"),
                i % 5 == 0 ? Map.of("prompt.cut", 70_000L) : Map.of());
        Seal seal = new Seal(stream, i, 1, i % 4 == 0 ? "key" : null, "%064x".formatted(i));
        backend.audit().append(List.of(new SealedEntry(entry, i % 7 == 0 ? null : seal)));
      }
    }
  }

  @Test
  void nothingIsLostOnTheWayThereAndBack() {
    live(20260302);

    AuditHead head = head();
    List<Object> verified = verified(sqlite("first"), head);
    run(first, "export", "a.jsonl");
    run(second, "import", "a.jsonl");
    run(second, "export", "b.jsonl");
    run(third, "import", "b.jsonl");

    assertThat(known(second)).isEqualTo(known(first)).hasSizeGreaterThan(290);
    assertThat(known(third)).isEqualTo(known(first));
    assertThat(stats(second)).isEqualTo(stats(first));
    assertThat(stats(third)).isEqualTo(stats(first));
    assertThat(used(sqlite("third"))).hasSizeGreaterThan(2).isEqualTo(used(sqlite("first")));
    assertThat(verified).element(0).isEqualTo(2L);
    assertThat(verified(sqlite("third"), head)).isEqualTo(verified);
    assertThat(verified(postgres(), head)).isEqualTo(verified);
    assertThat(run(second, "--format", "csv", "select", "SELECT count(*) FROM usage_event_default"))
        .satisfies(counted -> assertThat(counted.lines()).containsExactly("count", "0"));
  }

  @Test
  void takingItInTwiceChangesNothing() {
    live(7);
    run(first, "export", "a.jsonl");
    run(second, "import", "a.jsonl");
    List<String> once = run(second, "export").lines();
    String stats = run(second, "--format", "json", "stats", "--by", "user,model").out();

    for (Map<String, Object> row : run(second, "--format", "json", "import", "a.jsonl").objects()) {
      assertThat(row).containsEntry("added", 0L).containsEntry("corrected", 0L);
    }

    List<String> twice = run(second, "export").lines();
    assertThat(twice.subList(1, twice.size())).isEqualTo(once.subList(1, once.size()));
    assertThat(run(second, "--format", "json", "stats", "--by", "user,model").out())
        .isEqualTo(stats);
  }
}
