package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.sqlite.SqliteSettings.SchemaMode;
import io.llmaccounting.usage.RecordedUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenario 42. */
class OpeningTest {
  private static final int CURRENT = SqliteMigrations.CURRENT.version();
  private static final String FIRST = "classpath:io/llmaccounting/sqlite/migration";
  private static final String LATER = "classpath:io/llmaccounting/sqlite/later";
  private static final String BROKEN = "classpath:io/llmaccounting/sqlite/broken";
  private static final SqliteSettings SETTINGS = SqliteSettings.defaults();
  private static final SqliteSettings VALIDATING = SETTINGS.schemaMode(SchemaMode.VALIDATE);
  private static final String COLUMNS_OF_PROJECT =
      "SELECT group_concat(name, ' ') FROM pragma_table_info('project')";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("usage.db");
  }

  /** faults C6. */
  @Test
  void aMistypedPathCreatesNothing() throws Exception {
    file = folder.resolve("dta/of/mine/usage.db");

    BackendException refused =
        catchThrowableOfType(BackendException.class, () -> SqliteBackend.open(file));

    assertThat(refused.kind()).isEqualTo(Kind.REJECTED);
    assertThat(refused)
        .hasMessageContaining("its folder does not exist; " + folder + " does")
        .hasMessageContaining("SqliteSettings.createFolders()");
    try (var found = Files.list(folder)) {
      assertThat(found).isEmpty();
    }
  }

  @Test
  void aFreshFileIsCreatedWithItsFoldersWhereThatIsSaid() {
    file = folder.resolve("data/of/mine/usage.db");

    try (SqliteBackend backend = SqliteBackend.open(file, SETTINGS.createFolders())) {
      assertThat(backend.limits().load().limits()).isEmpty();
    }

    assertThat(file).exists();
  }

  @Test
  void anUpToDateFileIsOpenedWithoutLookingForMigrations() throws Exception {
    RecordedUsage recorded = recordOne(SETTINGS, SqliteMigrations.CURRENT);

    SqliteMigrations nowhere = new SqliteMigrations(CURRENT, List.of("classpath:no/such/folder"));

    try (SqliteBackend backend = SqliteBackend.open(file, VALIDATING, nowhere)) {
      assertThat(Bookings.twinOf(backend, recorded)).isEqualTo(recorded);
    }
  }

  @Test
  void anOlderFileIsMigratedAfterACopyWasMade() throws Exception {
    RecordedUsage recorded = recordOne(SETTINGS, SqliteMigrations.CURRENT);

    try (SqliteBackend backend = SqliteBackend.open(file, SETTINGS, later())) {
      assertThat(Bookings.twinOf(backend, recorded)).isEqualTo(recorded);
    }

    assertThat(columnsOfProject(file)).endsWith(" note");
    Path copy = folder.resolve("usage.db.v" + CURRENT + ".backup");
    assertThat(columnsOfProject(copy)).doesNotContain("note");
    assertThat(RawDatabase.rows(copy, "SELECT count(*) FROM usage_event"))
        .containsExactly(List.of("1"));
  }

  @Test
  void aMigratedFileHasTheSchemaOfAFreshOne() throws Exception {
    recordOne(SETTINGS, SqliteMigrations.CURRENT);
    SqliteBackend.open(file, SETTINGS, later()).close();
    Path fresh = folder.resolve("fresh.db");
    SqliteBackend.open(fresh, SETTINGS, later()).close();

    String schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name";

    assertThat(RawDatabase.rows(file, schema)).isEqualTo(RawDatabase.rows(fresh, schema));
  }

  @Test
  void aFileIsPutBackWhenAStepOfItsMigrationFails() throws Exception {
    RecordedUsage recorded = recordOne(SETTINGS, SqliteMigrations.CURRENT);
    SqliteMigrations broken = new SqliteMigrations(902, List.of(FIRST, LATER, BROKEN));

    BackendException failure = failureOf(SETTINGS, broken);

    assertThat(failure)
        .hasMessageContaining("put back")
        .hasMessageContaining("v" + CURRENT + ".backup");
    assertThat(columnsOfProject(file)).doesNotContain("note", "colour");
    try (SqliteBackend backend = SqliteBackend.open(file, VALIDATING)) {
      assertThat(Bookings.twinOf(backend, recorded)).isEqualTo(recorded);
    }
  }

  @Test
  void aNewerFileIsRefused() throws Exception {
    SqliteBackend.open(file, SETTINGS, later()).close();

    BackendException failure = failureOf(SETTINGS, SqliteMigrations.CURRENT);

    assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
    assertThat(failure)
        .hasMessageContaining(
            "version 901 but this library knows " + CURRENT + "; use a newer library");
  }

  @Test
  void anOldFileOfTheSameProcessIsMigratedAfterANewOneWasOpened() throws Exception {
    recordOne(SETTINGS, SqliteMigrations.CURRENT);

    try (SqliteBackend fresh = SqliteBackend.open(folder.resolve("new.db"), SETTINGS, later())) {
      SqliteBackend.open(file, SETTINGS, later()).close();
      assertThat(fresh.limits().revision()).isZero();
    }

    assertThat(columnsOfProject(file)).endsWith(" note");
  }

  @Test
  void validatingRefusesAnOlderFileAndCreatesNone() throws Exception {
    BackendException missing = failureOf(VALIDATING, SqliteMigrations.CURRENT);
    boolean created = Files.exists(file);
    SqliteBackend.open(file).close();
    BackendException older = failureOf(VALIDATING, later());

    assertThat(missing.kind()).isEqualTo(Kind.UNUSABLE);
    assertThat(created).isFalse();
    assertThat(older.kind()).isEqualTo(Kind.UNUSABLE);
    assertThat(older).hasMessageContaining("version " + CURRENT + " but this library needs 901");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedAndLeftUntouched() throws Exception {
    Files.writeString(file, "This is somebody's diary. ".repeat(400));
    byte[] before = Files.readAllBytes(file);

    BackendException failure = failureOf(SETTINGS, SqliteMigrations.CURRENT);

    assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
    assertThat(failure).hasMessageContaining("is no SQLite database");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder).isDirectoryNotContaining("glob:**usage.db-*");
  }

  @Test
  void aDamagedDatabaseIsRefused() throws Exception {
    SqliteBackend.open(file).close();
    byte[] damaged = Files.readAllBytes(file);
    java.util.Arrays.fill(damaged, 16, 4_096, (byte) 0x55);
    Files.write(file, damaged);

    BackendException failure = failureOf(SETTINGS, SqliteMigrations.CURRENT);

    assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
  }

  @Test
  void theDatabaseOfAnotherProgramIsRefusedAndLeftUntouched() throws Exception {
    RawDatabase.run(file, "CREATE TABLE recipe (name TEXT)");
    byte[] before = Files.readAllBytes(file);

    BackendException failure = failureOf(SETTINGS, SqliteMigrations.CURRENT);

    assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
    assertThat(failure).hasMessageContaining("another program");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path noFolder = Files.createFile(folder.resolve("regular-file"));
    file = noFolder.resolve("usage.db");

    BackendException failure = failureOf(SETTINGS, SqliteMigrations.CURRENT);

    assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
    assertThat(failure).hasMessageContaining(file.toString()).hasMessageContaining("folder");
  }

  @Test
  void aFolderInPlaceOfAFileIsNamedAsWhatItIs() {
    file = folder;

    assertThat(failureOf(SETTINGS, SqliteMigrations.CURRENT))
        .hasMessage(folder + " is a folder; choose a file in it");
    assertThatThrownBy(() -> SqliteBackend.schemaVersion(folder))
        .hasMessageContaining("is a folder");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void everythingIsRefusedOnceClosed() {
    SqliteBackend backend = SqliteBackend.open(file);
    backend.close();
    backend.close();

    BackendException reading =
        catchThrowableOfType(BackendException.class, () -> backend.limits().load());
    BackendException writing =
        catchThrowableOfType(
            BackendException.class,
            () -> backend.directory().remove(DirectoryEntry.Kind.USER, "any"));

    assertThat(reading.kind()).isEqualTo(Kind.CLOSED);
    assertThat(writing.kind()).isEqualTo(Kind.CLOSED);
  }

  private static SqliteMigrations later() {
    return new SqliteMigrations(901, List.of(FIRST, LATER));
  }

  private RecordedUsage recordOne(SqliteSettings settings, SqliteMigrations migrations) {
    try (SqliteBackend backend = SqliteBackend.open(file, settings, migrations)) {
      return Bookings.record(backend, aCall().usage());
    }
  }

  private BackendException failureOf(SqliteSettings settings, SqliteMigrations migrations) {
    return catchThrowableOfType(
        BackendException.class, () -> SqliteBackend.open(file, settings, migrations).close());
  }

  private static String columnsOfProject(Path database) throws Exception {
    return RawDatabase.rows(database, COLUMNS_OF_PROJECT).get(0).get(0);
  }
}
