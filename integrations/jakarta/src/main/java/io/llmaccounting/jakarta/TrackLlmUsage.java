package io.llmaccounting.jakarta;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Meters the methods of a CDI bean, as {@link io.llmaccounting.tap.MeteredMethod} does. A method
 * whose model is given is a call of that model, unless a metered client inside makes it; one whose
 * model is left out only says who calls. On a class it holds for all methods without one of their
 * own.
 *
 * <p>Each part may come from a parameter instead, see {@link LlmParam}. What is empty is taken from
 * the {@link io.llmaccounting.call.CallContext}, then from a {@link LlmCaller} bean, then from the
 * defaults of the accounting.
 *
 * <p>It needs one bean of type {@link io.llmaccounting.call.CallMeter}, for instance a produced
 * {@code LlmAccounting}. A call that a limit has no room for throws {@link
 * io.llmaccounting.limit.QuotaExceededException}, and the method does not run.
 */
@InterceptorBinding
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface TrackLlmUsage {
  /** The model that the method asks; empty if a metered client inside knows it. */
  @Nonbinding
  String model() default "";

  /** OpenTelemetry's name of the provider, for instance {@code openai}. */
  @Nonbinding
  String provider() default "";

  /** OpenTelemetry's name of the operation, for instance {@code chat} or {@code embeddings}. */
  @Nonbinding
  String operation() default "";

  /** The project. */
  @Nonbinding
  String project() default "";

  /** The person or account. */
  @Nonbinding
  String user() default "";

  /** The application or feature that calls. */
  @Nonbinding
  String caller() default "";

  /** The conversation or run. */
  @Nonbinding
  String session() default "";

  /** How many input tokens are expected; below 0 for the configured default. */
  @Nonbinding
  long inputTokens() default -1;

  /** How many output tokens are expected at most; below 0 for an estimate. */
  @Nonbinding
  long maxOutputTokens() default -1;
}
