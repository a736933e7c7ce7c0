package io.llmaccounting.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DirectoryEntryTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");

  @Test
  void remembersItsLastActivationAndDeactivation() {
    DirectoryEntry alice =
        DirectoryEntry.user("alice").organisationUnit("research").email("alice@example.org");

    DirectoryEntry back =
        alice.activated(NOON).deactivated(NOON.plusSeconds(1)).activated(NOON.plusSeconds(2));

    assertThat(back.active()).isTrue();
    assertThat(back.activatedAt()).isEqualTo(NOON.plusSeconds(2));
    assertThat(back.deactivatedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(back.activated(NOON.plusSeconds(9))).isSameAs(back);
    assertThat(back.email()).isEqualTo("alice@example.org");
  }

  @Test
  void refusesABlankName() {
    assertThatThrownBy(() -> DirectoryEntry.project("")).hasMessageContaining("project");
  }

  @Test
  void unknownNamesSayWhatToDo() {
    assertThat(new UnknownNameException(DirectoryEntry.Kind.USER, "bob", false))
        .hasMessageContaining("not in the directory");
    UnknownNameException inactive =
        new UnknownNameException(DirectoryEntry.Kind.PROJECT, "x", true);
    assertThat(inactive).hasMessageContaining("deactivated");
    assertThat(inactive.kind()).isEqualTo(DirectoryEntry.Kind.PROJECT);
    assertThat(inactive.name()).isEqualTo("x");
  }
}
