package io.llmaccounting.json;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import java.io.IOException;
import java.time.Duration;

/** A call that is about to be made, as a line. */
public final class CallRequestLine {
  private static final String KIND = "call-request";

  private CallRequestLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, CallRequest request) throws IOException {
    to.begin(KIND);
    writeFields(to, request);
    to.end();
  }

  /** Writes the fields into an object that is open. */
  public static void writeFields(JsonWriter to, CallRequest request) throws IOException {
    Attribution who = request.attribution();
    Duration holdFor = request.holdFor();
    to.text("model", request.model())
        .text("provider", request.provider())
        .text("operation", request.operation())
        .text("user", who.user())
        .text("project", who.project())
        .text("caller", who.caller())
        .text("session", who.session())
        .map("tags", who.tags())
        .number("input_tokens", request.inputTokens())
        .number("max_output_tokens", request.maxOutputTokens())
        .text("cost", UsageLine.dollars(request.cost()))
        .text("service_tier", request.serviceTier())
        .flagIfSet("batch", request.batch())
        .text("region", request.region())
        .text("key", request.key())
        .seconds("hold_for", holdFor);
    AskedLine.write(to, request.asked());
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static CallRequest read(JsonFields line) {
    line.requireKind(KIND);
    CallRequest request =
        new CallRequest(
            line.text("model"),
            line.optionalText("provider"),
            line.optionalText("operation"),
            new Attribution(
                line.optionalText("project"),
                line.optionalText("user"),
                line.optionalText("caller"),
                line.optionalText("session"),
                line.texts("tags")),
            line.optionalNumber("input_tokens"),
            line.optionalNumber("max_output_tokens"),
            UsageLine.cost(line, "cost"),
            line.optionalText("service_tier"),
            line.flag("batch"),
            line.optionalText("region"),
            line.optionalText("key"),
            UsageLine.seconds(line, "hold_for"),
            AskedLine.read(line));
    line.requireNoOthers();
    return request;
  }
}
