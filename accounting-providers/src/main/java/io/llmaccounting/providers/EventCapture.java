package io.llmaccounting.providers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Follows the tokens of JSON objects and keeps the few values that matter. An array adds nothing to
 * a path: {@code choices[2].index} is {@code choices.index}. Confined to one thread.
 */
final class EventCapture {
  private static final Set<String> KEYS = Dialects.keys();
  private static final Set<String> USAGES = Dialects.usages();
  private static final Set<String> ROOT_COUNTS = Dialects.rootCounts();
  private static final Set<String> WORDS = Dialects.words();

  /** Objects around an answer, each with those that may stand around it inside of them. */
  private static final Map<String, String> WRAPPERS =
      Map.of(
          "response", "response.body",
          "result", "result.message",
          "final_result", "",
          "interaction", "",
          "body", "",
          "modelOutput", "",
          "kwargs", "");

  /** Items of an answer that cost something beside its tokens. */
  private static final Map<String, String> BILLED_ITEMS =
      Map.of(
          "web_search_call", "web_search",
          "file_search_call", "file_search",
          "code_interpreter_call", "code_interpreter",
          "image_generation_call", "image_generation");

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
          "float",
          "generation",
          "outputText",
          "response");

  /** Those that are not text, and no tokens of a model that writes. */
  private static final Set<String> TEXTS =
      CONTENT.stream()
          .filter(key -> !Set.of("data", "b64_json", "embedding", "values", "float").contains(key))
          .collect(Collectors.toUnmodifiableSet());

  private static final String TOO_DEEP = "\u0000";
  private static final int USUAL_DEPTH = 16;
  private static final int MAX_PATH_DEPTH = 8;
  private static final int MAX_CHOICE = 1_023;
  private static final int MAX_INDEX_DIGITS = 4;
  private static final int MAX_QUERIES = 1_000;

  private final Consumer<AnswerEvent> events;
  private String[] paths = new String[USUAL_DEPTH];
  private boolean[] arrays = new boolean[USUAL_DEPTH];
  private int depth;
  private int objectDepth;
  private int eventCount;
  private String name = "";
  private AnswerEvent event = new AnswerEvent();
  private @Nullable UsageCapture usage;
  private int usageDepth;
  private String wrapper = "";
  private int wrapperDepth;
  private int choice;
  private boolean choiceEnded;
  private @Nullable String itemType;
  private @Nullable String itemAction;

  EventCapture(Consumer<AnswerEvent> events) {
    this.events = events;
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
      case VALUE_TRUE, VALUE_FALSE -> flag(token == JsonToken.VALUE_TRUE);
      default -> {
        // null says nothing
      }
    }
  }

  private void startObject() throws JsonEvents.Malformed {
    String path = pathOfValue();
    if (objectDepth == 0) {
      event = new AnswerEvent();
      wrapper = "";
    }
    if (usage != null) {
      usage.openObject(name);
    } else if (objectDepth > 0 && USAGES.contains(path)) {
      usage = new UsageCapture();
      usageDepth = depth;
      event.usage(path, usage.root(), wrapper);
    }
    if (isElement(path)) {
      choice = 0;
      choiceEnded = false;
      itemType = null;
      itemAction = null;
    }
    push(false);
    objectDepth++;
    if (usage == null && !arrays[depth - 1] && isWrapper(path)) {
      openWrapper(path);
    }
  }

  private boolean isWrapper(String path) {
    return wrapper.isEmpty()
        ? objectDepth == 2 && WRAPPERS.containsKey(path)
        : wrapperDepth == depth - 1 && (wrapper + "." + path).equals(WRAPPERS.get(wrapper));
  }

  /** What is inside has the paths that it would have without a wrapper. */
  private void openWrapper(String path) {
    wrapper = wrapper.isEmpty() ? path : wrapper + "." + path;
    wrapperDepth = depth;
    paths[depth] = "";
    event.wrappedIn(wrapper);
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
    if (!wrapper.isEmpty() && depth < wrapperDepth) {
      wrapper = "";
      wrapperDepth = 0;
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
    return path.equals("choices") || path.equals("candidates") || path.equals("output");
  }

  private void elementEnds(String path) {
    if (path.equals("choices") || path.equals("candidates")) {
      event.begunChoices.set(choice);
      if (choiceEnded) {
        event.endedChoices.set(choice);
      }
    } else {
      String billed = itemType == null ? null : BILLED_ITEMS.get(itemType);
      // Opening a page that was found is an item too, but not one that is billed.
      boolean opens = itemAction != null && !itemAction.equals("search");
      if (billed != null && !(opens && billed.equals("web_search"))) {
        event.counts.merge(billed, 1L, Long::sum);
      }
    }
  }

  private void push(boolean array) {
    String path = pathOfValue();
    if (depth > 0 && !arrays[depth] && usage == null && KEYS.contains(path)) {
      event.keys.add(path);
    }
    depth++;
    if (depth == paths.length) {
      paths = Arrays.copyOf(paths, 2 * depth);
      arrays = Arrays.copyOf(arrays, 2 * depth);
    }
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

  private void flag(boolean value) throws JsonEvents.Malformed {
    if (usage != null) {
      usage.add(name, value);
    } else if (objectDepth > 0 && WORDS.contains(pathOfValue())) {
      word(pathOfValue(), Boolean.toString(value));
    }
  }

  private void scalar(JsonToken token, JsonParser parser) throws IOException, JsonEvents.Malformed {
    boolean number = token != JsonToken.VALUE_STRING;
    if (usage != null) {
      String text = parser.getText();
      usage.add(name, number ? new UsageTree.Figure(text) : text);
      if (!number && WORDS.contains(pathOfValue())) {
        word(pathOfValue(), text);
      }
      return;
    }
    if (objectDepth == 0) {
      return;
    }
    if (CONTENT.contains(name) && parser.getTextLength() > 0) {
      event.content = true;
      event.characters += !number && TEXTS.contains(name) ? parser.getTextLength() : 0;
    }
    String path = pathOfValue();
    event.error |= isError(path, number) && parser.getTextLength() > 0;
    if (number && ROOT_COUNTS.contains(path)) {
      event.root.add(path, new UsageTree.Figure(parser.getText()));
    } else if (number && (path.equals("choices.index") || path.equals("candidates.index"))) {
      choice = choice(parser.getText());
    } else if (WORDS.contains(path)) {
      word(path, parser.getText());
    } else if (!number) {
      item(path, parser);
    }
  }

  private static int choice(String index) {
    if (index.isEmpty() || index.length() > MAX_INDEX_DIGITS) {
      return MAX_CHOICE;
    }
    int choice = 0;
    for (int i = 0; i < index.length(); i++) {
      int digit = index.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return MAX_CHOICE;
      }
      choice = 10 * choice + digit;
    }
    return Math.min(choice, MAX_CHOICE);
  }

  /** Errors are told as an object, or in a word; those that say nothing are none. */
  private static boolean isError(String path, boolean number) {
    return path.startsWith("error.") || (path.equals("error") && !number);
  }

  private void word(String path, String text) {
    boolean outer = wrapper.isEmpty() && !event.wrapper.isEmpty();
    event.word(path, text, outer);
    if ((path.equals("choices.finish_reason") || path.equals("candidates.finishReason"))
        && !text.isEmpty()) {
      choiceEnded = true;
    }
  }

  private void item(String path, JsonParser parser) throws IOException {
    switch (path) {
      case "output.type" -> itemType = parser.getText();
      case "output.action.type" -> itemAction = parser.getText();
      case "candidates.groundingMetadata.webSearchQueries",
          "serverContent.groundingMetadata.webSearchQueries" ->
          query(parser.getText());
      default -> {
        // content
      }
    }
  }

  /** The same search is told with every piece of an answer, and empty ones are told too. */
  private void query(String text) {
    if (!text.isBlank() && event.queries.size() < MAX_QUERIES) {
      event.queries.add(text);
    }
  }
}
