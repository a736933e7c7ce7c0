package io.llmaccounting.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.ComposablePointcut;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/** Meters the annotated methods of beans, of any class that can have a subclass. */
final class TrackedMethods extends AbstractBeanFactoryAwareAdvisingPostProcessor {
  private static final long serialVersionUID = 1L;

  private static final List<String> FRAMEWORK =
      Stream.of("aop", "beans", "boot", "cache", "context", "core", "http", "jdbc", "scheduling")
          .map("org.springframework.%s."::formatted)
          .toList();

  TrackedMethods(MethodInterceptor calls) {
    // outside of retries and transactions
    setBeforeExistingAdvisors(true);
    setProxyTargetClass(true);
    this.advisor =
        new DefaultPointcutAdvisor(
            new ComposablePointcut(new AnnotationMatchingPointcut(TrackLlmUsage.class, true))
                .union(
                    (org.springframework.aop.Pointcut)
                        new AnnotationMatchingPointcut(null, TrackLlmUsage.class, true)),
            calls);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    Class<?> type = AopUtils.getTargetClass(bean);
    if (bean instanceof AopInfrastructureBean || advisor == null || !isEligible(type)) {
      return bean;
    }
    Object seen = advised(bean, name);
    ReflectionUtils.doWithMethods(type, method -> requireSeen(method, AopUtils.isCglibProxy(seen)));
    return seen;
  }

  // nobody annotates what the framework brings, and to look at it took longer than all else here;
  // known by its packages, for in one jar or an image all classes may come from one place
  @Override
  protected boolean isEligible(Class<?> type) {
    return FRAMEWORK.stream().noneMatch(type.getName()::startsWith) && super.isEligible(type);
  }

  private Object advised(Object bean, String name) {
    if (bean instanceof Advised chain && !chain.isFrozen()) {
      chain.addAdvisor(place(chain.getAdvisors()), advisor);
      return bean;
    }
    return super.postProcessAfterInitialization(bean, name);
  }

  /** After those that decide whether the method runs at all: it asks no model if it does not. */
  private static int place(Advisor[] chain) {
    int place = 0;
    for (int i = 0; i < chain.length; i++) {
      String advice = chain[i].getAdvice().getClass().getName();
      if (advice.startsWith("org.springframework.security.")
          || advice.startsWith("org.springframework.cache.")) {
        place = i + 1;
      }
    }
    return place;
  }

  // nobody sees calls of such a method, which would pass limits by
  private static void requireSeen(Method method, boolean bySubclass) {
    int modifiers = method.getModifiers();
    boolean isHidden =
        Modifier.isPrivate(modifiers)
            || Modifier.isStatic(modifiers)
            || (bySubclass && Modifier.isFinal(modifiers));
    if (isHidden && AnnotatedElementUtils.hasAnnotation(method, TrackLlmUsage.class)) {
      throw new IllegalStateException(
          "@TrackLlmUsage on %s has no effect, because calls of it cannot be seen from outside:"
                  .formatted(method)
              + " let it be neither private, static nor final");
    }
  }
}
