package io.llmaccounting.providers.request;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A request as its provider documents it, and what has to be read from it. */
record GoldenRequest(String name, RequestTarget target, String body, String read) {
  static GoldenRequest of(String name, String uri, String body, String read) {
    RequestTarget target =
        uri.isEmpty() ? RequestTarget.UNKNOWN : RequestTarget.of(URI.create(uri));
    return new GoldenRequest(name, target, body, read);
  }

  static List<GoldenRequest> all() {
    return Stream.of(OpenAiGolden.ALL, MakersGolden.ALL, CloudGolden.ALL, FormGolden.ALL)
        .flatMap(List::stream)
        .toList();
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return name;
  }

  /** All that was read, in a line that leaves out what is absent. */
  static String describe(ReadRequest request) {
    StringBuilder line = new StringBuilder(request.shape().toString());
    add(line, "problem", request.problem());
    add(line, "provider", request.provider());
    add(line, "model", request.model());
    add(line, "operation", request.operation());
    add(line, "streamed", request.streamed() ? true : null);
    add(line, "usage", request.usageAsked() ? true : null);
    add(line, "max", request.maxOutputTokens());
    add(line, "choices", request.choices() == 1 ? null : request.choices());
    add(line, "characters", orNull(request.size().characters()));
    add(line, "ids", orNull(request.size().tokenIds()));
    add(line, "images", orNull(request.size().images()));
    add(line, "audio", orNull(request.size().audio()));
    add(line, "files", orNull(request.size().files()));
    add(line, "elsewhere", request.size().moreElsewhere() ? true : null);
    add(line, "marks", orNull(request.cacheable().marks()));
    add(line, "prefix", orNull(request.cacheable().characters()));
    add(line, "key", request.cacheable().key());
    add(line, "content", request.cacheable().content());
    add(line, "format", request.responseFormat());
    add(line, "messages", orNull(request.messages()));
    add(line, "tools", orNull(request.tools()));
    add(line, "temperature", request.temperature());
    add(line, "topP", request.topP());
    add(line, "tier", request.serviceTier());
    add(line, "user", request.user());
    add(line, "metadata", request.metadata().isEmpty() ? null : request.metadata());
    return line.toString();
  }

  private static Long orNull(long count) {
    return count == 0 ? null : count;
  }

  private static void add(StringBuilder line, String name, Object value) {
    if (value != null) {
      line.append(' ').append(name).append('=').append(value);
    }
  }
}
