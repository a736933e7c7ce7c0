package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.limits.LimitSetJson;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.EntityTag;
import io.llmaccounting.server.rest.http.Workers;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Shows a set of limits, as the file that makes it. */
public final class ShowLimitSet implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) throws IOException {
    LimitSet set = asked.reach().limits().set(asked.path().text("name"));
    return new Answer(
        200,
        Map.of("Content-Type", "application/json", "ETag", tag(set).text()),
        Buffer.buffer(file(set)));
  }

  private static byte[] file(LimitSet set) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LimitSetJson.write(out, set);
    return out.toByteArray();
  }

  static EntityTag tag(LimitSet set) {
    return EntityTag.of(
        to ->
            to.beginObject()
                .text("file", new String(file(set), StandardCharsets.UTF_8))
                .endObject());
  }
}
