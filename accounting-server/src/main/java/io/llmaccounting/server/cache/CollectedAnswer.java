package io.llmaccounting.server.cache;

import io.llmaccounting.providers.AnswerStream;
import io.llmaccounting.providers.UnreadableAnswerException;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.vertx.core.buffer.Buffer;
import java.util.function.BiConsumer;

/**
 * An answer that is kept once it is whole: it came to the end that its provider gives it, told what
 * it used, and was not too long. Confined to one thread.
 */
public final class CollectedAnswer {
  private final long longest;
  private final boolean events;
  private final AnswerStream reading;
  private final BiConsumer<Buffer, ModelAnswer> keep;
  private Buffer body = Buffer.buffer();
  private boolean dropped;

  CollectedAnswer(
      long longest, boolean events, AnswerStream reading, BiConsumer<Buffer, ModelAnswer> keep) {
    this.longest = longest;
    this.events = events;
    this.reading = reading;
    this.keep = keep;
  }

  /** The upstream has sent this. */
  public void came(Buffer piece) {
    if (!dropped) {
      reading.feed(piece.getBytes());
    }
  }

  /** The client is shown this. */
  public void shown(Buffer piece) {
    if (dropped) {
      return;
    }
    if (body.length() + piece.length() > longest) {
      dropped = true;
      body = Buffer.buffer();
    } else {
      body.appendBuffer(piece);
    }
  }

  /** All of it has come. */
  public void completed() {
    if (dropped || reading.isFailed()) {
      return;
    }
    try {
      ModelAnswer told = events ? reading.finish().answer() : reading.finishWhole().answer();
      boolean whole = events ? reading.isTerminated() : reading.isWhole();
      if (whole && told.source() == TokenSource.REPORTED && !"failed".equals(told.finishReason())) {
        keep.accept(body, told);
      }
    } catch (UnreadableAnswerException e) {
      // what cannot be read is not kept
      dropped = true;
    }
  }
}
