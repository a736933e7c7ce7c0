package io.llmaccounting.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Meters the methods of a bean, as {@link io.llmaccounting.tap.MeteredMethod} does. A method whose
 * model is given is a call of that model, unless a metered client inside makes it; one whose model
 * is left out only says who calls. On a class it holds for all public methods without one of their
 * own. As with every annotation of Spring, a call within the same object passes it by. Classes in
 * the packages aop, beans, boot, cache, context, core, http, jdbc and scheduling of
 * org.springframework, and below them, are not looked at.
 *
 * <p>Texts may hold placeholders <code>${app.model}</code> and expressions of Spring's language,
 * which see the parameters by their names, where these are compiled in: <code>#{#order.customer}
 * </code>; else by their places: <code>#{#a0.customer}</code>. What is empty is taken from the
 * {@link io.llmaccounting.call.CallContext}, then from the defaults of the accounting. An
 * expression that fails lets the call fail before the method runs, because an unattributed call
 * would pass limits by.
 *
 * <p>What a method returns is read where it is a {@link io.llmaccounting.usage.ModelAnswer}, a
 * {@link io.llmaccounting.usage.TokenUsage}, or of a type that an adapter on the class path knows;
 * also in an {@code Optional}, a {@code CompletionStage}, a {@code Mono} or {@code Flux}. A call
 * that a limit has no room for throws {@link io.llmaccounting.limit.QuotaExceededException}, and
 * the method does not run.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface TrackLlmUsage {
  /** The model that the method asks; empty if a metered client inside knows it. */
  String model() default "";

  /** OpenTelemetry's name of the provider, for instance {@code openai}. */
  String provider() default "";

  /** The project. */
  String project() default "";

  /** The person or account. */
  String user() default "";

  /** The application or feature that calls. */
  String caller() default "";

  /** The conversation or run. */
  String session() default "";

  /** How many input tokens are expected; below 0 for the configured default. */
  long inputTokens() default -1;

  /** How many output tokens are expected at most; below 0 for an estimate. */
  long maxOutputTokens() default -1;
}
