package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** faults G2: a spool on a disk that is really full. The store is healthy, and elsewhere. */
class MountedSpoolDiskTest extends OutageTest {
  @TempDir Path directory;
  private SmallDisk disk;

  @Override
  BackendUnderTest underTest() {
    return new InMemoryUnderTest();
  }

  @Override
  Spool openSpool(InstantSource clock, long maxBytes) {
    return SqliteSpool.at(
        disk.folder().resolve("spool"), SpoolSettings.defaults().clock(clock).maxBytes(maxBytes));
  }

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.of(16, directory.resolve("disk"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      spool().close();
      disk.close();
    }
  }

  @Test
  @DisplayName("faults G2: what waits on a full disk is booked once, and the store is not blamed")
  void whatWaitsOnAFullDiskIsBookedOnce() throws Exception {
    save(Limit.named("day").requests(10_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()))) {
      breakDown(accounting);
      List<UUID> ids = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        ids.add(accounting.track(aCall().usage()).id());
      }
      disk.fill();
      assertThatThrownBy(() -> trackForever(accounting, ids))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("spool");
      store().recover();

      eventually("all are booked", () -> storedIds().size() == ids.size());
      eventually("it is told", () -> !handled.isEmpty());
      long told = handled.size() + 2;
      eventually("two more passes go over what stays", () -> handled.size() >= told);
      assertThat(handled).allSatisfy(e -> assertThat(e).hasMessageContaining("full"));
      assertThat(isReached(accounting)).isTrue();
      assertThat(accounting.health().counts().duplicates()).isZero();
      assertThat(accounting.track(aCall().usage())).hasStatus(Receipt.Status.RECORDED);

      disk.free();
      eventually("the spool is empty", () -> spool().state().waiting() == 0);
      assertThat(accounting.health().counts().duplicates()).isZero();
      assertThat(accounting.health().counts().replayed()).isEqualTo(ids.size());
      assertThat(storedIds()).containsAll(ids).hasSize(ids.size() + 1);
    }
  }

  private static void trackForever(LlmAccounting accounting, List<UUID> ids) {
    while (ids.size() < 100_000) {
      ids.add(accounting.track(aCall().tag("filler", "x".repeat(200)).usage()).id());
    }
  }

  @Test
  @DisplayName("faults G2: a spool on a full disk does not keep the application from starting")
  void anApplicationStartsOnAFullDisk() throws Exception {
    disk.fill();
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()))) {
      assertThat(accounting.track(aCall().usage())).hasStatus(Receipt.Status.RECORDED);
      assertThat(isReached(accounting)).isTrue();

      disk.free();
      breakDown(accounting);
      Receipt kept = accounting.track(aCall().usage());
      assertThat(kept).hasStatus(Receipt.Status.SPOOLED);
      recover(accounting);
      assertThat(storedIds()).contains(kept.id()).hasSize(2);
    }
  }
}
