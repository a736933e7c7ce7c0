package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("faults G5")
class PostgresUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql:app",
        "jdbc:postgresql:/",
        "jdbc:postgresql://h/app",
        "jdbc:postgresql://h/",
        "jdbc:postgresql:///app",
        "jdbc:postgresql://a:5432,b-1.example.org:65535/app?user=me&password=a%20b@c:/d",
        "jdbc:postgresql://[::1]:5432/app"
      })
  void readsWhatTheDriverReads(String url) {
    assertThat(PostgresBackend.isUrl(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h:99999/app?user=owner&password=SECRET",
        "jdbc:postgresql://h:0/app?password=SECRET",
        "jdbc:postgresql://owner:SECRET@h/app",
        "jdbc:postgresql://h/a/b?password=SECRET",
        "jdbc:postgresql://h?password=SECRET",
        "jdbc:postgresql://h/app?user=%zz&password=SECRET",
        "postgresql://owner:SECRET@h/app"
      })
  void neitherShowsNorLogsWhatItCannotRead(String url) {
    List<String> logged = new ArrayList<>();
    Handler handler = listening(logged);
    Logger.getLogger("").addHandler(handler);
    try {
      assertThat(PostgresBackend.isUrl(url)).isFalse();
      assertThatThrownBy(() -> PostgresBackend.connect(url, "me", "mine"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasNoCause()
          .message()
          .doesNotContain("SECRET");
    } finally {
      Logger.getLogger("").removeHandler(handler);
    }
    assertThat(logged).noneMatch(line -> line.contains("SECRET"));
  }

  private static Handler listening(List<String> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord event) {
        logged.add(new java.util.logging.SimpleFormatter().format(event));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
