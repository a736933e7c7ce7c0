package io.llmaccounting.server.command;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of signals that come while the process ends already, which Java itself leaves alone. By
 * reflection: its type is in a module that a small image of Java may lack, and then nobody hears.
 */
final class SecondSignal {
  private static final Logger log = LoggerFactory.getLogger(SecondSignal.class);

  private SecondSignal() {}

  /** From now on SIGTERM and Ctrl-C do nothing but run {@code then}, each time. */
  static void calls(Runnable then) {
    for (String name : new String[] {"TERM", "INT"}) {
      try {
        handle(name, then);
      } catch (ReflectiveOperationException e) {
        log.debug("a second signal {} is not heard", name, e);
      }
    }
  }

  private static void handle(String name, Runnable then) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object handles =
        Proxy.newProxyInstance(
            SecondSignal.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    then.run();
                    yield null;
                  }
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> "SecondSignal " + name;
                });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handles);
  }
}
