package io.llmaccounting.jakarta;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Takes a part of a call from a parameter of a method with {@link TrackLlmUsage}, as its {@link
 * Object#toString}. It comes before what the annotation of the method says, unless it is null or
 * blank.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface LlmParam {
  /** Which part. */
  Part value();

  /** The parts of a call that a parameter may tell. */
  enum Part {
    /** The model that is asked. */
    MODEL,
    /** The provider. */
    PROVIDER,
    /** The project. */
    PROJECT,
    /** The person or account. */
    USER,
    /** The application or feature that calls. */
    CALLER,
    /** The conversation or run. */
    SESSION
  }
}
