package io.llmaccounting.spring;

import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.ComposablePointcut;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;

/** Meters the annotated methods of beans, of any class that can have a subclass. */
final class TrackedMethods extends AbstractBeanFactoryAwareAdvisingPostProcessor {
  private static final long serialVersionUID = 1L;

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
}
