package io.llmaccounting.providers.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one shape of request says what: everything that is read of it is declared here, so that the
 * documentation lists no less and no more. An array adds nothing to a path; {@code a.**} is
 * everything under {@code a}, names included; {@code a.type=b} is met where the text at {@code
 * a.type} is {@code b}, {@code a.type=b/*} where it starts with {@code b/}. Not changed once it is
 * built.
 */
final class RequestFields {
  private final RequestShape shape;
  private final String operation;
  private @Nullable String provider;
  private boolean streamsUnasked;
  private boolean streamsByHeader;
  private final List<String> needs = new ArrayList<>();
  private final List<String> signs = new ArrayList<>();
  private final List<String> modelStarts = new ArrayList<>();
  private final List<String> wrappers = new ArrayList<>();
  private final List<String> sections = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final Map<String, String> textsIf = new LinkedHashMap<>();
  private final List<String> metadata = new ArrayList<>();
  private final Map<RequestWord, List<String>> words = new EnumMap<>(RequestWord.class);
  private final Map<Counted, List<String>> counted = new EnumMap<>(Counted.class);

  /** A shape whose requests are of this operation, where their path says nothing else. */
  RequestFields(RequestShape shape, String operation) {
    this.shape = shape;
    this.operation = operation;
  }

  /** The provider that alone takes such requests. */
  RequestFields provider(String name) {
    provider = name;
    return this;
  }

  /** Answers are streamed where a request says nothing about it. */
  RequestFields streamsUnasked() {
    streamsUnasked = true;
    return this;
  }

  /** A header alone asks for a stream, whatever the body says. */
  RequestFields streamsByHeader() {
    streamsByHeader = true;
    return this;
  }

  /** At least one of these must be there for a request to have this shape. */
  RequestFields needs(String... paths) {
    needs.addAll(List.of(paths));
    return this;
  }

  /** Each of these that is there makes the shape surer. */
  RequestFields signs(String... paths) {
    signs.addAll(List.of(paths));
    return this;
  }

  /** A model that starts so, whatever its case, makes the shape surer. */
  RequestFields modelStarts(String... starts) {
    modelStarts.addAll(List.of(starts));
    return this;
  }

  /** Objects in which a whole request may stand. */
  RequestFields wrappedIn(String... names) {
    wrappers.addAll(List.of(names));
    return this;
  }

  /** The order in which the model reads what stands under these keys; for the cacheable prefix. */
  RequestFields readInOrder(String... names) {
    sections.addAll(List.of(names));
    return this;
  }

  /** Texts that reach the model. Whole numbers in their place are ids of tokens. */
  RequestFields text(String... paths) {
    texts.addAll(List.of(paths));
    return this;
  }

  /**
   * A text that reaches the model as such only if {@code condition}, in the same object, is met.
   */
  RequestFields textIf(String path, String condition) {
    textsIf.put(path, condition);
    return this;
  }

  /** Objects of names and texts that the caller made up. */
  RequestFields metadata(String... paths) {
    metadata.addAll(List.of(paths));
    return this;
  }

  /** The places of a single value; the first that is there is read. */
  RequestFields word(RequestWord word, String... paths) {
    words.computeIfAbsent(word, w -> new ArrayList<>()).addAll(List.of(paths));
    return this;
  }

  /** Objects, texts and conditions of which each is counted as one. */
  RequestFields count(Counted what, String... paths) {
    counted.computeIfAbsent(what, c -> new ArrayList<>()).addAll(List.of(paths));
    return this;
  }

  RequestShape shape() {
    return shape;
  }

  String operation() {
    return operation;
  }

  @Nullable String provider() {
    return provider;
  }

  boolean isStreamedUnasked() {
    return streamsUnasked;
  }

  boolean isStreamedByHeader() {
    return streamsByHeader;
  }

  List<String> needs() {
    return needs;
  }

  List<String> signs() {
    return signs;
  }

  List<String> modelStarts() {
    return modelStarts;
  }

  List<String> wrappers() {
    return wrappers;
  }

  List<String> sections() {
    return sections;
  }

  List<String> texts() {
    return texts;
  }

  Map<String, String> textsIf() {
    return textsIf;
  }

  List<String> metadata() {
    return metadata;
  }

  Collection<String> words(RequestWord word) {
    return words.getOrDefault(word, List.of());
  }

  Collection<String> counted(Counted what) {
    return counted.getOrDefault(what, List.of());
  }
}
