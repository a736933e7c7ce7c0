package io.llmaccounting.providers;

import io.llmaccounting.providers.CodexHistory.Taken;
import org.jspecify.annotations.Nullable;

/** Tells the texts of one file apart, and what each of them means. Confined to one thread. */
final class HistoryLines {
  private static final String NO_USAGE = HistoryReader.NO_USAGE;
  private static final String NEITHER =
      "a line must be an object with the fields of a call or an answer of a provider, was neither";

  private static final String SUMS =
      "must be a call or an answer, was an export with sums of many calls: compare it with what was"
          + " recorded (reconcile)";

  /** A stream that was kept piece by piece, as far as it has come. */
  private static final class Pieces {
    final AnswerStream stream;
    final long line;
    @Nullable String id;

    Pieces(AnswerStream stream, long line) {
      this.stream = stream;
      this.line = line;
    }

    /** Whether these have ended before {@code next}; what follows an answer says so itself. */
    boolean ends(AnswerStream next) {
      return stream.isTerminated() && next.shape() == Shape.OPENAI_RESPONSES;
    }
  }

  private final UsageReader reader;
  private final HistoryListener listener;
  private final CodexHistory codex = new CodexHistory();
  private final GrowingAnswers growing;
  private boolean sawMessages;
  private @Nullable Pieces pieces;

  HistoryLines(UsageReader reader, HistoryListener listener) {
    this.reader = reader;
    this.listener = listener;
    this.growing = new GrowingAnswers(listener);
  }

  void take(long line, byte[] text, boolean element) {
    HistoryMarks marks = HistoryMarks.of(text);
    try {
      if (listener.takes(line, marks.names(), text)) {
        return;
      }
      Taken taken = codex.take(marks);
      if (taken == null) {
        answer(line, text, marks, element);
      } else if (taken.answer() == null) {
        listener.skipped(line, String.valueOf(taken.reason()));
      } else {
        handOn(line, taken.answer(), null);
      }
    } catch (UnreadableAnswerException | IllegalArgumentException e) {
      listener.unreadable(line, String.valueOf(e.getMessage()));
    }
  }

  void end() {
    endPieces();
    growing.end();
  }

  private void answer(long line, byte[] text, HistoryMarks marks, boolean element) {
    AnswerStream stream = reader.stream();
    stream.feed(text);
    boolean piece = stream.inPieces() || (element && isPieceOfGemini(stream));
    if (piece || endsPieces(stream)) {
      piece(line, text, stream, marks);
      if (!piece) {
        endPieces();
      }
      return;
    }
    endPieces();
    whole(line, stream.finishWhole(), marks);
  }

  private void whole(long line, ReadAnswer read, HistoryMarks marks) {
    boolean counts = read.answer().tokens() != null || read.answer().rawUsage() != null;
    String problem = counts ? null : problem(marks);
    if (problem != null) {
      listener.skipped(line, problem);
    } else if (isMadeUp(marks)) {
      listener.skipped(line, "is a notice of Claude Code itself");
    } else if (marks.wordIs("type", "result") && marks.word("session_id") != null) {
      sum(line, read, marks);
    } else if (marks.hasObject("message") && marks.word("type") != null) {
      message(line, read);
    } else if (read.shape() == Shape.UNKNOWN) {
      unknown(line, marks);
    } else {
      String request = marks.word("id");
      boolean named = request != null && request.startsWith("batch_req_");
      handOn(line, read, named ? request : null);
    }
  }

  /** Why a request of a batch, or one that was kept alone, has no answer; null if it may have. */
  private static @Nullable String problem(HistoryMarks marks) {
    String result = marks.word("result.type");
    if (result != null && !result.equals("succeeded")) {
      return "is a request of a batch that %.40s".formatted(result);
    }
    String status = marks.word("response.status_code");
    if (status != null && !status.startsWith("2")) {
      return "is a request of a batch that failed with status %.40s".formatted(status);
    }
    if (marks.hasObject("error") || marks.word("error") != null) {
      String code = marks.firstWord("error.code", "error.type", "error.status");
      return code == null ? "is an error" : "is an error, %.40s".formatted(code);
    }
    return null;
  }

  private static boolean isMadeUp(HistoryMarks marks) {
    return marks.wordIs("message.model", "<synthetic>")
        || marks.wordIs("isApiErrorMessage", "true");
  }

  /** The last line of what Claude Code prints sums up the calls on the lines before. */
  private void sum(long line, ReadAnswer read, HistoryMarks marks) {
    if (sawMessages) {
      listener.skipped(line, "sums up the lines before it");
    } else if (read.answer().tokens() == null) {
      listener.skipped(line, NO_USAGE);
    } else {
      handOn(line, read, marks.word("uuid"));
    }
  }

  private void message(long line, ReadAnswer read) {
    if (read.answer().tokens() == null && read.answer().rawUsage() == null) {
      listener.skipped(line, NO_USAGE);
      return;
    }
    sawMessages = true;
    ReadAnswer told = GrowingAnswers.unfinished(read);
    String id = told.answer().responseId();
    PastAnswer past = new PastAnswer(line, told, id);
    if (id == null) {
      listener.answer(past);
    } else {
      growing.take(id, past);
    }
  }

  private void unknown(long line, HistoryMarks marks) {
    boolean ofAnthropic = marks.names().contains("has_more") && marks.names().contains("next_page");
    if (ofAnthropic || marks.wordIs("object", "page") || marks.wordIs("object", "bucket")) {
      listener.unreadable(line, SUMS);
    } else if (marks.word("type") == null) {
      listener.unreadable(line, NEITHER);
    } else {
      listener.skipped(line, NO_USAGE);
    }
  }

  private void handOn(long line, ReadAnswer read, @Nullable String other) {
    listener.answer(new PastAnswer(line, read, HistoryReader.key(read, other)));
  }

  /** Pieces of Gemini's are not marked as such; the last of them says why it is the last. */
  private static boolean isPieceOfGemini(AnswerStream stream) {
    return stream.shape() == Shape.GEMINI && !stream.isTerminated();
  }

  /** Whether this is the last of the pieces, which is not marked as one. */
  private boolean endsPieces(AnswerStream stream) {
    Pieces open = pieces;
    if (open == null) {
      return false;
    }
    return switch (stream.shape()) {
      case GEMINI -> open.stream.shape() == Shape.GEMINI;
      case OLLAMA, LLAMA_CPP ->
          open.stream.shape() == stream.shape() || open.stream.shape() == Shape.UNKNOWN;
      default -> false;
    };
  }

  private void piece(long line, byte[] text, AnswerStream stream, HistoryMarks marks) {
    String id = marks.firstWord("id", "responseId");
    Pieces open = pieces;
    boolean begins =
        marks.wordIs("type", "message_start")
            || marks.wordIs("type", "response.created")
            || (open != null && open.id != null && id != null && !open.id.equals(id))
            || (open != null && open.ends(stream));
    if (open == null || begins) {
      endPieces();
      open = new Pieces(stream, line);
      pieces = open;
    } else {
      open.stream.feed(text);
    }
    open.id = open.id == null ? id : open.id;
  }

  private void endPieces() {
    Pieces open = pieces;
    pieces = null;
    if (open != null) {
      ReadAnswer read = open.stream.finishWhole();
      if (read.answer().tokens() == null && read.shape() == Shape.UNKNOWN) {
        listener.skipped(open.line, NO_USAGE);
      } else {
        handOn(open.line, read, null);
      }
    }
  }
}
