package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Times;
import io.llmaccounting.providers.ReadAnswer;
import io.llmaccounting.providers.Shape;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.usage.ModelAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Reads calls from lines of JSON, and from answers of providers. For one thread. */
final class CallReader {
  private final CallOptions defaults;
  private final ZoneId zone;
  private final UsageReader answers = UsageReader.create();

  CallReader(CallOptions defaults, ZoneId zone) {
    this.defaults = defaults;
    this.zone = zone;
  }

  ReadCall read(Lines.Line line) throws IOException {
    byte[] bytes = line.bytes();
    if (bytes == null) {
      throw new IllegalArgumentException(
          "a line must have at most %d bytes, had more".formatted(Lines.LONGEST));
    }
    CallLine call = CallLine.parse(bytes);
    if (call == null) {
      return answer(answers.read(bytes));
    }
    Instant at = call.at == null ? givenAt() : Times.parse("at", call.at, zone);
    CallIdentity identity = CallIdentity.of(call.id, call.key, at);
    return new ReadCall(
        identity,
        fields -> {
          defaults.into(fields, zone);
          call.into(fields, defaults);
          identity.into(fields);
        });
  }

  ReadCall readWhole(InputStream in) throws IOException {
    return answer(answers.read(in));
  }

  private ReadCall answer(ReadAnswer read) {
    if (read.shape() == Shape.UNKNOWN) {
      throw new IllegalArgumentException(
          "must be an object with the fields of a call, or an answer of a provider, was neither");
    }
    ModelAnswer answer = read.answer();
    String model = defaults.model != null ? defaults.model : answer.responseModel();
    if (model == null) {
      throw new IllegalArgumentException(
          "model is not in the answer; give --model for answers that do not name it");
    }
    CallIdentity identity = new CallIdentity(null, null, givenAt());
    return new ReadCall(
        identity,
        fields -> {
          defaults.into(fields, zone);
          fields.model(model).answer(answer);
        });
  }

  private @Nullable Instant givenAt() {
    return defaults.at == null ? null : Times.parse("--at", defaults.at, zone);
  }
}
