package io.llmaccounting.tap.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a free port of loopback. Answers with what a test has said, one after the other,
 * and then by itself: golden answers in the shape of the path, whole or streamed as the request
 * asks, with usage in a stream where the request asks for that. Safe for use by many threads.
 */
public final class FakeProvider implements AutoCloseable {
  private final ServerSocket server;
  private final Queue<FakeAnswer> planned = new ConcurrentLinkedQueue<>();
  private final List<SentRequest> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile Function<SentRequest, FakeAnswer> otherwise = ProviderShape::to;
  private volatile boolean closed;

  private FakeProvider(ServerSocket server) {
    this.server = server;
  }

  /** Starts one. */
  public static FakeProvider start() {
    try {
      FakeProvider provider =
          new FakeProvider(new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress()));
      run("fake provider", provider::accept);
      return provider;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address, without a path: {@code http://127.0.0.1:..}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Answers the next requests with these, one each, before it answers by itself again. */
  public FakeProvider answering(FakeAnswer... answers) {
    planned.addAll(Arrays.asList(answers));
    return this;
  }

  /** Answers what is not planned with what {@code answer} says. */
  public FakeProvider answeringAll(Function<SentRequest, FakeAnswer> answer) {
    otherwise = answer;
    return this;
  }

  /** The requests that came, in the order in which they were whole. */
  public List<SentRequest> requests() {
    return List.copyOf(requests);
  }

  /** How many requests came. */
  public int count() {
    return requests.size();
  }

  /** Breaks all connections off, and takes no more. */
  @Override
  public void close() {
    closed = true;
    quietly(server);
    connections.forEach(FakeProvider::quietly);
  }

  private void accept() {
    while (!closed) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        run("fake provider's connection", () -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
      Wire wire = new Wire(in, connection.getOutputStream());
      for (SentRequest request = wire.read(); request != null; request = wire.read()) {
        requests.add(request);
        FakeAnswer next = planned.poll();
        FakeAnswer answer = next == null ? otherwise.apply(request) : next;
        if (!wire.write(answer, request)) {
          return;
        }
      }
    } catch (IOException e) {
      // the client has gone, or this was closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void quietly(@Nullable AutoCloseable open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (Exception e) {
      // it is closed
    }
  }
}
