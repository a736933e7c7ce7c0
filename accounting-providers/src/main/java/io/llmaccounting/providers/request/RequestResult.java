package io.llmaccounting.providers.request;

import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.usage.TokenUsage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts together what the body, its target and its reader say of a request. */
final class RequestResult {
  private static final int MAX_CHOICES = 1_024;
  private static final int MAX_DIGITS = 18;
  private static final Pattern COUNT = Pattern.compile("[0-9]+(\\.0+)?");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9.eE+-]+");

  private final RequestTarget target;
  private final RequestPath path;
  private final @Nullable String told;

  RequestResult(RequestTarget target, RequestPath path, @Nullable String told) {
    this.target = target;
    this.path = path;
    this.told = told;
  }

  ReadRequest of(List<FieldCapture> captures, long bytes, @Nullable String problem) {
    FieldCapture capture = RequestDialects.surest(captures);
    if (capture == null && path.shape() != RequestShape.UNKNOWN) {
      capture = captures.get(0);
    }
    return capture == null ? unknown(bytes, problem) : known(capture, bytes, problem);
  }

  private ReadRequest unknown(long bytes, @Nullable String problem) {
    return new ReadRequest(
        RequestShape.UNKNOWN,
        problem == null ? "has no shape that is known" : problem,
        told == null ? ProviderHosts.providerAt(target.host()) : told,
        path.model(),
        path.operation(),
        Boolean.TRUE.equals(path.streamed()) || target.eventStream(),
        false,
        null,
        1,
        new RequestSize(bytes, 0, 0, 0, 0, 0, false),
        new CacheablePrefix(0, 0, null, null),
        null,
        0,
        0,
        null,
        null,
        null,
        null,
        Map.of());
  }

  private ReadRequest known(FieldCapture capture, long bytes, @Nullable String problem) {
    RequestFields fields = capture.fields();
    String model = path.model() == null ? model(capture) : path.model();
    return new ReadRequest(
        fields.shape(),
        problem,
        provider(capture, model),
        model,
        path.operation() == null ? fields.operation() : path.operation(),
        isStreamed(capture),
        "true".equals(capture.word(RequestWord.STREAM_USAGE)),
        count(capture.word(RequestWord.MAX_OUTPUT)),
        choices(capture.word(RequestWord.CHOICES)),
        size(capture, bytes),
        new CacheablePrefix(
            capture.count(Counted.CACHE_MARK),
            capture.markedCharacters(),
            name(capture, RequestWord.CACHE_KEY),
            name(capture, RequestWord.CACHED_CONTENT)),
        name(capture, RequestWord.FORMAT),
        capture.count(Counted.MESSAGE),
        capture.count(Counted.TOOL),
        number(capture.word(RequestWord.TEMPERATURE)),
        number(capture.word(RequestWord.TOP_P)),
        name(capture, RequestWord.TIER),
        name(capture, RequestWord.USER),
        capture.metadata());
  }

  private static RequestSize size(FieldCapture capture, long bytes) {
    return new RequestSize(
        bytes,
        capture.characters(),
        capture.tokenIds(),
        capture.count(Counted.IMAGE),
        capture.count(Counted.AUDIO),
        capture.count(Counted.FILE),
        capture.count(Counted.ELSEWHERE) > 0);
  }

  private static @Nullable String name(FieldCapture capture, RequestWord word) {
    return StorableName.orNull(capture.word(word));
  }

  private static @Nullable String model(FieldCapture capture) {
    String model = name(capture, RequestWord.MODEL);
    return model != null && model.startsWith("models/")
        ? StorableName.orNull(model.substring("models/".length()))
        : model;
  }

  private @Nullable String provider(FieldCapture capture, @Nullable String model) {
    if (told != null) {
      return told;
    }
    String host = ProviderHosts.providerAt(target.host());
    if (host != null) {
      return host;
    }
    String place = path.shape() == RequestShape.UNKNOWN ? null : providerAt(target.path());
    return place == null ? providerOfShape(capture, model) : place;
  }

  /** Paths that only one provider has, whatever stands in front of it. */
  private static @Nullable String providerAt(@Nullable String where) {
    if (where == null) {
      return null;
    }
    if (where.contains("/model/")) {
      return "aws.bedrock";
    }
    if (where.contains("/locations/") || where.contains("/publishers/")) {
      return "gcp.vertex_ai";
    }
    return where.contains("/openai/deployments/") ? "azure.ai.openai" : null;
  }

  private static @Nullable String providerOfShape(FieldCapture capture, @Nullable String model) {
    String version = capture.word(RequestWord.VERSION);
    if (version != null && version.startsWith("bedrock-")) {
      return "aws.bedrock";
    }
    if (version != null && version.startsWith("vertex-")) {
      return "gcp.vertex_ai";
    }
    List<String> starts = capture.fields().modelStarts();
    String lower = model == null ? "" : model.toLowerCase(Locale.ROOT);
    return starts.isEmpty() || starts.stream().anyMatch(lower::startsWith)
        ? capture.fields().provider()
        : null;
  }

  private boolean isStreamed(FieldCapture capture) {
    if (path.streamed() != null) {
      return path.streamed();
    }
    String word = capture.word(RequestWord.STREAM);
    boolean unsaid = word == null || capture.fields().isStreamedByHeader();
    boolean otherwise = target.eventStream() || capture.fields().isStreamedUnasked();
    return "true".equals(word) || (unsaid && otherwise);
  }

  /** A whole number from 0 to what a record can hold; null for anything else. */
  private static @Nullable Long count(@Nullable String text) {
    if (text == null || text.length() > MAX_DIGITS || !COUNT.matcher(text).matches()) {
      return null;
    }
    int point = text.indexOf('.');
    long count = Long.parseLong(point < 0 ? text : text.substring(0, point));
    return Math.min(count, TokenUsage.MAX_PART);
  }

  private static int choices(@Nullable String text) {
    Long count = count(text);
    return count == null ? 1 : (int) Math.max(1, Math.min(count, MAX_CHOICES));
  }

  private static @Nullable Double number(@Nullable String text) {
    if (text == null || text.length() > 40 || !NUMBER.matcher(text).matches()) {
      return null;
    }
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
