package io.llmaccounting.tap.fake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the provider answers with, piece by piece. Immutable: each method returns a copy. Pieces of
 * a stream are its events; a whole answer is one piece.
 */
public final class FakeAnswer {
  final int status;
  final Map<String, String> headers;
  final List<byte[]> pieces;
  final Map<Integer, Gate> gates;
  final boolean packed;
  final int brokenAt;
  final int repeated;
  final int times;

  private FakeAnswer(Draft draft) {
    this.status = draft.status;
    this.headers = Map.copyOf(draft.headers);
    this.pieces = List.copyOf(draft.pieces);
    this.gates = Map.copyOf(draft.gates);
    this.packed = draft.packed;
    this.brokenAt = draft.brokenAt;
    this.repeated = draft.repeated;
    this.times = draft.times;
  }

  private static final class Draft {
    int status = 200;
    final Map<String, String> headers = new LinkedHashMap<>();
    List<byte[]> pieces = List.of();
    final Map<Integer, Gate> gates = new HashMap<>();
    boolean packed;
    int brokenAt = -1;
    int repeated = -1;
    int times = 1;

    static Draft of(FakeAnswer answer) {
      Draft draft = new Draft();
      draft.status = answer.status;
      draft.headers.putAll(answer.headers);
      draft.pieces = answer.pieces;
      draft.gates.putAll(answer.gates);
      draft.packed = answer.packed;
      draft.brokenAt = answer.brokenAt;
      draft.repeated = answer.repeated;
      draft.times = answer.times;
      return draft;
    }
  }

  /** An answer with status 200. */
  static FakeAnswer of(String contentType, List<byte[]> pieces) {
    Draft draft = new Draft();
    draft.headers.put("Content-Type", contentType);
    draft.pieces = pieces;
    return new FakeAnswer(draft);
  }

  /** A whole answer in JSON. */
  public static FakeAnswer json(String body) {
    return of("application/json", List.of(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** An error in the form that most providers give it. */
  public static FakeAnswer error(int status) {
    return json("{\"type\":\"error\",\"error\":{\"type\":\"fake_error\",\"code\":%d,\"message\":\"planned by a test\"}}"
            .formatted(status))
        .status(status);
  }

  /** Status 429, with the header {@code Retry-After} of so many seconds. */
  public static FakeAnswer tooMany(int retryAfterSeconds) {
    return error(429).header("Retry-After", Integer.toString(retryAfterSeconds));
  }

  /** With this status. */
  public FakeAnswer status(int code) {
    Draft draft = Draft.of(this);
    draft.status = code;
    return new FakeAnswer(draft);
  }

  /** With one more header. */
  public FakeAnswer header(String name, String value) {
    Draft draft = Draft.of(this);
    draft.headers.put(name, value);
    return new FakeAnswer(draft);
  }

  /** Packed by gzip, if the client says that it takes that. */
  public FakeAnswer gzip() {
    Draft draft = Draft.of(this);
    draft.packed = true;
    return new FakeAnswer(draft);
  }

  /** The same bytes in pieces of so many. */
  public FakeAnswer inPiecesOf(int bytes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pieces.forEach(all::writeBytes);
    byte[] whole = all.toByteArray();
    List<byte[]> cut = new ArrayList<>();
    for (int from = 0; from < whole.length; from += bytes) {
      cut.add(java.util.Arrays.copyOfRange(whole, from, Math.min(whole.length, from + bytes)));
    }
    Draft draft = Draft.of(this);
    draft.pieces = cut;
    return new FakeAnswer(draft);
  }

  /**
   * Waits at {@code gate} before the piece of this index is sent; before the last boundary where it
   * is the number of pieces, and before the headers where it is below 0.
   */
  public FakeAnswer waitingBefore(int piece, Gate gate) {
    Draft draft = Draft.of(this);
    draft.gates.put(piece, gate);
    return new FakeAnswer(draft);
  }

  /** Breaks the connection off before the piece of this index. */
  public FakeAnswer brokenBefore(int piece) {
    Draft draft = Draft.of(this);
    draft.brokenAt = piece;
    return new FakeAnswer(draft);
  }

  /** Ends in good order before the piece of this index. */
  public FakeAnswer endingBefore(int piece) {
    Draft draft = Draft.of(this);
    draft.pieces = pieces.subList(0, piece);
    return new FakeAnswer(draft);
  }

  /** Sends the piece of this index so many times. */
  public FakeAnswer repeating(int piece, int times) {
    Draft draft = Draft.of(this);
    draft.repeated = piece;
    draft.times = times;
    return new FakeAnswer(draft);
  }

  /** With its text changed, in each piece. For answers that are text throughout. */
  public FakeAnswer edited(UnaryOperator<String> edit) {
    Draft draft = Draft.of(this);
    draft.pieces =
        pieces.stream()
            .map(piece -> new String(piece, StandardCharsets.UTF_8))
            .map(text -> edit.apply(text).getBytes(StandardCharsets.UTF_8))
            .toList();
    return new FakeAnswer(draft);
  }

  /** How many pieces it has. */
  public int size() {
    return pieces.size();
  }

  int timesOf(int piece) {
    return piece == repeated ? times : 1;
  }

  @Nullable Gate gateBefore(int piece) {
    return gates.get(piece);
  }
}
