package io.llmaccounting.spring;

import io.llmaccounting.usage.Attribution;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.Expression;
import org.springframework.expression.ExpressionException;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.ParserContext;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Reads the texts of an annotation for one call of a method. Safe for use by many threads. */
final class SaidInAnnotation {
  private final ConfigurableBeanFactory beans;
  private final ExpressionParser parser = new SpelExpressionParser();
  private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
  private final Map<String, Expression> expressions = new ConcurrentHashMap<>();

  SaidInAnnotation(ConfigurableBeanFactory beans) {
    this.beans = beans;
  }

  /** Who calls, as the annotation says. */
  Attribution who(TrackLlmUsage said, MethodInvocation call) {
    return Attribution.NONE
        .withProject(text("project", said.project(), call))
        .withUser(text("user", said.user(), call))
        .withCaller(text("caller", said.caller(), call))
        .withSession(text("session", said.session(), call));
  }

  /** One text; null where it is empty. */
  @Nullable String text(String attribute, String said, MethodInvocation call) {
    if (said.isEmpty()) {
      return null;
    }
    try {
      String resolved = beans.resolveEmbeddedValue(said);
      if (resolved == null || !resolved.contains("#{")) {
        return resolved;
      }
      Object value = expression(resolved).getValue(context(call));
      return value == null ? null : value.toString().strip();
    } catch (ExpressionException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "@TrackLlmUsage(%s = \"%s\") on %s cannot be read: %s"
              .formatted(attribute, said, call.getMethod(), e.getMessage()),
          e);
    }
  }

  private Expression expression(String text) {
    return expressions.computeIfAbsent(
        text, template -> parser.parseExpression(template, ParserContext.TEMPLATE_EXPRESSION));
  }

  private MethodBasedEvaluationContext context(MethodInvocation call) {
    Method method = call.getMethod();
    Object self = call.getThis();
    MethodBasedEvaluationContext context =
        new MethodBasedEvaluationContext(
            self == null ? method : self, method, call.getArguments(), names);
    context.setBeanResolver(new BeanFactoryResolver(beans));
    return context;
  }
}
