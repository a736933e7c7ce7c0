package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelListTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"object\":\"list\",\"data\":[{\"id\":\"a1\"},{\"id\":\"b\"},{\"id\":\"a2\"}]}|{\"object\":\"list\",\"data\":[{\"id\":\"a1\"},{\"id\":\"a2\"}]}",
        "{\"data\":[ {\"id\":\"b\"} ,\t{\"type\":\"model\",\"id\":\"a\"} ],\"last_id\":\"b\"}|{\"data\":[ {\"type\":\"model\",\"id\":\"a\"} ],\"last_id\":\"b\"}",
        "{\"models\":[{\"name\":\"models/a\"},{\"name\":\"models/b\"}],\"nextPageToken\":\"t\"}|{\"models\":[{\"name\":\"models/a\"}],\"nextPageToken\":\"t\"}",
        "{\"models\":[{\"name\":\"b:latest\",\"model\":\"a\"}]}|{\"models\":[]}",
        "[{\"id\":\"b\"},{\"id\":\"a\"}]|[{\"id\":\"a\"}]",
        "{\"data\":[{\"id\":\"b\"},{\"x\":1},7]}|{\"data\":[{\"x\":1},7]}"
      })
  void removesWhatAKeyMayNotAsk(String answer, String filtered) {
    assertThat(ModelList.filtered(Buffer.buffer(answer), name -> name.startsWith("a")).toString())
        .isEqualTo(filtered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"error\":{\"message\":\"no\"}}",
        "{\"data\":{\"id\":\"b\"}}",
        "{\"data\":[{\"id\":\"a\"}]}",
        "{\"data\":[{\"id\":\"b\"},]}",
        "{\"data\":[{\"id\" \"b\"}]}",
        "{\"data\":[{\"id\":\"b\"}]",
        "7",
        "<html>"
      })
  void leavesAsItIsWhatItDoesNotUnderstand(String text) {
    Buffer answer = Buffer.buffer(text);

    assertThat(ModelList.filtered(answer, "a"::equals)).isSameAs(answer);
  }

  @Test
  void equalsTheListOfThoseThatStayWhateverIsBetween() {
    Random random = new Random(12);
    RandomJson json = new RandomJson(random);
    for (int run = 0; run < 5_000; run++) {
      List<String> all = new ArrayList<>();
      List<String> kept = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        boolean stays = random.nextBoolean();
        String model =
            json.object(2, List.of(json.member("id", stays ? "\"a" + i + "\"" : "\"b\"")));
        all.add(model);
        if (stays) {
          kept.add(model);
        }
      }
      String answer = all.stream().collect(Collectors.joining(",", "{\"data\":[", "]}"));
      String expected = kept.stream().collect(Collectors.joining(",", "{\"data\":[", "]}"));

      assertThat(ModelList.filtered(Buffer.buffer(answer), name -> name.startsWith("a")).toString())
          .as("run %d", run)
          .isEqualTo(expected);
    }
  }
}
