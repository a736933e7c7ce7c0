package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.spring.internal.Metered;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.NativeDetector;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

/**
 * Meters the models among the beans of an application. A model's class can be injected as before: a
 * subclass of it, made at run time, hands calls of a model's interface to the one that meters, and
 * everything else to the model. Where there can be no subclass, its interfaces can be injected
 * only.
 */
final class MeteredBeans implements BeanPostProcessor, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(MeteredBeans.class);

  // our own decorators, where the application has made one itself
  private static final Pattern METERED = Pattern.compile("io\\.llmaccounting\\.\\w+\\.Metered\\w+");

  private final ObjectProvider<Meterable<?>> source;
  private final CallMeter meter;
  private final Set<String> excluded;
  private final ModelNames names;
  private final ConfigurableListableBeanFactory beans;

  private @Nullable List<Meterable<?>> kinds;

  MeteredBeans(
      ObjectProvider<Meterable<?>> source,
      CallMeter meter,
      Set<String> excluded,
      ModelNames names,
      ConfigurableListableBeanFactory beans) {
    this.beans = beans;
    this.source = source;
    this.meter = meter;
    this.excluded = Set.copyOf(excluded);
    this.names = names;
  }

  // outside of what others put around the bean
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (excluded.contains(name) || METERED.matcher(bean.getClass().getName()).matches()) {
      return bean;
    }
    List<MeteredCalls.Side> sides = new ArrayList<>();
    for (Meterable<?> kind : kinds()) {
      if (kind.type().isInstance(bean)) {
        side(kind, bean, name).ifPresent(sides::add);
      }
    }
    if (sides.isEmpty()) {
      return bean;
    }
    isClosedBeforeTheAccounting(name);
    return standIn(bean, name, sides);
  }

  private Optional<MeteredCalls.Side> side(Meterable<?> kind, Object bean, String name) {
    Object metered = kind.metered(bean, names.of(bean, name), meter);
    if (metered == null) {
      LOG.warn(
          "The bean {} of {} is not metered, because nothing tells the name of its model; say it in"
              + " {}.{}, or name the bean in llm.accounting.metering.exclude",
          name,
          bean.getClass(),
          ModelNames.PROPERTY,
          name);
    }
    return Optional.ofNullable(metered).map(one -> new MeteredCalls.Side(kind.type(), one));
  }

  // and with it whoever was given this bean, so that the last calls are recorded
  private void isClosedBeforeTheAccounting(String name) {
    for (String accounting : beans.getBeanNamesForType(LlmAccounting.class, false, false)) {
      beans.registerDependentBean(accounting, name);
    }
  }

  private List<Meterable<?>> kinds() {
    List<Meterable<?>> known = kinds;
    if (known == null) {
      kinds = List.of(); // while they are made themselves
      known = source.stream().toList();
      kinds = known;
    }
    return known;
  }

  private static Object standIn(Object bean, String name, List<MeteredCalls.Side> sides) {
    ProxyFactory factory = new ProxyFactory(bean);
    boolean subclass = mayHaveSubclass(bean.getClass());
    factory.setProxyTargetClass(subclass);
    if (!subclass) {
      factory.addInterface(Metered.class);
    }
    factory.addAdvice(new MeteredCalls(sides));
    LOG.debug(
        "The bean {} of {} is metered{}",
        name,
        bean.getClass(),
        subclass ? "" : " and can be injected by its interfaces only");
    return factory.getProxy(bean.getClass().getClassLoader());
  }

  private static boolean mayHaveSubclass(Class<?> type) {
    return !Modifier.isFinal(type.getModifiers())
        && !type.isSealed()
        && !type.isHidden()
        && Arrays.stream(type.getDeclaredConstructors())
            .anyMatch(one -> !Modifier.isPrivate(one.getModifiers()))
        && !ClassUtils.isLambdaClass(type)
        && !Proxy.isProxyClass(type)
        && !NativeDetector.inNativeImage();
  }
}
