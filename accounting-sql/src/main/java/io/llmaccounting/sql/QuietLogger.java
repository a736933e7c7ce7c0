package io.llmaccounting.sql;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs at DEBUG what its caller logs at INFO. Safe for use by many threads. */
final class QuietLogger extends AbstractLogger {
  private static final long serialVersionUID = 1L;

  private final transient Logger target;

  QuietLogger(Logger target) {
    this.target = target;
    this.name = target.getName();
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return QuietLogger.class.getName();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable cause) {
    Level quiet = level == Level.INFO ? Level.DEBUG : level;
    LoggingEventBuilder event = target.atLevel(quiet).setMessage(message).setCause(cause);
    if (marker != null) {
      event = event.addMarker(marker);
    }
    if (arguments != null) {
      for (Object argument : arguments) {
        event = event.addArgument(argument);
      }
    }
    event.log();
  }

  @Override
  public boolean isTraceEnabled() {
    return target.isTraceEnabled();
  }

  @Override
  public boolean isTraceEnabled(Marker marker) {
    return target.isTraceEnabled(marker);
  }

  @Override
  public boolean isDebugEnabled() {
    return target.isDebugEnabled();
  }

  @Override
  public boolean isDebugEnabled(Marker marker) {
    return target.isDebugEnabled(marker);
  }

  @Override
  public boolean isInfoEnabled() {
    return target.isDebugEnabled();
  }

  @Override
  public boolean isInfoEnabled(Marker marker) {
    return target.isDebugEnabled(marker);
  }

  @Override
  public boolean isWarnEnabled() {
    return target.isWarnEnabled();
  }

  @Override
  public boolean isWarnEnabled(Marker marker) {
    return target.isWarnEnabled(marker);
  }

  @Override
  public boolean isErrorEnabled() {
    return target.isErrorEnabled();
  }

  @Override
  public boolean isErrorEnabled(Marker marker) {
    return target.isErrorEnabled(marker);
  }
}
