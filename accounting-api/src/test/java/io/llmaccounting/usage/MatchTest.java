package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatchTest {
  @Test
  void everyMatchIsReadAsItIsWritten() {
    for (Match match :
        List.of(Match.is("a b"), Match.prefix("is x"), Match.each(), Match.absent())) {
      assertThat(Match.parse(match.toString())).isEqualTo(match);
    }
    assertThat(Match.parse("IS alice")).isEqualTo(Match.is("alice"));
  }

  @Test
  void everyDimensionIsReadAsItIsWritten() {
    List<Dimension> all = new ArrayList<>(List.of(Dimension.tag("a:b c")));
    for (Dimension.Kind kind : Dimension.Kind.values()) {
      if (kind != Dimension.Kind.TAG) {
        all.add(new Dimension(kind, null));
      }
    }

    assertThat(all)
        .allSatisfy(one -> assertThat(Dimension.parse(one.toString())).isEqualTo(one))
        .allSatisfy(
            one ->
                assertThat(one.tagName() == null ? Dimension.parse(one.kind().name()) : one)
                    .isEqualTo(one));
  }

  /** reading 13. */
  @Test
  void aTagIsReadInWhateverCaseAndItsNameAsItIs() {
    assertThat(Dimension.parse("TAG:Team")).isEqualTo(Dimension.tag("Team"));
    assertThat(Dimension.parse("Tag:tag:x")).isEqualTo(Dimension.tag("tag:x"));
  }

  @Test
  void whatIsNoneIsRefusedWithTheTextThatIsNone() {
    for (String text : List.of("", "is", "each x", "absent ", "like a", " is a")) {
      assertThatThrownBy(() -> Match.parse(text))
          .as("\"%s\"", text)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Match.parse("like a")).hasMessageContaining("\"like a\"");
    for (String text : List.of("", "tag", "tag:", "users", "response-model")) {
      assertThatThrownBy(() -> Dimension.parse(text))
          .as("\"%s\"", text)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Dimension.parse("users")).hasMessageContaining("\"users\"");
  }
}
