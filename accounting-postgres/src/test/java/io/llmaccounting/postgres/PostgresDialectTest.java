package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.sql.Shards;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresDialectTest {
  private final PostgresDialect dialect = new PostgresDialect("llm_accounting", Shards.single());

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          # the network, and connections that are gone
          08000, UNAVAILABLE, check the server and the network
          08001, UNREACHABLE, check host and port
          08003, UNAVAILABLE, check the server and the network
          08004, UNREACHABLE, check host and port
          08006, UNAVAILABLE, check host and port
          08007, UNAVAILABLE, check the server and the network
          08P01, UNAVAILABLE, check the server and the network
          # the server stops, starts, or ends a session
          57P01, UNAVAILABLE, check the server and the network
          57P02, UNAVAILABLE, check the server and the network
          57P03, UNREACHABLE, is starting or stopping; try again
          57P05, UNAVAILABLE, check the server and the network
          25P03, UNAVAILABLE, check the server and the network
          25P04, UNAVAILABLE, check the server and the network
          # the server is short of something
          53000, UNAVAILABLE, check the server and the network
          53100, UNAVAILABLE, free disk space
          53200, UNAVAILABLE, check the server and the network
          53300, UNAVAILABLE, lower poolSize
          53400, UNAVAILABLE, check the server and the network
          58000, UNAVAILABLE, check the server and the network
          58030, UNAVAILABLE, check the server and the network
          # a replica, or a primary that was set to be read only
          25006, UNAVAILABLE, connect to the server that takes writes
          55000, UNAVAILABLE, check the server and the network
          # others are in the way
          40001, UNAVAILABLE, check the server and the network
          40003, UNAVAILABLE, check the server and the network
          40P01, UNAVAILABLE, check the server and the network
          55006, UNAVAILABLE, check the server and the network
          55P03, UNAVAILABLE, longer than lockTimeout
          57014, UNAVAILABLE, raise statementTimeout
          # states that tell nothing
          25P02, UNAVAILABLE, check the server and the network
          26000, UNAVAILABLE, prepareThreshold=0
          42P05, UNAVAILABLE, prepareThreshold=0
          XX000, UNAVAILABLE, check the server and the network
          ZZ999, UNAVAILABLE, check the server and the network
          # somebody has to repair it
          28000, UNUSABLE, "check its name, password and right to connect"
          28P01, UNUSABLE, "check its name, password and right to connect"
          3D000, UNUSABLE, create the database
          3F000, UNUSABLE, run the migrations
          42501, UNUSABLE, documented grants
          42703, UNUSABLE, run the migrations
          42804, UNUSABLE, run the migrations
          42883, UNUSABLE, run the migrations
          42P01, UNUSABLE, run the migrations
          42P10, UNUSABLE, run the migrations
          57P04, UNUSABLE, run the migrations
          XX001, UNUSABLE, restore a backup
          XX002, UNUSABLE, restore a backup
          # a statement that this server does not run, whatever is asked with it
          0A000, REJECTED, does not run a statement
          42601, REJECTED, does not run a statement
          42702, REJECTED, does not run a statement
          42803, REJECTED, does not run a statement
          42846, REJECTED, does not run a statement
          42P18, REJECTED, does not run a statement
          # this very record
          21000, REJECTED, does not fit its tables
          22001, REJECTED, does not fit its tables
          22003, REJECTED, does not fit its tables
          22021, REJECTED, does not fit its tables
          22P02, REJECTED, does not fit its tables
          22P05, REJECTED, does not fit its tables
          23502, REJECTED, does not fit its tables
          23503, REJECTED, does not fit its tables
          23505, REJECTED, does not fit its tables
          23514, REJECTED, does not fit its tables
          23P01, REJECTED, does not fit its tables
          44000, REJECTED, does not fit its tables
          54000, REJECTED, does not fit its tables
          54001, REJECTED, does not fit its tables
          P0001, REJECTED, does not fit its tables
          P0004, REJECTED, does not fit its tables
          """)
  void eachStateIsOfTheKindThatHelps(String state, BackendException.Kind kind, String wayOut) {
    BackendException translated = dialect.translate(new SQLException("so it is", state));

    assertThat(translated.kind()).isEqualTo(kind);
    assertThat(translated)
        .hasMessageStartingWith("PostgreSQL schema llm_accounting ")
        .hasMessageContaining(wayOut)
        .hasMessageEndingWith("(" + state + " so it is)");
  }

  @Test
  void aFailureWithoutAStateIsPassing() {
    BackendException translated = dialect.translate(new SQLException("closed"));

    assertThat(translated.kind()).isEqualTo(BackendException.Kind.UNAVAILABLE);
  }

  @Test
  void theStateOfACauseCountsWhereThePoolTellsNone() {
    SQLException password = new SQLException("password authentication failed", "28P01");

    BackendException translated =
        dialect.translate(new SQLTransientConnectionException("timed out", password));

    assertThat(translated.kind()).isEqualTo(BackendException.Kind.UNUSABLE);
  }

  @Test
  void theStateOfABatchCounts() {
    BackendException translated =
        dialect.translate(new BatchUpdateException("row 3", "23514", new int[0]));

    assertThat(translated.kind()).isEqualTo(BackendException.Kind.REJECTED);
  }

  @ParameterizedTest
  @CsvSource({"40001,true", "40P01,true", "40003,false", "08006,false", "55P03,false"})
  void onlyWhatSurelyWasRolledBackIsRepeatedAtOnce(String state, boolean isRepeated) {
    assertThat(PostgresDialect.isConflict(new SQLException("", state))).isEqualTo(isRepeated);
  }

  @Test
  void aConnectionToAServerThatTakesNoWritesIsNotKept() {
    assertThat(PostgresDialect.isOfNoUse(new SQLException("", "25006"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "0A000", "42601"})
  void aConnectionOnWhichAStatementFailedIsKept(String state) {
    assertThat(PostgresDialect.isOfNoUse(new SQLException("", state))).isFalse();
  }
}
