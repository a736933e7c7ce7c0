package io.llmaccounting.server;

import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.server.config.Listening;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says why a server does not listen, and what to do about it. */
final class NotListening {
  private static final String OUR_ADDRESSES =
      "Give an address of this machine as --host, or 0.0.0.0 for all that it has.";

  private NotListening() {}

  /** Why it does not listen there. */
  static Failure of(Listening listening, Throwable thrown) {
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    String where = "cannot listen on %s:%d: ".formatted(listening.host(), listening.port());
    String said = String.valueOf(cause.getMessage());
    if (has(cause, UnknownHostException.class) || has(cause, UnresolvedAddressException.class)) {
      return Failure.failed(where + "the host is not known", OUR_ADDRESSES);
    }
    if (has(cause, SocketException.class)) {
      return Failure.failed(where + said, ofSocket(said.toLowerCase(Locale.ROOT)));
    }
    if (listening.certificate() != null && listening.privateKey() != null) {
      return ofFiles(listening.certificate(), listening.privateKey(), said);
    }
    return Failure.failed(where + said, "Give another --host or --port.");
  }

  private static String ofSocket(String said) {
    if (said.contains("in use")) {
      return "Give another --port, or end what listens there.";
    }
    if (said.contains("permission") || said.contains("denied")) {
      return "Give a --port above 1023, or let the process listen below.";
    }
    return OUR_ADDRESSES;
  }

  private static Failure ofFiles(Path certificate, Path privateKey, String said) {
    return Failure.failed(
        "cannot speak TLS with %s and %s: %s".formatted(certificate, privateKey, said),
        "Give PEM files: the chain of certificates as listen.certificate, and its key"
            + " (PKCS #8, not encrypted: BEGIN PRIVATE KEY) as listen.private-key.");
  }

  private static boolean has(@Nullable Throwable cause, Class<? extends Throwable> type) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (type.isInstance(one)) {
        return true;
      }
    }
    return false;
  }
}
