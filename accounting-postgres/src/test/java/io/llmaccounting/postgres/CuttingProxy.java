package io.llmaccounting.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Sits between driver and server and cuts a connection in the middle of its next COMMIT. */
final class CuttingProxy implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;
  private static final String COMMIT = "COMMIT";

  /** Where a connection breaks. */
  enum Cut {
    NEVER,
    /** The server never hears of the COMMIT. */
    BEFORE_SERVER,
    /** The server may commit, the driver never hears of it. */
    AFTER_SERVER
  }

  private final ServerSocket door;
  private final int serverPort;
  private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NEVER);
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile CountDownLatch answers = new CountDownLatch(0);

  private CuttingProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::letIn);
  }

  static CuttingProxy before(int serverPort) throws IOException {
    return new CuttingProxy(serverPort);
  }

  int port() {
    return door.getLocalPort();
  }

  void cutNext(Cut where) {
    next.set(where);
  }

  /** Keeps what the server answers until the latch is open. */
  void keepAnswersUntil(CountDownLatch opened) {
    answers = opened;
  }

  int cuts() {
    return cuts.get();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void letIn() {
    try {
      while (true) {
        Socket driver = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        Line line = new Line(driver, server);
        start(() -> line.pump(driver, server, true));
        start(() -> line.pump(server, driver, false));
      }
    } catch (IOException e) {
      // The door was closed: nobody else is let in.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }

  private final class Line {
    private final Socket driver;
    private final Socket server;
    private volatile boolean mute;

    private Line(Socket driver, Socket server) {
      this.driver = driver;
      this.server = server;
    }

    private void pump(Socket from, Socket to, boolean towardsServer) {
      byte[] chunk = new byte[CHUNK];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          if (!towardsServer) {
            answers.await();
          }
          if (!(towardsServer && cuts(chunk, read, out)) && !mute) {
            out.write(chunk, 0, read);
            out.flush();
          } else if (!towardsServer) {
            hangUp(); // The server has answered what the driver will never know.
          }
        }
      } catch (IOException | InterruptedException e) {
        // One side hung up; so does the other.
      }
      hangUp();
    }

    private boolean cuts(byte[] chunk, int length, OutputStream out) throws IOException {
      boolean isCommit = new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains(COMMIT);
      Cut cut = isCommit ? next.getAndSet(Cut.NEVER) : Cut.NEVER;
      if (cut == Cut.NEVER) {
        return false;
      }
      cuts.incrementAndGet();
      if (cut == Cut.BEFORE_SERVER) {
        hangUp();
      } else {
        mute = true;
        out.write(chunk, 0, length);
        out.flush();
      }
      return true;
    }

    private void hangUp() {
      try {
        driver.close();
        server.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
