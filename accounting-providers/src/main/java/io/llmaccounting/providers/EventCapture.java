package io.llmaccounting.providers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the tokens of JSON objects and keeps the few values that matter. An array adds nothing to
 * a path: {@code choices[2].index} is {@code choices.index}. Confined to one thread.
 */
final class EventCapture {
  private static final Set<String> KEYS =
      Set.of(
          "choices",
          "candidates",
          "usageMetadata",
          "promptFeedback",
          "messageStart",
          "contentBlockStart",
          "contentBlockDelta",
          "contentBlockStop",
          "messageStop",
          "embedding",
          "embeddings",
          "prompt_filter_results");

  private static final Set<String> USAGES =
      Set.of(
          "usage",
          "usageMetadata",
          "response.usage",
          "message.usage",
          "metadata.usage",
          "delta.usage",
          "x_groq.usage",
          "meta");

  private static final Set<String> WORDS =
      Set.of(
          "id",
          "model",
          "object",
          "type",
          "status",
          "service_tier",
          "finish_reason",
          "stop_reason",
          "stopReason",
          "modelVersion",
          "responseId",
          "choices.finish_reason",
          "candidates.finishReason",
          "promptFeedback.blockReason",
          "incomplete_details.reason",
          "response.id",
          "response.model",
          "response.status",
          "response.service_tier",
          "response.incomplete_details.reason",
          "message.id",
          "message.model",
          "message.stop_reason",
          "delta.stop_reason",
          "delta.finish_reason",
          "messageStop.stopReason",
          "serviceTier.type",
          "metadata.serviceTier.type");

  private static final Set<String> CONTENT =
      Set.of(
          "content",
          "text",
          "delta",
          "thinking",
          "reasoning",
          "reasoning_content",
          "refusal",
          "arguments",
          "partial_json",
          "transcript",
          "data",
          "b64_json",
          "embedding",
          "values",
          "float");

  private static final String TOO_DEEP = "\u0000";
  private static final int MAX_PATH_DEPTH = 8;
  private static final int MAX_CHOICE = 1_023;

  private final Consumer<AnswerEvent> events;
  private final String[] paths;
  private final boolean[] arrays;
  private int depth;
  private int objectDepth;
  private int eventCount;
  private String name = "";
  private AnswerEvent event = new AnswerEvent();
  private @Nullable UsageCapture usage;
  private int usageDepth;
  private int choice;
  private boolean choiceEnded;
  private @Nullable String itemType;
  private @Nullable String itemAction;

  EventCapture(int maxDepth, Consumer<AnswerEvent> events) {
    this.events = events;
    this.paths = new String[maxDepth + 2];
    this.arrays = new boolean[maxDepth + 2];
    paths[0] = "";
    arrays[0] = true;
  }

  boolean isOpen() {
    return depth > 0;
  }

  int events() {
    return eventCount;
  }

  void accept(JsonToken token, JsonParser parser) throws IOException, JsonEvents.Malformed {
    switch (token) {
      case FIELD_NAME -> name = parser.currentName();
      case START_OBJECT -> startObject();
      case START_ARRAY -> {
        if (usage != null) {
          usage.openArray(name);
        }
        push(true);
      }
      case END_OBJECT -> endObject();
      case END_ARRAY -> {
        depth--;
        if (usage != null) {
          usage.close();
        }
      }
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(token, parser);
      default -> {
        // true, false and null say nothing here
      }
    }
  }

  private void startObject() throws JsonEvents.Malformed {
    String path = pathOfValue();
    if (objectDepth == 0) {
      event = new AnswerEvent();
    }
    if (usage != null) {
      usage.openObject(name);
    } else if (objectDepth > 0 && USAGES.contains(path)) {
      usage = new UsageCapture();
      usageDepth = depth;
      event.usages.put(path, usage.root());
    }
    if (isElement(path)) {
      choice = 0;
      choiceEnded = false;
      itemType = null;
      itemAction = null;
    }
    push(false);
    objectDepth++;
  }

  private void endObject() {
    depth--;
    objectDepth--;
    if (usage != null) {
      if (depth == usageDepth) {
        usage = null;
      } else {
        usage.close();
      }
    }
    String path = paths[depth + 1];
    if (isElement(path)) {
      elementEnds(path);
    }
    if (objectDepth == 0) {
      eventCount++;
      events.accept(event);
    }
  }

  private static boolean isElement(String path) {
    return path.equals("choices")
        || path.equals("candidates")
        || path.equals("output")
        || path.equals("response.output");
  }

  private void elementEnds(String path) {
    if (path.equals("choices") || path.equals("candidates")) {
      event.begunChoices.set(choice);
      if (choiceEnded) {
        event.endedChoices.set(choice);
      }
    } else if ("file_search_call".equals(itemType)) {
      event.counts.merge("file_search", 1L, Long::sum);
    } else if ("web_search_call".equals(itemType)
        && (itemAction == null || itemAction.equals("search"))) {
      // Opening a page that was found is an item too, but not one that is billed.
      event.counts.merge("web_search", 1L, Long::sum);
    }
  }

  private void push(boolean array) {
    String path = pathOfValue();
    if (depth > 0 && depth <= 2 && !arrays[depth] && KEYS.contains(path)) {
      event.keys.add(path);
    }
    depth++;
    paths[depth] = path;
    arrays[depth] = array;
  }

  private String pathOfValue() {
    String container = paths[depth];
    if (arrays[depth]) {
      return container;
    }
    if (container.isEmpty()) {
      return name;
    }
    return depth > MAX_PATH_DEPTH || container.equals(TOO_DEEP) ? TOO_DEEP : container + "." + name;
  }

  private void scalar(JsonToken token, JsonParser parser) throws IOException, JsonEvents.Malformed {
    if (usage != null) {
      String text = parser.getText();
      usage.add(name, token == JsonToken.VALUE_STRING ? text : new UsageTree.Figure(text));
      return;
    }
    if (objectDepth == 0) {
      return;
    }
    if (CONTENT.contains(name) && parser.getTextLength() > 0) {
      event.content = true;
    }
    String path = pathOfValue();
    if (token != JsonToken.VALUE_STRING) {
      if (path.equals("choices.index") || path.equals("candidates.index")) {
        String index = parser.getText();
        choice =
            index.matches("\\d{1,4}") ? Math.min(Integer.parseInt(index), MAX_CHOICE) : MAX_CHOICE;
      }
    } else if (WORDS.contains(path)) {
      word(path, parser.getText());
    } else {
      item(path, parser);
    }
  }

  private void word(String path, String text) {
    event.words.put(path, text);
    if ((path.equals("choices.finish_reason") || path.equals("candidates.finishReason"))
        && !text.isEmpty()) {
      choiceEnded = true;
    }
  }

  private void item(String path, JsonParser parser) throws IOException {
    switch (path) {
      case "output.type", "response.output.type" -> itemType = parser.getText();
      case "output.action.type", "response.output.action.type" -> itemAction = parser.getText();
      case "candidates.groundingMetadata.webSearchQueries" ->
          event.counts.merge("web_search_queries", 1L, Long::sum);
      default -> {
        // content
      }
    }
  }
}
