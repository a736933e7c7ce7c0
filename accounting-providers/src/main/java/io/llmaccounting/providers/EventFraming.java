package io.llmaccounting.providers;

import java.nio.charset.StandardCharsets;

/**
 * Finds the JSON in what arrives: all of it, or the data lines of server-sent events. Keeps no
 * line, however long. Confined to one thread.
 */
final class EventFraming {
  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LINE_BREAK = {'\n'};

  private enum In {
    START,
    JSON,
    LINE_START,
    DATA_START,
    DATA_LINE,
    OTHER_LINE
  }

  private final JsonEvents json;
  private final Runnable done;
  private In in = In.START;
  private int lineMatched;
  private int doneMatched;
  private boolean lastWasReturn;
  private boolean sawData;

  EventFraming(JsonEvents json, Runnable done) {
    this.json = json;
    this.done = done;
  }

  boolean isJson() {
    return in == In.JSON;
  }

  boolean sawData() {
    return sawData;
  }

  void take(byte[] bytes, int offset, int length) throws JsonEvents.Malformed {
    int end = offset + length;
    int i = offset;
    if (in == In.START) {
      i = start(bytes, i, end);
    }
    if (in == In.JSON) {
      json.feed(bytes, i, end - i);
      return;
    }
    while (i < end) {
      i =
          switch (in) {
            case DATA_LINE -> dataLine(bytes, i, end);
            case OTHER_LINE -> otherLine(bytes, i, end);
            default -> otherByte(bytes[i], i);
          };
    }
  }

  /** The end of input ends no event, except one that is nothing but the terminal marker. */
  void end() {
    if (doneMatched == DONE.length) {
      done.run();
    }
  }

  private int start(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      if (b == '{' || b == '[') {
        in = In.JSON;
        return i;
      }
      if (!isBlank(b) && !isByteOrderMark(b)) {
        in = In.LINE_START;
        return i;
      }
    }
    return end;
  }

  private static boolean isByteOrderMark(byte b) {
    return b == (byte) 0xEF || b == (byte) 0xBB || b == (byte) 0xBF;
  }

  private int dataLine(byte[] bytes, int from, int end) throws JsonEvents.Malformed {
    int lineEnd = lineEnd(bytes, from, end);
    data(bytes, from, lineEnd);
    return leaveLine(bytes, lineEnd, end);
  }

  private int otherLine(byte[] bytes, int from, int end) {
    return leaveLine(bytes, lineEnd(bytes, from, end), end);
  }

  private static int lineEnd(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }

  private int leaveLine(byte[] bytes, int lineEnd, int end) {
    if (lineEnd < end) {
      lineEnds(bytes[lineEnd]);
      return lineEnd + 1;
    }
    return end;
  }

  private int otherByte(byte b, int i) throws JsonEvents.Malformed {
    if (b == '\n' && lastWasReturn) {
      lastWasReturn = false;
      return i + 1;
    }
    lastWasReturn = false;
    if (b == '\n' || b == '\r') {
      if (in == In.LINE_START && lineMatched == 0) {
        eventEnds();
      }
      lineEnds(b);
      return i + 1;
    }
    return switch (in) {
      case LINE_START -> lineStart(b, i);
      case DATA_START -> {
        in = In.DATA_LINE;
        yield b == ' ' ? i + 1 : i;
      }
      default -> i + 1;
    };
  }

  private int lineStart(byte b, int i) throws JsonEvents.Malformed {
    if (b != DATA[lineMatched]) {
      in = In.OTHER_LINE;
      return i + 1;
    }
    lineMatched++;
    if (lineMatched == DATA.length) {
      in = In.DATA_START;
      sawData = true;
      boolean hasEnded = doneMatched == DONE.length || (doneMatched < 0 && !json.isOpen());
      if (hasEnded) {
        // some servers leave out the empty line after an event
        eventEnds();
      } else if (doneMatched != 0) {
        data(LINE_BREAK, 0, 1);
      }
    }
    return i + 1;
  }

  private void lineEnds(byte b) {
    lastWasReturn = b == '\r';
    lineMatched = 0;
    in = In.LINE_START;
  }

  /** Holds data back for as long as it may be the terminal marker, which is no JSON. */
  private void data(byte[] bytes, int from, int end) throws JsonEvents.Malformed {
    int i = from;
    while (doneMatched >= 0 && i < end) {
      byte b = bytes[i];
      boolean blankAround = isBlank(b) && (doneMatched == 0 || doneMatched == DONE.length);
      if (!blankAround) {
        if (doneMatched == DONE.length || b != DONE[doneMatched]) {
          releaseHeldBack();
          break;
        }
        doneMatched++;
      }
      i++;
    }
    if (i < end) {
      json.feed(bytes, i, end - i);
    }
  }

  private void eventEnds() throws JsonEvents.Malformed {
    if (doneMatched == DONE.length) {
      done.run();
    } else if (doneMatched != 0) {
      if (doneMatched > 0) {
        releaseHeldBack();
      }
      json.endEvent();
    }
    doneMatched = 0;
  }

  private void releaseHeldBack() throws JsonEvents.Malformed {
    json.feed(DONE, 0, doneMatched);
    doneMatched = -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
