package io.llmaccounting.server.wire;

import io.llmaccounting.server.wire.JsonSpans.Members;
import io.llmaccounting.server.wire.JsonSpans.Span;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes a value in a request and leaves every other byte as it came. Of a name that an object has
 * twice the last value counts, as servers read it. What is not understood stays as it is.
 */
public final class RequestEdit {
  private static final String ASKED = "{\"include_usage\":true}";

  private static final Pattern IN_PATH =
      Pattern.compile(
          "/model/(?<amazon>.+)/(?:converse|invoke)(?:-stream|-with-response-stream)?/?$"
              + "|/(?:models|tunedModels|endpoints)/(?<google>[^/:]+):\\w+/?$"
              + "|/(?:deployments|engines)/(?<azure>[^/]+)/");

  private RequestEdit() {}

  /**
   * Asks a stream of OpenAI's chat completions to tell its usage.
   *
   * @param body a request of chat completions
   * @return {@code body} itself where it is asked for already, the answer is not streamed, or the
   *     body is no JSON object; else the client did not ask, so its stream goes through {@link
   *     HiddenUsage}
   */
  public static Buffer askUsage(Buffer body) {
    JsonSpans json = new JsonSpans(body.getBytes());
    try {
      Span root = json.root();
      if (!json.isObject(root)) {
        return body;
      }
      Members members = json.members(root);
      Span stream = members.last("stream");
      if (stream == null || !json.raw(stream).equals("true")) {
        return body;
      }
      Span options = members.last("stream_options");
      if (options == null) {
        return Buffer.buffer(added(json, members, "\"stream_options\":" + ASKED));
      }
      if (json.isObject(options)) {
        return asked(body, json, json.members(options));
      }
      return json.raw(options).equals("null") ? Buffer.buffer(json.replaced(options, ASKED)) : body;
    } catch (UnreadableJson e) {
      return body;
    }
  }

  private static Buffer asked(Buffer body, JsonSpans json, Members options) {
    Span include = options.last("include_usage");
    if (include == null) {
      return Buffer.buffer(added(json, options, "\"include_usage\":true"));
    }
    return json.raw(include).equals("true") ? body : Buffer.buffer(json.replaced(include, "true"));
  }

  /** Adds a member behind the last one. */
  private static byte[] added(JsonSpans json, Members members, String member) {
    List<JsonSpans.Member> all = members.all();
    if (all.isEmpty()) {
      int inside = members.object().from() + 1;
      return json.replaced(new Span(inside, inside), member);
    }
    int behind = all.get(all.size() - 1).value().to();
    return json.replaced(new Span(behind, behind), "," + member);
  }

  /**
   * Replaces the model that a JSON body names at its top.
   *
   * @return {@code body} itself where it names none, or is no JSON object
   */
  public static Buffer model(Buffer body, String model) {
    JsonSpans json = new JsonSpans(body.getBytes());
    try {
      Span root = json.root();
      Span named = json.isObject(root) ? json.members(root).last("model") : null;
      return named != null && json.isText(named)
          ? Buffer.buffer(json.replaced(named, JsonText.quoted(model)))
          : body;
    } catch (UnreadableJson e) {
      return body;
    }
  }

  /**
   * Replaces the model or deployment that a path names, as the paths of Google, Amazon and Azure
   * do.
   *
   * @param rawPath the path, percent-encoded, with or without the query
   * @return {@code rawPath} itself where it names none
   */
  public static String modelInPath(String rawPath, String model) {
    int question = rawPath.indexOf('?');
    String path = question < 0 ? rawPath : rawPath.substring(0, question);
    Matcher named = IN_PATH.matcher(path);
    if (!named.find()) {
      return rawPath;
    }
    String encoded = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    for (String group : List.of("amazon", "google", "azure")) {
      if (named.group(group) != null) {
        return rawPath.substring(0, named.start(group))
            + encoded
            + rawPath.substring(named.end(group));
      }
    }
    return rawPath;
  }
}
