package io.llmaccounting.tap;

import java.io.IOException;

/**
 * A provider answered with an error. Stands on records of failed calls; never thrown to
 * applications, whose client tells them in its own way.
 */
final class ProviderErrorException extends IOException {
  private static final long serialVersionUID = 1L;

  ProviderErrorException(String problem) {
    super(problem);
  }

  static ProviderErrorException ofStatus(int status) {
    return new ProviderErrorException("the provider answered with status " + status);
  }

  /** An answer or a stream that says that it failed. */
  static ProviderErrorException ofEvent() {
    return new ProviderErrorException("the provider ended the stream with an error");
  }

  /** The answer ended, and says itself that it failed. */
  static ProviderErrorException ofFinish(String reason) {
    return new ProviderErrorException("the provider ended the answer as " + reason);
  }
}
