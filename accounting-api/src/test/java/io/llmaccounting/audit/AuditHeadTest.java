package io.llmaccounting.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditHeadTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00.123456Z");
  private static final UUID STREAM = UUID.fromString("019cadc6-9a80-77e5-bfdf-8e7be0767f61");
  private static final AuditHead HEAD =
      new AuditHead(AT, List.of(new AuditHead.End(STREAM, 7, "ab".repeat(32), AT)));

  @Test
  void isReadAsItWasWritten() {
    assertThat(AuditHead.parse(HEAD.text())).isEqualTo(HEAD);
    assertThat(AuditHead.parse("\n" + HEAD.text().replace("\n", "\r\n\r\n"))).isEqualTo(HEAD);
    assertThat(AuditHead.parse(new AuditHead(AT, List.of()).text()).streams()).isEmpty();
  }

  @Test
  void whatIsNoHeadIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuditHead.parse("hello"))
        .withMessageContaining("must begin with")
        .withMessageContaining("hello");
    assertThatIllegalArgumentException().isThrownBy(() -> AuditHead.parse(""));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-02T10:00:00.123456Z, yesterday, must end with an instant",
    "'7 ', 'seven ', cannot be read",
    "'7 ', '-7 ', cannot be read",
    "019cadc6, spam, cannot be read",
    "'7 ', '7 8 ', 'must be stream, sequence, hash and instant'"
  })
  void aLineThatCannotBeReadIsNamed(String right, String wrong, String why) {
    String text = HEAD.text();
    int line = text.indexOf('\n');
    String damaged = text.substring(0, line) + text.substring(line).replace(right, wrong);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuditHead.parse(damaged))
        .withMessageContaining(why)
        .withMessageContaining(wrong.strip());
  }
}
